from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff
from router.runtime.rota import Rota, on_duty_before
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


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at.timestamp()


def rota(told: list[AnyEvent], clock: Clock, on_duty: Iterable[str] = ()) -> Rota:
    return Rota(SHIFTS, on_duty=on_duty, tell=told.append, clock=clock)


def test_at_the_start_those_on_duty_are_told() -> None:
    told: list[AnyEvent] = []
    rota(told, Clock(NOON)).tell_changes()
    assert told == [ListenerCameOn("anne"), ListenerCameOn("chloe")]


def test_at_a_change_of_shift_the_next_one_comes_on_before_the_other_goes() -> None:
    told: list[AnyEvent] = []
    clock = Clock(NOON)
    one = rota(told, clock)
    one.tell_changes()
    told.clear()
    clock.at += timedelta(hours=5)
    one.tell_changes()
    assert told == [ListenerCameOn("bruno"), ListenerWentOff("anne")]


def test_within_a_shift_nothing_is_told_so_that_a_pause_is_kept_over_a_restart() -> None:
    told: list[AnyEvent] = []
    before = on_duty_before(SHIFTS, (NOON - timedelta(hours=1)).timestamp(), HOURS)
    rota(told, Clock(NOON), before).tell_changes()
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


def test_who_is_newly_listed_comes_on_though_the_shift_began_before() -> None:
    before = on_duty_before(SHIFTS, NOON.timestamp(), ["chloe"])
    told: list[AnyEvent] = []
    rota(told, Clock(NOON), before).tell_changes()
    assert told == [ListenerCameOn("anne")]


def test_other_shifts_hold_at_once_and_who_is_listed_no_more_is_not_told_of() -> None:
    told: list[AnyEvent] = []
    one = rota(told, Clock(NOON))
    one.tell_changes()
    told.clear()
    one.take(Shifts({"bruno": AT_ALL_HOURS, "chloe": NO_HOURS, "denis": NO_HOURS}, CALENDAR))
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
        before = on_duty_before(SHIFTS, NOON.timestamp(), HOURS)
        running = asyncio.create_task(Rota(SHIFTS, on_duty=before, tell=tell, clock=evening).run())
        await asyncio.wait_for(seen.wait(), 5)
        running.cancel()

    asyncio.run(scene())
    assert told == [ListenerCameOn("bruno"), ListenerWentOff("anne")]
