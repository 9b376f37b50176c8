"""Listeners at home: their shifts, and what they do when the phone rings."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Literal

from msgspec import Struct

from router.schedule.week import MINUTES_A_WEEK, Week
from simulations.scenario.rules import names_of
from simulations.scenario.shape import Group, Scenario, at_hour
from simulations.world.sampling import Sampler, sampler
from simulations.world.streams import stream

MINUTE_SECONDS = 60.0
WEEK_SECONDS = MINUTES_A_WEEK * MINUTE_SECONDS


class Answer(Struct, frozen=True, gc=False):
    """What happens to one ring, if nobody withdraws it."""

    how: Literal["human", "declines", "voicemail", "nobody"]
    after_seconds: float
    key_seconds: float


class Consult(Struct, frozen=True, gc=False):
    """How a listener brings a senior into a talk."""

    asked_at: float
    """At this share of the talk."""
    seconds: float
    """So long the two confer."""
    hands_over: bool
    """Then the listener leaves; else all three talk."""


class Manner(Struct, frozen=True, gc=False):
    """How a listener goes through one talk. Moments are shares of the talk."""

    drops_at: float | None = None
    """The line drops at this moment; None: it holds."""
    hangs_up_at: float | None = None
    """The listener ends the talk, at this moment if the caller has more to say; None: does not."""
    pause_seconds: float | None = None
    """The own pause afterwards; None where the rules set it."""
    consult: Consult | None = None


_PLAIN = Manner()


class Habits(Struct, frozen=True, eq=False):
    """What the listeners of a group have in common."""

    seed: int
    group: Group
    after: Sampler
    key: Sampler
    wrap_up: Sampler | None
    confers: Sampler
    talks_plainly: bool
    """Nothing about a talk is drawn."""


class Home(Struct, eq=False):
    """One listener, with the phone that they take calls on."""

    name: str
    group: str
    habits: Habits
    chance: Random
    """Of what they do when the phone rings."""
    own_chance: float = 0.0
    """By how much a ring is likelier to be heard than the group says; below 0: less likely."""
    talk_chance: Random | None = None
    offline: int = 0
    """How many faults keep the phone from ringing."""
    on_since: float | None = None
    on_duty_seconds: float = 0.0
    talking_seconds: float = 0.0
    calls: int = 0

    def answer(self, hour: int, *, away: bool = False) -> Answer:
        """Draw what the listener does about a ring at this hour of the day; nobody is `away`."""
        return self._draw(self.chance, hour, away=away)

    def would_take_after_seconds(self, hour: int) -> float | None:
        """Give the seconds after which the next ring would be taken; None if it would not be.

        Nothing is drawn by it: the next ring goes as it would have gone.
        """
        chance = Random()  # noqa: S311 - it takes the place of the listener's own
        chance.setstate(self.chance.getstate())
        answer = self._draw(chance, hour, away=False)
        return answer.after_seconds + answer.key_seconds if answer.how == "human" else None

    def _draw(self, chance: Random, hour: int, *, away: bool) -> Answer:
        habits = self.habits.group.pick_up
        heard = chance.random() < at_hour(habits.probability, hour) + self.own_chance
        declines = chance.random() < habits.decline
        after_seconds = self.habits.after(chance) * at_hour(habits.after_factor, hour)
        key_seconds = self.habits.key(chance)
        voicemail = chance.random() < habits.voicemail
        if heard and not away:
            return Answer("declines" if declines else "human", after_seconds, key_seconds)
        if voicemail:
            return Answer("voicemail", habits.voicemail_after_seconds, 0.0)
        return Answer("nobody", 0.0, 0.0)

    def next_talk(self) -> Manner:
        """Draw how the next talk goes, from a stream of its own: rings are answered all the same.

        The listener's n-th talk goes alike in every run.
        """
        if self.habits.talks_plainly:
            return _PLAIN
        group, wrap_up = self.habits.group, self.habits.wrap_up
        if self.talk_chance is None:
            self.talk_chance = stream(self.habits.seed, "talks", self.name)
        chance = self.talk_chance
        luck, moment = chance.random(), chance.random()
        return Manner(
            drops_at=moment if luck < group.drops else None,
            hangs_up_at=moment if 0.0 <= luck - group.drops < group.hangs_up_first else None,
            pause_seconds=None if wrap_up is None else wrap_up(chance),
            consult=self._consult(chance) if group.asks_senior else None,
        )

    def _consult(self, chance: Random) -> Consult | None:
        group = self.habits.group
        asks, asked_at, seconds = chance.random(), chance.random(), self.habits.confers(chance)
        hands_over = chance.random() < group.hands_over
        return Consult(asked_at, seconds, hands_over) if asks < group.asks_senior else None


def homes(scenario: Scenario, seed: int) -> dict[str, Home]:
    """Give every listener by name."""
    found: dict[str, Home] = {}
    for group_name, group in scenario.listeners.items():
        habits = Habits(
            seed=seed,
            group=group,
            after=sampler(group.pick_up.after),
            key=sampler(group.pick_up.key),
            wrap_up=None if group.wrap_up is None else sampler(group.wrap_up),
            confers=sampler(group.confers),
            talks_plainly=not (
                group.drops or group.hangs_up_first or group.wrap_up or group.asks_senior
            ),
        )
        for name in names_of(group_name, group):
            found[name] = Home(
                name,
                group_name,
                habits,
                stream(seed, "listener", name),
                own_chance=_own_chance(group.pick_up.spread, seed, name),
            )
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


def _own_chance(spread: float, seed: int, name: str) -> float:
    return stream(seed, "own chance", name).uniform(-spread, spread) if spread else 0.0
