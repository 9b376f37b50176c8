"""A store that comes back only after the start: listeners' own words count again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from router.config import Settings
from router.core.engine import Engine
from router.core.events import (
    AnyEvent,
    EngineStarted,
    ListenerCameOn,
    ListenerPaused,
    ListenerWentOff,
    PolicyLoaded,
)
from router.core.listener import Duty
from router.core.machine import EventRefused
from router.runtime.late_words import LateWords
from router.runtime.rota import Rota, Told
from router.schedule import AT_ALL_HOURS, NO_HOURS, Hours, parse_hours
from router.store.stream import Recovered
from tests.config.trees import Tree
from tests.core.drive import rules

PARIS = ZoneInfo("Europe/Paris")
DAY = parse_hours(["mon-sun 08:00-18:00"])
MORNING = parse_hours(["mon-sun 08:00-11:00"])
STARTED_AT = 12.0

Said = tuple[float, type[ListenerCameOn | ListenerPaused | ListenerWentOff]]
OFF, PAUSED, ON = ListenerWentOff, ListenerPaused, ListenerCameOn


def at(hour: float) -> float:
    """Give an hour of that day; below 0, of the days before."""
    return datetime(2026, 11, 20, tzinfo=PARIS).timestamp() + 3_600.0 * hour


def lived(*said: Said) -> Engine:
    """Give the engine of a daemon by the end of which anne had said these words."""
    engine = Engine()
    engine.step(EngineStarted("boot"), at(-48.0))
    engine.step(PolicyLoaded(rules(listeners={"anne": {}})), at(-48.0))
    for hour, word in said:
        engine.step(word("anne"), at(hour))
    return engine


class Late:
    """A daemon that began at noon, knowing nothing, and has brought on whose shift it was."""

    def __init__(self, folder: Path, hours: Hours) -> None:
        settings = Tree(folder).load()
        anne = replace(settings.listeners["anne"], shifts=hours)
        self.settings: Settings = replace(settings, listeners={"anne": anne})
        self.engine = lived()
        self.told: list[AnyEvent] = []
        Rota(
            self.settings.shifts(),
            told=Told(frozenset(), 0.0),
            tell=self.tell,
            clock=lambda: at(STARTED_AT),
            note=lambda _on_duty, _now: None,
        ).tell_changes()

    def tell(self, event: AnyEvent, hour: float = STARTED_AT) -> None:
        """Have the engine take an event."""
        self.told.append(event)
        with suppress(EventRefused):
            self.engine.step(event, at(hour))

    def duty_with(self, before: Engine) -> Duty:
        """Have it learn what the journal held, and give whether anne is on duty then."""
        self.told.clear()
        words = LateWords(self.engine, lambda: self.settings, self.tell, lambda: at(STARTED_AT))
        asyncio.run(words.take(Recovered(snapshot=before.snapshot())))
        return self.engine.state.listeners["anne"].duty


@pytest.mark.parametrize(
    ("hours", "said", "duty"),
    [
        (DAY, [(8.0, ON), (9.5, OFF)], "off"),
        (DAY, [(8.0, ON), (9.5, PAUSED)], "paused"),
        (DAY, [(8.0, ON), (9.5, OFF), (10.0, ON)], "on"),
        # That was before the shift they are in.
        (DAY, [(-16.0, ON), (-10.0, OFF)], "on"),
        (DAY, [(-16.0, ON), (-10.0, PAUSED)], "on"),
        (AT_ALL_HOURS, [(8.0, ON), (9.5, OFF)], "off"),
        # They came on by their own word, outside of any shift.
        (NO_HOURS, [(9.5, ON)], "on"),
        (MORNING, [(11.5, ON)], "on"),
        # A shift has ended since; or that was so long ago that nobody believes it.
        (MORNING, [(8.0, ON)], "off"),
        (NO_HOURS, [(-14.0, ON)], "off"),
        (NO_HOURS, [(8.0, ON), (9.5, OFF)], "off"),
    ],
)
def test_the_latest_word_counts_as_if_the_store_had_been_there(
    hours: Hours, said: list[Said], duty: Duty, tmp_path: Path
) -> None:
    assert Late(tmp_path, hours).duty_with(lived(*said)) == duty


def test_what_was_said_since_the_start_counts_more(tmp_path: Path) -> None:
    late = Late(tmp_path, DAY)
    late.tell(ListenerCameOn("anne"))
    assert late.duty_with(lived((8.0, ON), (9.5, OFF))) == "on"
    assert late.told == []


def test_who_is_as_they_said_is_told_of_nothing(tmp_path: Path) -> None:
    late = Late(tmp_path, DAY)
    assert late.duty_with(lived((8.0, ON))) == "on"
    assert late.told == []


def test_words_of_a_clock_that_was_set_back_are_dated_by_the_clock(tmp_path: Path) -> None:
    before = lived((8.0, ON))
    # The clock goes back by half an hour, and a word is said at 9:30 by it.
    before.step(ListenerPaused("anne"), at(10.0))
    before.step(ListenerWentOff("anne"), at(9.5))
    late = Late(tmp_path, DAY)
    assert late.duty_with(before) == "off"
    assert late.told == [ListenerWentOff("anne", at(9.5))]


def test_who_is_no_listener_any_more_says_nothing(tmp_path: Path) -> None:
    late, before = Late(tmp_path, DAY), lived((8.0, ON), (9.5, OFF))
    before.state.listeners["gone"] = before.state.listeners.pop("anne")
    assert late.duty_with(before) == "on"


def test_a_journal_that_held_nothing_tells_nothing(tmp_path: Path) -> None:
    late = Late(tmp_path, DAY)
    assert late.duty_with(Engine()) == "on"
    assert late.told == []
