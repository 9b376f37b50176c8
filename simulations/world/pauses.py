"""Pauses that listeners take by their own word, and come back from in time or late."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from msgspec import Struct

from simulations.clock import Clock
from simulations.scenario.shape import Pauses
from simulations.world.listeners import Home
from simulations.world.roster import Roster
from simulations.world.sampling import Sampler, sampler
from simulations.world.streams import stream

HOUR_SECONDS = 3600.0


class Habit(Struct, frozen=True, eq=False):
    """One listener's way of taking pauses."""

    home: Home
    given: Pauses
    lasts: Sampler
    late_by: Sampler
    chance: Random


class PauseTaker:
    """Has each listener who takes pauses take them; who is not on duty then takes none."""

    def __init__(self, clock: Clock, roster: Roster, homes: Iterable[Home], seed: int) -> None:
        self._clock = clock
        self._roster = roster
        for home in homes:
            given = home.habits.group.pauses
            if given is not None:
                chance = stream(seed, "pauses", home.name)
                lasts, late_by = sampler(given.lasts), sampler(given.late_by)
                self._await_next(Habit(home, given, lasts, late_by, chance), clock.now)

    def _await_next(self, habit: Habit, since: float) -> None:
        after_hours = habit.chance.expovariate(1.0 / habit.given.every_hours)
        self._clock.call_at(since + after_hours * HOUR_SECONDS, self._begin, habit)

    def _begin(self, habit: Habit) -> None:
        seconds = habit.lasts(habit.chance)
        is_late = habit.chance.random() < habit.given.late
        late_seconds = habit.late_by(habit.chance)
        if is_late:
            seconds += late_seconds
        if habit.home.on_since is not None:
            self._roster.pause(habit.home, seconds)
        self._await_next(habit, self._clock.now + seconds)
