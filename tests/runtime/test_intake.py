"""What the loop takes in: a new link, a look at what is gone, a lost link."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from router.ami.act import Actor, Phones
from router.ami.errors import ActionTimedOut, LinkDown
from router.ami.link import AmiLink
from router.ami.menu import MenuDesk
from router.ami.message import Message
from router.ami.mirror import Mirror
from router.ami.pending import Fields
from router.ami.translate import Translator
from router.ami.wake import WakeDesk
from router.core.events import AnyEvent, CallerHungUp, ListenerCameOn, PbxLost, PbxResynced
from router.observe.metrics import Metrics
from router.runtime.inbox import Inbox, LegsListed, LinkUp
from router.runtime.intake import Intake
from tests.ami.fake_link import FakeLink
from tests.ami.words import CALL, SEAL, channel, message, response, say

TURN_SECONDS = 10.0
"""A turn takes microseconds; on two busy cores this must still be enough."""

NOBODY_RINGS = Phones(endpoints={}, caller_ids={})


def answer(fields: Fields) -> Message:
    """Show a caller's pass, and say yes to everything else."""
    return response("Success", Value="health/1.0" if "Channel" in fields else "")


def link_with(*legs: str) -> FakeLink:
    """Make a link to an Asterisk that holds these callers' legs."""
    link = FakeLink()
    link.answer_to = answer
    link.lists = {"CoreShowChannels": [channel(leg) for leg in legs], "BridgeList": []}
    return link


class Desk:
    """An intake with all that is beside it, and no loop: a test turns it by hand."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.mirror = Mirror()
        self.actor = Actor(self.mirror, NOBODY_RINGS, self.inbox.put)
        self.intake = Intake(
            inbox=self.inbox,
            mirror=self.mirror,
            translator=Translator(self.mirror, SEAL, lambda _: None),
            menu=MenuDesk(SEAL, lambda _pin, _kept: False),
            wake_desk=WakeDesk(SEAL, self.actor.wake_calls),
            actor=self.actor,
            hash_caller=lambda _: None,
            metrics=Metrics(),
            clock=lambda: 1_700_000_000.0,
        )

    def begin(self, link: FakeLink) -> None:
        """Let a link come up; Asterisk is asked what it holds."""
        assert self.intake.events_of(LinkUp(cast("AmiLink", link))) == []

    async def turn(self) -> list[AnyEvent]:
        """Wait until something has come, and give the events that it means."""
        await asyncio.wait_for(self.inbox.wait(), TURN_SECONDS)
        return [event for item in self.inbox.take(100) for event in self.intake.events_of(item)]

    async def up(self, link: FakeLink) -> None:
        """Let a link come up, to the end of its resync."""
        self.begin(link)
        (told,) = await self.turn()
        assert isinstance(told, PbxResynced)

    async def check(self) -> list[AnyEvent]:
        """Look whether a leg is gone, to the end."""
        self.intake.check()
        return await self.turn()


Scene = Callable[[Desk], Coroutine[Any, Any, None]]


def play(scene: Scene) -> None:
    async def with_desk() -> None:
        desk = Desk()
        try:
            await scene(desk)
        finally:
            desk.intake.close()

    asyncio.run(with_desk())


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


def test_nothing_is_looked_for_before_the_resync() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        desk.intake.check()
        desk.begin(link)
        desk.intake.check()
        assert [type(event) for event in await desk.turn()] == [PbxResynced]
        assert link.listed == ["CoreShowChannels", "BridgeList"]

    play(scene)


def test_one_look_at_a_time() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        await desk.up(link)
        link.listed.clear()
        desk.intake.check()
        desk.intake.check()
        assert await desk.turn() == []
        assert link.listed == ["CoreShowChannels"]
        await desk.check()
        assert link.listed == ["CoreShowChannels"] * 2

    play(scene)


def test_a_caller_who_is_gone_without_a_word_is_told_after_a_second_look_soon() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        await desk.up(link)
        link.lists["CoreShowChannels"] = []
        assert not desk.intake.doubtful
        assert await desk.check() == []
        assert desk.intake.doubtful
        assert await desk.check() == [CallerHungUp(CALL)]
        assert not desk.intake.doubtful
        assert await desk.check() == []

    play(scene)


def test_a_caller_who_arrives_while_asterisk_answers_is_not_suspected() -> None:
    async def scene(desk: Desk) -> None:
        await desk.up(link_with())
        desk.intake.check()
        assert len(desk.intake.events_of(say("arrived"))) == 1
        assert await desk.turn() == []
        assert (desk.mirror.legs(), desk.intake.doubtful) == ([CALL], False)

    play(scene)


def test_a_look_that_fails_ends_no_link_and_is_done_again_soon() -> None:
    async def scene(desk: Desk) -> None:
        link = link_with(CALL)
        await desk.up(link)
        link.lists["CoreShowChannels"] = ActionTimedOut("no answer within 5 s")
        assert await desk.check() == []
        assert (link.given_up, desk.mirror.legs()) == ([], [CALL])
        assert desk.intake.doubtful
        link.lists["CoreShowChannels"] = [channel(CALL)]
        assert await desk.check() == []
        assert not desk.intake.doubtful

    play(scene)


def test_a_refusal_is_doubted_until_the_next_look() -> None:
    async def scene(desk: Desk) -> None:
        await desk.up(link_with(CALL))
        desk.actor.doubts = True
        assert desk.intake.doubtful
        await desk.check()
        assert not desk.intake.doubtful

    play(scene)


def test_a_refusal_during_a_look_is_doubted_after_it() -> None:
    async def scene(desk: Desk) -> None:
        await desk.up(link_with(CALL))
        desk.intake.check()
        desk.actor.doubts = True
        await desk.turn()
        assert desk.intake.doubtful

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


def test_a_look_that_a_lost_link_cut_short_changes_nothing_on_the_next() -> None:
    async def scene(desk: Desk) -> None:
        await desk.up(link_with(CALL))
        desk.intake.check()
        desk.intake.events_of(PbxLost())
        desk.begin(link_with(CALL))
        told: list[AnyEvent] = []
        while not told:
            told = await desk.turn()
        assert [type(event) for event in told] == [PbxResynced]
        assert (desk.mirror.legs(), desk.intake.doubtful) == ([CALL], False)
        assert await desk.check() == []

    play(scene)
