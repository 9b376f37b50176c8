from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff
from router.runtime.rota import Rota, changes, everybody_on
from router.schedule import ALWAYS, NEVER, Shifts, parse_week

PARIS = ZoneInfo("Europe/Paris")
SHIFTS = Shifts(
    {
        "anne": parse_week(["mon-sun 08:00-16:00"]),
        "bruno": parse_week(["mon-sun 16:00-24:00"]),
        "chloe": ALWAYS,
        "denis": NEVER,
    },
    PARIS,
)
NOON = datetime(2026, 11, 20, 12, tzinfo=PARIS)


def test_at_a_change_of_shift_the_next_one_comes_on_before_the_other_goes() -> None:
    assert changes(SHIFTS, NOON, NOON + timedelta(hours=5)) == [
        ListenerCameOn("bruno"),
        ListenerWentOff("anne"),
    ]


def test_within_a_shift_nothing_is_told_so_that_a_pause_is_kept() -> None:
    assert changes(SHIFTS, NOON, NOON + timedelta(hours=1)) == []


def test_at_the_start_those_on_duty_are_named() -> None:
    assert everybody_on(SHIFTS, NOON.timestamp()) == [
        ListenerCameOn("anne"),
        ListenerCameOn("chloe"),
    ]


def test_what_changed_while_the_daemon_was_away_is_told_at_once() -> None:
    told: list[AnyEvent] = []

    async def scene() -> None:
        seen = asyncio.Event()

        def tell(event: AnyEvent) -> None:
            told.append(event)
            if len(told) == 2:
                seen.set()

        evening = NOON + timedelta(hours=6)
        rota = Rota(SHIFTS, tell, lambda: evening.astimezone(UTC).timestamp())
        running = asyncio.create_task(rota.run(NOON.timestamp()))
        await asyncio.wait_for(seen.wait(), 5)
        running.cancel()

    asyncio.run(scene())
    assert told == [ListenerCameOn("bruno"), ListenerWentOff("anne")]
