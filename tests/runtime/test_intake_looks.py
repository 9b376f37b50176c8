"""Looking whether Asterisk still holds what we believe."""

from __future__ import annotations

from router.ami.errors import ActionTimedOut
from router.core.events import AnyEvent, CallerHungUp, PbxLost, PbxResynced
from tests.ami.words import CALL, channel, say
from tests.runtime.intake_desk import Desk, link_with, play


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
