"""Listeners at home: their shifts, and what they do when the phone rings."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Literal

from msgspec import Struct

from router.schedule.week import MINUTES_A_WEEK, Week
from simulations.scenario.rules import names_of
from simulations.scenario.shape import Group, Scenario
from simulations.world.sampling import Sampler, sampler
from simulations.world.streams import stream

MINUTE_SECONDS = 60.0
WEEK_SECONDS = MINUTES_A_WEEK * MINUTE_SECONDS


class Answer(Struct, frozen=True):
    """What happens to one ring, if nobody withdraws it."""

    how: Literal["human", "declines", "voicemail", "nobody"]
    after_seconds: float
    key_seconds: float


class Habits(Struct, frozen=True, eq=False):
    """What the listeners of a group have in common."""

    group: Group
    after: Sampler
    key: Sampler
    wrap_up: Sampler | None


class Home(Struct, eq=False):
    """One listener, with the phone that they take calls on."""

    name: str
    group: str
    habits: Habits
    chance: Random
    offline: int = 0
    """How many faults keep the phone from ringing."""
    on_since: float | None = None
    on_duty_seconds: float = 0.0
    talking_seconds: float = 0.0
    calls: int = 0

    def answer(self, hour: int) -> Answer:
        """Draw what the listener does about a ring at this hour of the day."""
        habits, chance = self.habits.group.pick_up, self.chance
        heard = chance.random() < _by_hour(habits.probability, hour)
        declines = chance.random() < habits.decline
        after_seconds = self.habits.after(chance) * _by_hour(habits.after_factor, hour)
        key_seconds = self.habits.key(chance)
        voicemail = chance.random() < habits.voicemail
        if heard:
            return Answer("declines" if declines else "human", after_seconds, key_seconds)
        if voicemail:
            return Answer("voicemail", habits.voicemail_after_seconds, 0.0)
        return Answer("nobody", 0.0, 0.0)

    def drops_after(self, talk_seconds: float) -> float | None:
        """Draw when in a talk the listener's line drops; None where it holds."""
        share = self.habits.group.drops
        if share == 0.0 or self.chance.random() >= share:
            return None
        return self.chance.random() * talk_seconds

    def wrap_up_seconds(self) -> float | None:
        """Draw the listener's own pause after a talk; None where the rules set it."""
        return None if self.habits.wrap_up is None else self.habits.wrap_up(self.chance)


def homes(scenario: Scenario, seed: int) -> dict[str, Home]:
    """Give every listener by name."""
    found: dict[str, Home] = {}
    for group_name, group in scenario.listeners.items():
        habits = Habits(
            group=group,
            after=sampler(group.pick_up.after),
            key=sampler(group.pick_up.key),
            wrap_up=None if group.wrap_up is None else sampler(group.wrap_up),
        )
        for name in names_of(group_name, group):
            found[name] = Home(name, group_name, habits, stream(seed, "listener", name))
    return found


def duty_changes(week: Week) -> Iterator[tuple[float, bool]]:
    """Give the seconds of the week at which a shift begins (True) or ends, without end."""
    wraps = bool(week.spans) and week.spans[0][0] == 0 and week.spans[-1][1] == MINUTES_A_WEEK
    edges = [
        (minute * MINUTE_SECONDS, begins)
        for span in week.spans
        for minute, begins in zip(span, (True, False), strict=True)
        if not (wraps and minute in (0, MINUTES_A_WEEK))
    ]
    if wraps:
        yield 0.0, True
    weeks = 0
    while edges:
        yield from ((weeks * WEEK_SECONDS + at, begins) for at, begins in edges)
        weeks += 1


def _by_hour(values: tuple[float, ...], hour: int) -> float:
    return values[hour % len(values)]
