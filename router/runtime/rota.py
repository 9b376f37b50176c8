"""Listeners coming on and going off by the clock of their shifts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff
from router.schedule import Shifts

LONGEST_SLEEP_SECONDS = 60.0
"""The wall clock may be set meanwhile, and nobody shall come on an hour late for it."""


def changes(shifts: Shifts, before: datetime, after: datetime) -> list[AnyEvent]:
    """Give who came on and who went off between two instants."""
    was_on, is_on = set(shifts.on_at(before)), shifts.on_at(after)
    came: list[AnyEvent] = [ListenerCameOn(name) for name in is_on if name not in was_on]
    went: list[AnyEvent] = [
        ListenerWentOff(name) for name in shifts.on_at(before) if name not in set(is_on)
    ]
    return [*came, *went]


def everybody_on(shifts: Shifts, at: float) -> list[ListenerCameOn]:
    """Give those who are on duty at an epoch second."""
    return [ListenerCameOn(name) for name in shifts.on_at(datetime.fromtimestamp(at, UTC))]


class Rota:
    """Tells each change of shift as it comes."""

    def __init__(
        self, shifts: Shifts, tell: Callable[[AnyEvent], None], clock: Callable[[], float]
    ) -> None:
        self.shifts = shifts
        self._tell = tell
        self._clock = clock

    async def run(self, since: float) -> None:
        """Tell what changed since an epoch second, and then every change for ever."""
        told = datetime.fromtimestamp(since, UTC)
        while True:
            now = datetime.fromtimestamp(self._clock(), UTC)
            for event in changes(self.shifts, told, now):
                self._tell(event)
            told = max(told, now)
            following = self.shifts.next_change(now)
            ahead = (following - now).total_seconds() if following else LONGEST_SLEEP_SECONDS
            await asyncio.sleep(min(max(ahead, 0.01), LONGEST_SLEEP_SECONDS))
