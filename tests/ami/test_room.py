"""Who is sent where so that a listener and a helper speak, and the caller may join them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields
from router.ami.room import Rooms
from router.core.commands import BringCallerIn, StartConsult, TellListener
from router.core.events import AnyEvent, ConsultStarted, TalkStarted
from tests.ami.words import ACCEPTED_BRIDGE, CALL, OFFER, ROOM_BRIDGE, TALK_BRIDGE, put_in

HELPER = "dcr-0a1b2c3d-2"
CONSULT = StartConsult(CALL, OFFER, HELPER)
BRING_IN = BringCallerIn(CALL, OFFER)


class Desk:
    """The rooms, what they sent, and what they told."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
        for leg in (OFFER, HELPER):
            self.mirror.offer(leg).call = CALL
        self.mirror.end_resync()
        self.sent: list[tuple[str, Fields]] = []
        self.told: list[AnyEvent] = []
        self.rooms = Rooms(self.mirror, self._send, self.told.append)

    def _send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        assert if_refused is None
        self.sent.append((action, fields))

    def do(self, command: StartConsult | BringCallerIn | TellListener) -> list[tuple[str, Fields]]:
        """Carry a command out, and give what it sends."""
        self.sent.clear()
        self.rooms.carry_out(command)
        return list(self.sent)

    def are(self, bridge: str, *legs: str) -> None:
        for leg in legs:
            put_in(self.mirror, leg, bridge)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def to_room(leg: str) -> dict[str, str]:
    return {"Channel": leg, "Context": "decroche-senior", "Exten": "room", "Priority": "1"}


def caller_to(exten: str) -> dict[str, str]:
    return {"Channel": CALL, "Context": "decroche-senior", "Exten": exten, "Priority": "1"}


def both(exten: str) -> dict[str, str]:
    extra = {f"Extra{name}": value for name, value in caller_to(exten).items()}
    return {**to_room(OFFER), **extra}


def test_two_who_talk_are_parted_by_one_action_and_the_helper_follows_the_listener(
    desk: Desk,
) -> None:
    desk.are(TALK_BRIDGE, CALL, OFFER)
    desk.are(ACCEPTED_BRIDGE, HELPER)
    assert desk.do(CONSULT) == [("Redirect", both("consult")), ("Redirect", to_room(HELPER))]
    assert desk.told == []


def test_a_caller_who_is_in_the_room_leaves_it_alone_for_another_consult(desk: Desk) -> None:
    desk.are(ROOM_BRIDGE, CALL, OFFER)
    desk.are(ACCEPTED_BRIDGE, HELPER)
    assert desk.do(CONSULT) == [("Redirect", caller_to("consult")), ("Redirect", to_room(HELPER))]


def test_a_caller_ordered_out_of_the_room_is_not_taken_for_one_who_hears_the_two(
    desk: Desk,
) -> None:
    desk.are(ROOM_BRIDGE, CALL, OFFER)
    desk.do(CONSULT)
    desk.are(ROOM_BRIDGE, HELPER)
    assert desk.mirror.couple_of(HELPER) is None
    assert desk.mirror.pair_of(HELPER) == (OFFER, HELPER)


def test_a_consult_that_goes_on_already_is_told_and_not_begun_anew(desk: Desk) -> None:
    desk.are(ROOM_BRIDGE, OFFER, HELPER)
    assert desk.do(CONSULT) == []
    assert desk.told == [ConsultStarted(OFFER, HELPER)]


def test_a_caller_is_brought_to_those_in_the_room(desk: Desk) -> None:
    desk.are(ROOM_BRIDGE, OFFER, HELPER)
    assert desk.do(BRING_IN) == [("Redirect", caller_to("together"))]


def test_a_listener_who_is_not_in_the_room_is_sent_there_along_with_the_caller(
    desk: Desk,
) -> None:
    assert desk.do(BRING_IN) == [("Redirect", both("together"))]


def test_a_caller_who_is_with_the_listener_already_is_told_of(desk: Desk) -> None:
    desk.are(ROOM_BRIDGE, CALL, OFFER)
    assert desk.do(BRING_IN) == []
    assert desk.told == [TalkStarted(CALL, OFFER)]


def test_who_was_sent_to_the_room_is_taken_out_of_it_once_and_who_was_not_is_left(
    desk: Desk,
) -> None:
    desk.do(CONSULT)
    desk.sent.clear()
    for _ in range(2):
        desk.rooms.dismiss(HELPER)
    desk.rooms.dismiss("dcr-0a1b2c3d-9")
    over = {"Context": "decroche-offer", "Exten": "over", "Priority": "1"}
    assert desk.sent == [("Redirect", {"Channel": HELPER, **over})]


def test_a_leg_that_is_gone_is_not_believed_in_anew(desk: Desk) -> None:
    desk.mirror.hang_up(HELPER)
    desk.do(CONSULT)
    assert HELPER not in desk.mirror.offers


@pytest.mark.parametrize("words", ["sought", "nobody"])
def test_a_listener_is_told_by_a_line_that_ends_in_their_ear(desk: Desk, words: str) -> None:
    ((action, fields),) = desk.do(TellListener(OFFER, words))  # type: ignore[arg-type]  # a row
    assert action == "Originate"
    assert fields["Channel"] == "Local/s@decroche-whisper/n"
    assert (fields["Context"], fields["Exten"]) == ("decroche-whisper", words)
    assert fields["Variable"] == [f"DECROCHE_TO={OFFER}"]
    assert "ChannelId" not in fields
