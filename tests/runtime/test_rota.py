from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff
from router.core.floor import State
from router.core.listener import ListenerState
from router.runtime.rota import Rota, Told, told_before
from router.runtime.shift_book import ShiftBook
from router.schedule import AT_ALL_HOURS, NO_HOURS, Calendar, Shifts, parse_hours

PARIS = ZoneInfo("Europe/Paris")
HOURS = {
    "anne": parse_hours(["mon-sun 08:00-16:00"]),
    "bruno": parse_hours(["mon-sun 16:00-24:00"]),
    "chloe": AT_ALL_HOURS,
    "denis": NO_HOURS,
}
CALENDAR = Calendar(PARIS)
SHIFTS = Shifts(HOURS, CALENDAR)
NOON = datetime(2026, 11, 20, 12, tzinfo=PARIS)
NOTHING = Told(frozenset(), 0.0)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at.timestamp()


def rota(told: list[AnyEvent], clock: Clock, before: Told = NOTHING) -> Rota:
    return Rota(SHIFTS, told=before, tell=told.append, clock=clock, note=nobody_notes)


def nobody_notes(_on_duty: tuple[str, ...], _now: float) -> None:
    pass


def told_until(
    at: datetime, names: Iterable[str] = HOURS, on_duty: tuple[str, ...] | None = None
) -> Told:
    return Told(frozenset(names), at.timestamp(), on_duty)


def at(hour: int) -> float:
    """Give an hour of that day."""
    return NOON.replace(hour=hour).timestamp()


def test_at_the_start_those_on_duty_are_told_since_when_they_are() -> None:
    told: list[AnyEvent] = []
    rota(told, Clock(NOON)).tell_changes()
    # What a listener has said longer ago than half a day is not believed in any case.
    assert told == [ListenerCameOn("anne", at(8)), ListenerCameOn("chloe", at(0))]


def test_at_a_change_of_shift_the_next_one_comes_on_before_the_other_goes() -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON)
    one = rota(told, clock)
    one.tell_changes()
    told.clear()
    clock.at += timedelta(hours=5)
    one.tell_changes()
    assert told == [ListenerCameOn("bruno", at(16)), ListenerWentOff("anne", at(16))]


def test_a_change_that_is_told_as_it_comes_is_dated_to_the_second() -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON.replace(hour=15, minute=59, second=59, microsecond=900_000))
    one = rota(told, clock)
    one.tell_changes()
    told.clear()
    clock.at += timedelta(milliseconds=110)
    one.tell_changes()
    assert told == [ListenerCameOn("bruno", at(16)), ListenerWentOff("anne", at(16))]


def test_within_a_shift_nothing_is_told_so_that_a_pause_is_kept_over_a_restart() -> None:
    told: list[AnyEvent] = []
    rota(told, Clock(NOON), told_until(NOON - timedelta(hours=1))).tell_changes()
    assert told == []


def test_a_clock_that_is_set_back_within_a_shift_undoes_no_pause() -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON)
    one = rota(told, clock)
    one.tell_changes()
    told.clear()
    for _ in range(3):
        clock.at -= timedelta(hours=1)
        one.tell_changes()
    assert told == []


def test_a_clock_that_is_set_back_into_another_shift_has_its_listeners_come_on_now() -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON + timedelta(hours=5))
    one = rota(told, clock)
    one.tell_changes()
    told.clear()
    clock.at = NOON
    one.tell_changes()
    assert told == [ListenerCameOn("anne"), ListenerWentOff("bruno")]


def test_who_is_newly_listed_comes_on_though_the_shift_began_before() -> None:
    told: list[AnyEvent] = []
    rota(told, Clock(NOON), told_until(NOON, ["chloe"])).tell_changes()
    assert told == [ListenerCameOn("anne", at(8))]


def test_who_was_read_from_the_config_as_the_daemon_died_comes_on_with_the_next_one(
    tmp_path: Path,
) -> None:
    listeners = {name: ListenerState(name, {}, "house") for name in ("anne", "chloe")}
    listeners["chloe"].shift.begin(NOON.timestamp())
    before = told_before(State(listeners=listeners, now=NOON.timestamp()), ShiftBook(tmp_path))
    told: list[AnyEvent] = []
    rota(told, Clock(NOON), before).tell_changes()
    assert told == [ListenerCameOn("anne", at(8))]


def test_a_shift_that_began_after_a_clock_was_set_back_is_told_after_a_restart_too(
    tmp_path: Path,
) -> None:
    # The engine's own time, 17:00, has gone on from the clock before; the clock said 15:00.
    listeners = {name: ListenerState(name, {}, "house") for name in HOURS}
    for one in listeners.values():
        one.shift.begin(at(8))
    state = State(listeners=listeners, now=at(17), set_back_seconds=7_200.0)
    before = told_before(state, ShiftBook(tmp_path))
    told: list[AnyEvent] = []
    rota(told, Clock(NOON + timedelta(hours=5)), before).tell_changes()
    assert told == [ListenerCameOn("bruno", at(16)), ListenerWentOff("anne", at(16))]


def test_other_shifts_hold_at_once_and_who_is_listed_no_more_is_not_told_of() -> None:
    told: list[AnyEvent] = []
    one = rota(told, Clock(NOON))
    one.tell_changes()
    told.clear()
    one.take(Shifts({"bruno": AT_ALL_HOURS, "chloe": NO_HOURS, "denis": NO_HOURS}, CALENDAR))
    # They hold since they were read, and not since the hour that they name.
    assert told == [ListenerCameOn("bruno"), ListenerWentOff("chloe")]


def test_what_changed_while_the_daemon_was_away_is_told_as_it_starts() -> None:
    told: list[AnyEvent] = []

    async def scene() -> None:
        seen = asyncio.Event()

        def tell(event: AnyEvent) -> None:
            told.append(event)
            if len(told) == 2:
                seen.set()

        evening = Clock(NOON + timedelta(hours=6))
        late = Rota(SHIFTS, told=told_until(NOON), tell=tell, clock=evening, note=nobody_notes)
        running = asyncio.create_task(late.run())
        await asyncio.wait_for(seen.wait(), 30)
        running.cancel()

    asyncio.run(scene())
    assert told == [ListenerCameOn("bruno", at(16)), ListenerWentOff("anne", at(16))]


def test_what_changed_more_than_half_a_day_ago_is_dated_that_long_ago() -> None:
    told: list[AnyEvent] = []
    next_day = Clock(NOON + timedelta(hours=17))
    rota(told, next_day, told_until(NOON)).tell_changes()
    half_a_day_ago = next_day() - timedelta(hours=12).total_seconds()
    assert told == [ListenerWentOff("anne", half_a_day_ago)]
