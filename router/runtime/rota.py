"""Listeners coming on and going off by the clock of their shifts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff
from router.schedule import Shifts

LONGEST_SLEEP_SECONDS = 60.0
"""The wall clock may be set meanwhile, and nobody shall come on an hour late for it."""


class Rota:
    """Tells each change of shift as it comes, and nothing within a shift: a pause is kept.

    `on_duty` are those who have been told of as on duty before, in an earlier life of the daemon.
    """

    def __init__(
        self,
        shifts: Shifts,
        *,
        on_duty: Iterable[str],
        tell: Callable[[AnyEvent], None],
        clock: Callable[[], float],
    ) -> None:
        self._shifts = shifts
        self._on_duty = tuple(on_duty)
        self._tell = tell
        self._clock = clock

    def take(self, shifts: Shifts) -> None:
        """Go by other shifts from now on. Who is in none of them any more is not told of."""
        self._shifts = shifts
        self._on_duty = tuple(name for name in self._on_duty if name in shifts.names)
        self.tell_changes()

    def tell_changes(self) -> None:
        """Tell who has come on and who has gone off, the first before the second."""
        was_on, is_on = self._on_duty, self._shifts.on_at(self._now())
        for name in is_on:
            if name not in was_on:
                self._tell(ListenerCameOn(name))
        for name in was_on:
            if name not in is_on:
                self._tell(ListenerWentOff(name))
        self._on_duty = is_on

    async def run(self) -> None:
        """Tell every change for ever."""
        while True:
            self.tell_changes()
            now = self._now()
            following = self._shifts.next_change(now)
            ahead = (following - now).total_seconds() if following else LONGEST_SLEEP_SECONDS
            await asyncio.sleep(min(max(ahead, 0.01), LONGEST_SLEEP_SECONDS))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def on_duty_before(shifts: Shifts, at: float, known: Iterable[str]) -> tuple[str, ...]:
    """Give those of the `known` listeners whose shift it was at an epoch second."""
    names = set(known)
    on = shifts.on_at(datetime.fromtimestamp(at, UTC))
    return tuple(name for name in on if name in names)
