"""What the loop takes in: a new link, what is said on it, a lost link."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from router.ami.errors import ActionTimedOut, LinkDown
from router.core.events import ListenerCameOn, PbxLost, PbxResynced
from router.runtime.fence import Fence
from router.runtime.inbox import LegsListed
from tests.ami.fake_link import FakeLink
from tests.ami.words import CALL, SEAL, message, response
from tests.runtime.intake_desk import TURN_SECONDS, Desk, answer, link_with, play


def test_an_older_daemon_can_dial_nothing_more_before_asterisk_is_asked_what_it_holds() -> None:
    fenced_after: list[list[str]] = []

    class Standing:
        async def tend(self, link: FakeLink) -> None:
            fenced_after.append(list(link.listed))

    async def scene(desk: Desk) -> None:
        desk.intake.fence = cast("Fence", Standing())
        await desk.up(link_with(CALL))
        assert fenced_after == [[]]

    play(scene)


def test_a_new_link_is_asked_for_all_and_the_dialplan_hears_the_heart_beat_at_once() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        desk.begin(link)
        (told,) = await desk.turn()
        assert isinstance(told, PbxResynced)
        assert [one.call for one in told.calls] == [CALL]
        assert link.listed == ["CoreShowChannels", "BridgeList"]
        beat = {"Variable": "DECROCHE_BEAT", "Value": "1700000000"}
        assert ("Setvar", beat) in [(sent.action, sent.fields) for sent in link.sent]

    play(scene)


def test_a_link_on_which_asterisk_does_not_list_is_given_up() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        failure = link.lists["CoreShowChannels"] = ActionTimedOut("no answer within 5 s")
        desk.begin(link)
        await asyncio.wait_for(link.is_given_up.wait(), TURN_SECONDS)
        assert link.given_up == [failure]

    play(scene)


def test_a_link_whose_resync_breaks_by_an_error_of_ours_is_given_up_too() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        del link.lists["CoreShowChannels"]
        desk.begin(link)
        await asyncio.wait_for(link.is_given_up.wait(), TURN_SECONDS)
        assert [type(reason) for reason in link.given_up] == [LinkDown]

    play(scene)


def test_a_link_on_which_messages_were_lost_is_given_up() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        desk.intake.begin_anew()
        await desk.up(link)
        assert link.given_up == []
        desk.intake.begin_anew()
        assert [type(reason) for reason in link.given_up] == [LinkDown]

    play(scene)


@pytest.mark.parametrize("next_link", [False, True])
def test_the_listing_of_a_link_that_is_lost_is_not_believed(next_link: bool) -> None:  # noqa: FBT001  a row
    async def scene(desk: Desk) -> None:
        lost = link_with()
        desk.begin(lost)
        await asyncio.wait_for(desk.inbox.wait(), TURN_SECONDS)
        (listed,) = desk.inbox.take(10)
        assert isinstance(listed, LegsListed)
        assert desk.intake.events_of(PbxLost()) == [PbxLost()]
        if next_link:
            desk.begin(link_with(CALL))
        assert desk.intake.events_of(listed) == []
        desk.intake.check()
        assert lost.listed == ["CoreShowChannels", "BridgeList"]

    play(scene)


def test_a_phone_left_ringing_to_wake_somebody_is_let_go_by_a_new_link_and_is_no_call() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL, "dcw-1")
        desk.begin(link)
        (told,) = await desk.turn()
        assert isinstance(told, PbxResynced)
        assert ([one.call for one in told.calls], told.offers) == ([CALL], ())
        assert ("Hangup", {"Channel": "dcw-1"}) in [(one.action, one.fields) for one in link.sent]

    play(scene)


def test_what_is_keyed_by_somebody_who_was_woken_comes_back_to_be_answered() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with()
        await desk.up(link)
        desk.actor.wake_calls.place("anne", "PJSIP/anne", "health", "")
        leg = str(link.sent[-1].fields["ChannelId"])
        keyed = {"Wake": leg, "Token": SEAL.token(leg), "Choice": "ready"}
        assert (
            desk.intake.events_of(message("UserEvent", {"UserEvent": "DecrocheWake", **keyed}))
            == []
        )
        assert await desk.turn() == [ListenerCameOn("anne")]

    play(scene)


def test_after_a_lost_link_nothing_is_held_sent_or_looked_for() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        await desk.up(link)
        assert desk.intake.events_of(PbxLost()) == [PbxLost()]
        sent, listed = len(link.sent), len(link.listed)
        desk.intake.check()
        desk.actor.beat(1_700_000_002.0)
        desk.intake.begin_anew()
        assert desk.mirror.legs() == []
        assert (len(link.sent), len(link.listed), link.given_up) == (sent, listed, [])
        following = link_with(CALL)
        desk.begin(following)
        desk.intake.check()
        await desk.turn()
        assert following.listed == ["CoreShowChannels", "BridgeList"]

    play(scene)


def test_at_a_resync_it_is_told_who_has_talked_while_nobody_saw_it() -> None:
    async def scene(desk: Desk) -> None:
        told: list[list[str]] = []
        desk.intake.tell_held = lambda _calls, _since, talked, _: told.append(list(talked))
        link = link_with(CALL)
        link.answer_to = lambda fields: (
            answer(fields) if "Channel" in fields else response("Success", Value="&dcb-p-1-1")
        )
        desk.begin(link)
        (event,) = await desk.turn()
        assert isinstance(event, PbxResynced)
        assert (event.talked, told) == (("dcb-p-1-1",), [["dcb-p-1-1"]])

    play(scene)


@pytest.mark.parametrize(
    ("uptime", "up_since"),
    [("60", 1_699_999_940.0), ("", None), ("-1", None), ("1e9", None), ("9" * 40, None)],
)
def test_at_a_resync_it_is_told_whom_asterisk_holds_and_since_when_it_is_up(
    uptime: str, up_since: float | None
) -> None:
    async def scene(desk: Desk) -> None:
        told: list[tuple[list[str], float | None, list[str]]] = []
        desk.intake.tell_held = lambda calls, since, talked, _: told.append(
            (list(calls), since, list(talked))
        )
        desk.intake.events_of(message("FullyBooted", {"Uptime": uptime}))
        await desk.up(link_with(CALL))
        assert told == [([CALL], up_since, [])]

    play(scene)
