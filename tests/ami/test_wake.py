from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from router.ami.act import Actor, Phones
from router.ami.link import AmiLink
from router.ami.menu import MenuVerdict
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.parse import BadMessage
from router.ami.pending import Fields
from router.ami.wake import WakeCalls, WakeDesk, is_wake
from router.core.commands import DismissListener, RingListener
from router.core.events import AnyEvent, ListenerCameOn, ListenerPaused, OfferFailed
from router.core.offers import OFFER_PREFIX
from tests.ami.fake_link import FakeLink
from tests.ami.words import CALL, OFFER, SEAL, message

SOON_SECONDS = 30.0
RING_ANNE = RingListener(OFFER, CALL, "anne", "health", False, 20.0, 0.0)  # noqa: FBT003 -- as told
RING_BOB = RingListener("dcr-2", CALL, "bob", "health", False, 20.0, 0.0)  # noqa: FBT003 -- as told


class Desk:
    """Anne's phone, rung to wake her, and what is sent to Asterisk."""

    def __init__(self, phone_frees_seconds: float = 0.01) -> None:
        self.sent: list[tuple[str, Fields]] = []
        self.rung = asyncio.Queue[RingListener]()
        self.calls = WakeCalls(
            self._send, self.rung.put_nowait, phone_frees_seconds=phone_frees_seconds
        )
        self.desk = WakeDesk(SEAL, self.calls)
        self.calls.place("anne", "PJSIP/anne", "health", "0805232336")
        self.leg = str(self.sent[0][1]["ChannelId"])

    def keyed(self, choice: str = "ready", **changed: str) -> Message:
        headers = {"Wake": self.leg, "Token": SEAL.token(self.leg), "Choice": choice}
        return message("UserEvent", {"UserEvent": "DecrocheWake", **headers, **changed})

    def _send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        assert if_refused is None
        self.sent.append((action, fields))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_listener_who_is_to_be_ready_is_rung_in_a_context_of_its_own(desk: Desk) -> None:
    ((action, fields),) = desk.sent
    assert action == "Originate"
    assert (fields["Channel"], fields["Context"]) == ("PJSIP/anne", "decroche-wake")
    assert fields["Variable"] == ["DECROCHE_LINE=health"]
    assert fields["ChannelId"] == fields["ActionID"]


def test_a_leg_that_wakes_is_never_taken_for_an_offer(desk: Desk) -> None:
    assert is_wake(desk.leg)
    assert not desk.leg.startswith(OFFER_PREFIX)
    assert not is_wake(OFFER)


@pytest.mark.parametrize(
    ("choice", "event", "answer"),
    [("ready", ListenerCameOn("anne"), "ready"), ("pause", ListenerPaused("anne"), "paused")],
)
def test_what_is_keyed_is_an_event_and_is_answered_where_it_was_keyed(
    desk: Desk, choice: str, event: AnyEvent, answer: str
) -> None:
    verdict = MenuVerdict(desk.leg, event, answer, "decroche-wake")
    assert desk.desk.read(desk.keyed(choice)) == verdict


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Token": ""}, "wrong_token"),
        ({"Token": SEAL.token("another")}, "wrong_token"),
        ({"Wake": ""}, "bad_id"),
        ({"Choice": "off"}, "bad_choice"),
    ],
)
def test_what_cannot_be_true_changes_nothing(
    desk: Desk, changed: dict[str, str], reason: str
) -> None:
    word = desk.keyed()
    word = message("UserEvent", {**_headers(word), **changed})
    with pytest.raises(BadMessage) as bad:
        desk.desk.read(word)
    assert bad.value.reason == reason


@pytest.mark.parametrize(
    "end",
    [
        lambda leg: message("Hangup", {"Uniqueid": leg, "Cause": "16"}),
        lambda leg: message("OriginateResponse", {"ActionID": leg, "Response": "Failure"}),
    ],
    ids=["hung up", "never placed"],
)
def test_a_call_rings_at_once_where_the_phone_that_was_woken_is_free_again(
    desk: Desk, end: Callable[[str], Message]
) -> None:
    assert desk.desk.read(end(desk.leg)) is None
    assert not desk.calls.make_way(RING_ANNE)
    assert desk.desk.read(desk.keyed()) is None


def test_a_call_for_somebody_else_rings_at_once(desk: Desk) -> None:
    assert not desk.calls.make_way(RING_BOB)


def test_a_call_has_the_phone_and_rings_once_it_is_free() -> None:
    async def scene() -> None:
        desk = Desk()
        assert desk.calls.make_way(RING_ANNE)
        assert desk.sent[1:] == [("Hangup", {"Channel": desk.leg})]
        assert desk.rung.empty()
        assert await asyncio.wait_for(desk.rung.get(), SOON_SECONDS) == RING_ANNE
        assert not desk.calls.withdraw(OFFER)
        assert desk.desk.read(desk.keyed()) is None

    asyncio.run(scene())


@pytest.mark.parametrize("forget", ["withdraw", "link lost"])
def test_a_call_that_is_over_before_the_phone_is_free_rings_nobody(forget: str) -> None:
    async def scene() -> None:
        desk = Desk()
        assert desk.calls.make_way(RING_ANNE)
        if forget == "withdraw":
            assert desk.calls.withdraw(OFFER)
        else:
            desk.calls.forget_all()
        later = Desk()
        assert later.calls.make_way(RING_ANNE)
        await asyncio.wait_for(later.rung.get(), SOON_SECONDS)
        assert desk.rung.empty()

    asyncio.run(scene())


def test_an_offer_that_is_withdrawn_before_its_phone_is_free_has_ended() -> None:
    async def scene() -> None:
        link, told = FakeLink(), list[AnyEvent]()
        actor = Actor(Mirror(), Phones({"anne": "PJSIP/anne"}, {}), told.append)
        actor.use(cast("AmiLink", link))
        actor.wake_calls.place("anne", "PJSIP/anne", "health", "0805232336")
        actor.carry_out(RING_ANNE)
        actor.carry_out(DismissListener(OFFER, "caller_left"))
        assert [one.action for one in link.sent] == ["Originate", "Hangup"]
        assert told == [OfferFailed(OFFER, "refused")]

    asyncio.run(scene())


def test_what_a_link_before_this_one_has_left_ringing_is_hung_up(desk: Desk) -> None:
    desk.calls.hang_up_all([CALL, OFFER, "dcw-of-before"])
    assert desk.sent[1:] == [("Hangup", {"Channel": "dcw-of-before"})]


def _headers(word: Message) -> dict[str, str]:
    return {name: word.get(name) for name in ("UserEvent", "Wake", "Token", "Choice")}
