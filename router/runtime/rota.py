"""Listeners coming on and going off, and lines opening and closing, by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from router.config import Settings
from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff, PolicyLoaded
from router.schedule import Calendar, Shifts

LONGEST_SLEEP = timedelta(minutes=1)
"""The wall clock may be set meanwhile, and nobody shall come on an hour late for it."""

_SHORTEST_SLEEP = timedelta(milliseconds=10)


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
        was_on, is_on = self._on_duty, self._shifts.on_at(_aware(self._clock()))
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
            await _sleep_to_change(self._shifts, self._clock)


class Openings:
    """Has the engine go by the rules that hold now: these lines are open, and these rungs there.

    The rules go by the wall clock too, so they are told anew when it is changed. A call in progress
    keeps the rules of its line as it came in.
    """

    def __init__(
        self, settings: Settings, *, tell: Callable[[AnyEvent], None], clock: Callable[[], float]
    ) -> None:
        self._settings = settings
        self._hours = settings.openings()
        self._tell = tell
        self._clock = clock
        self._told: tuple[tuple[str, ...], float] | None = None

    def take(self, settings: Settings) -> None:
        """Go by this config from now on, and tell its rules."""
        self._settings = settings
        self._hours = settings.openings()
        self._told = None
        self.tell_changes()

    def tell_changes(self) -> None:
        """Tell the rules, where they have changed since they were told."""
        now = _aware(self._clock())
        opened = self._hours.on_at(now)
        holding = opened, self._settings.calendar().utc_offset_seconds(now)
        if holding != self._told:
            self._told = holding
            self._tell(PolicyLoaded(self._settings.policy(opened, now)))

    async def run(self) -> None:
        """Tell every change for ever."""
        while True:
            self.tell_changes()
            await _sleep_to_change(self._hours, self._clock, self._settings.calendar())


def on_duty_before(shifts: Shifts, at: float, known: Iterable[str]) -> tuple[str, ...]:
    """Give those of the `known` listeners whose shift it was at an epoch second."""
    names = set(known)
    on = shifts.on_at(_aware(at))
    return tuple(name for name in on if name in names)


async def _sleep_to_change(
    shifts: Shifts, clock: Callable[[], float], calendar: Calendar | None = None
) -> None:
    """Sleep until the next change of shift, or of this calendar's wall clock if it counts too."""
    now = _aware(clock())
    following = [shifts.next_change(now, LONGEST_SLEEP)]
    if calendar is not None:
        following.append(calendar.clock_change(now, LONGEST_SLEEP))
    ahead = min((at - now for at in following if at is not None), default=LONGEST_SLEEP)
    await asyncio.sleep(max(ahead, _SHORTEST_SLEEP).total_seconds())


def _aware(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
