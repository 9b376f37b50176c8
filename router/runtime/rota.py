"""Listeners coming on and going off, and lines opening and closing, by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from router.config import Settings
from router.core.events import AnyEvent, ListenerCameOn, ListenerWentOff, PolicyLoaded
from router.core.floor import State
from router.core.shift import LONGEST_SHIFT_SECONDS
from router.runtime.shift_book import ShiftBook
from router.schedule import Calendar, Shifts

LONGEST_SLEEP = timedelta(minutes=1)
"""The wall clock may be set meanwhile, and nobody shall come on an hour late for it."""

_SHORTEST_SLEEP = timedelta(milliseconds=10)

_ONE_SECOND = 1.0
"""Shifts are told in whole seconds: that which has just begun is told of, too."""


@dataclass(frozen=True)
class Told:
    """Whom an earlier life of the daemon has told of as on duty, and until when it lived."""

    names: frozenset[str]
    until: float
    """Epoch seconds."""
    on_duty: tuple[str, ...] | None = None
    """Those of them who were to be on duty then, by the hours that held; None: that is not known,
    and it is taken that today's held."""


class Rota:
    """Tells each change of shift as it comes, and nothing within a shift: a pause is kept.

    A change is dated, though it be told late: what a listener has said since counts more. One that
    comes of a config, or of a clock that was set, holds from when it is told; of a config that was
    changed with no daemon there, from when the last one was. `note` is told who is on duty by the
    hours, before anybody is told of.
    """

    def __init__(
        self,
        shifts: Shifts,
        *,
        told: Told,
        tell: Callable[[AnyEvent], None],
        clock: Callable[[], float],
        note: Callable[[tuple[str, ...], float], None],
    ) -> None:
        self._shifts = shifts
        self._tell = tell
        self._clock = clock
        self._note = note
        self._noted: tuple[str, ...] | None = None
        self._known = told.names & shifts.names
        self._looked_at = told.until
        on = told.on_duty if told.on_duty is not None else shifts.on_at(_aware(told.until))
        self._on_duty = tuple(name for name in on if name in self._known)

    def take(self, shifts: Shifts) -> None:
        """Go by other shifts from now on. Who is in none of them any more is not told of."""
        self._shifts = shifts
        self._known &= shifts.names
        self._looked_at = now = self._clock()
        self._on_duty = tuple(name for name in self._on_duty if name in shifts.names)
        self._tell_changes(now)

    def tell_changes(self) -> None:
        """Tell who has come on and who has gone off, the first before the second."""
        self._tell_changes(self._clock())

    def _tell_changes(self, now: float) -> None:
        was_on, is_on = self._on_duty, self._shifts.on_at(_aware(now))
        if is_on != self._noted:
            self._note(is_on, now)
            self._noted = is_on
        for name in is_on:
            if name not in was_on:
                self._tell(ListenerCameOn(name, self._dated(name, "begin", now)))
        for name in was_on:
            if name not in is_on:
                self._tell(ListenerWentOff(name, self._dated(name, "end", now)))
        self._on_duty, self._known, self._looked_at = is_on, self._shifts.names, now

    def _dated(self, name: str, edge: Literal["begin", "end"], now: float) -> float | None:
        """Give when the last shift began or ended, if it did since this listener was told of."""
        # What an app has said before that is not believed in any case.
        since = now - LONGEST_SHIFT_SECONDS
        if name in self._known:
            since = max(since, self._looked_at)
        if since >= now:
            return None
        spells = self._shifts.spells([name], _aware(since), _aware(now + _ONE_SECOND))
        if not spells:
            return since
        begin, end = spells[-1]
        return float(begin if edge == "begin" else end)

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
        self._closed: frozenset[str] = frozenset()

    def is_open(self, line: str) -> bool:
        """Say whether calls to a line are served by the rules that were told last."""
        return line not in self._closed

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
            self._closed = self._settings.closed_lines(opened)
            self._tell(PolicyLoaded(self._settings.policy(opened, now)))

    async def run(self) -> None:
        """Tell every change for ever."""
        while True:
            self.tell_changes()
            await _sleep_to_change(self._hours, self._clock, self._settings.calendar())


def told_before(state: State, book: ShiftBook) -> Told:
    """Give whom the engine was told of as on duty, whatever they have said of themselves since.

    `book` is that of the daemon before. The engine may know somebody from the config alone: the
    daemon that read it died before it could tell of their shift.
    """
    names = (name for name, one in state.listeners.items() if one.shift.began_at > 0.0)
    until = state.now - state.set_back_seconds
    return Told(frozenset(names), until, book.on_duty(state.boot, until))


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
