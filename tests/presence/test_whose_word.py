"""Of phone, shift and app the last to speak counts, in whatever order the daemon hears them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

import pytest

from router.core.events import (
    AnyEvent,
    ListenerCameOn,
    ListenerPaused,
    ListenerWentOff,
    TimeReached,
)
from router.core.machine import EventRefused
from router.presence.book import AHEAD_SECONDS, last_words
from tests.core.drive import Desk, rules
from tests.presence.app import App
from tests.presence.broker import Broker
from tests.presence.rig import Rig


def heard(*words: AnyEvent) -> Desk:
    """Give an engine that hears these words at the same moment, three minutes after its begin."""
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.wait(180.0)
    for word in words:
        with contextlib.suppress(EventRefused):
            desk.tell(word)
    return desk


BEGUN = Desk(rules()).now + 60.0
"""When the shift has begun, while the daemon was down."""

CAME_ON = ListenerCameOn("ana", BEGUN)
OFF = ListenerWentOff("ana", BEGUN + 30.0)


@pytest.mark.parametrize("words", [(OFF, CAME_ON), (CAME_ON, OFF)])
def test_off_that_was_said_after_the_shift_began_counts_whichever_is_heard_first(
    words: tuple[AnyEvent, ...],
) -> None:
    desk = heard(*words)
    assert desk.engine.state.listeners["ana"].duty == "off"
    assert last_words(desk.engine.state) == {"ana": OFF.said_at}


@pytest.mark.parametrize("before", [BEGUN - 1.0, BEGUN - 30.0])
def test_off_that_was_said_before_the_shift_began_does_not_count(before: float) -> None:
    desk = heard(CAME_ON, ListenerWentOff("ana", before))
    assert desk.engine.state.listeners["ana"].duty == "on"


def test_what_is_refused_as_outdated_changes_nothing() -> None:
    desk = heard(OFF)
    before = desk.engine.snapshot()
    with pytest.raises(EventRefused, match="later word"):
        desk.tell(CAME_ON)
    assert desk.engine.snapshot() == before


def test_a_word_by_phone_is_of_the_moment_at_which_it_is_heard() -> None:
    desk = heard(ListenerCameOn("ana"), ListenerPaused("ana"), CAME_ON, OFF)
    assert desk.engine.state.listeners["ana"].duty == "paused"


def test_an_app_whose_clock_is_ahead_does_not_outrank_what_is_said_after_it() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.tell(ListenerCameOn("ana", desk.now + AHEAD_SECONDS))
    desk.wait(1.0)
    desk.tell(ListenerWentOff("ana", desk.now))
    assert desk.engine.state.listeners["ana"].duty == "off"


def test_words_are_in_order_though_the_clock_was_set_back_meanwhile() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.wait(7_200.0)
    desk.tell(ListenerCameOn("ana"))
    desk.now -= 3_600.0
    desk.tell(TimeReached())
    desk.wait(90.0)
    desk.tell(ListenerPaused("ana", desk.now - 60.0))
    desk.tell(ListenerWentOff("ana", desk.now - 30.0))
    assert desk.engine.state.listeners["ana"].duty == "off"
    assert last_words(desk.engine.state) == {"ana": desk.now - 30.0}


@pytest.mark.slow
def test_a_word_that_the_daemon_has_heard_in_an_earlier_life_is_no_news(
    broker: Broker, rig: Callable[[], Rig]
) -> None:
    async def scene() -> None:
        site = rig()
        async with App(broker, "anne") as anne, App(broker, "bruno") as bruno:
            site.step(ListenerWentOff("anne"))
            await anne.say_state("ready", site.engine.state.now - 1)
            await bruno.say_state("ready", site.engine.state.now + 0.1)
            async with site:
                await site.until(lambda: site.duty("bruno") == "on")
                await site.until(lambda: site.refused("outdated"))
                assert site.duty("anne") == "off"

    asyncio.run(scene())


@pytest.mark.slow
@pytest.mark.parametrize("heard_first", ["shift", "app"])
def test_an_app_that_said_off_in_a_tunnel_is_heard_before_or_after_the_shift_is_told(
    broker: Broker, rig: Callable[[], Rig], heard_first: str
) -> None:
    async def scene() -> None:
        begun = time.time() - 180.0
        shift, off = ListenerCameOn("anne", begun), ListenerWentOff("anne", begun + 60.0)
        async with rig() as site, App(broker, "anne") as anne:
            if heard_first == "shift":
                site.tell(shift)
            await anne.say_state("off", begun + 60.0)
            await site.until(lambda: site.told[-1:] == [off])
            if heard_first == "app":
                site.tell(shift)
            assert site.duty("anne") == "off"
            await anne.until_all_is_told()
            assert not anne.told("refused")

    asyncio.run(scene())
