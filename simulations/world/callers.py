"""Who calls: people with their patience and their need to talk, who may come back."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from random import Random

from msgspec import Struct

from simulations.scenario.shape import Scenario
from simulations.world.arrivals import arrivals
from simulations.world.sampling import sampler
from simulations.world.streams import stream

CALLS_ANEW_SECONDS = 2 * 3600.0
"""Nobody has a new need to talk so soon after their last: by then nearly all talks are over, and
nobody calls who is on the line. Who was lost and tries again is not meant."""


class Person(Struct, frozen=True, gc=False):
    """Somebody who calls, once or often."""

    name: str
    withheld: bool


class Try(Struct, frozen=True, gc=False):
    """One attempt of a person to get through. All of it is drawn before it is known how it ends."""

    person: Person
    line: str
    at: float
    patience_seconds: float
    talk_seconds: float
    number: int
    """1 for the first attempt."""
    luck: int
    """The seed of what the person does besides, and if this attempt is lost."""
    in_shock: bool = False


class Public:
    """All the people who may call."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._habits = scenario.callers
        self._known: list[Person] = []
        self._called_at = array("d")
        """When each of them had a need to talk last."""
        self._chance = stream(seed, "people")
        self._retry_after = sampler(scenario.callers.retry_after)
        self._rings_back_after = sampler(scenario.callers.rings_back_after)
        self._samplers = {
            name: (
                sampler((given and given.patience) or scenario.callers.patience),
                sampler((given and given.talk) or scenario.callers.talk),
            )
            for name in scenario.lines
            for given in [scenario.arrivals.get(name)]
        }
        shock_patience = scenario.callers.shock_patience
        self._shock_patience = None if shock_patience is None else sampler(shock_patience)
        self._streams = {
            name: self._tries(name, arrivals(scenario, seed, name), stream(seed, "calls", name))
            for name in scenario.lines
        }

    def next_try(self, line: str) -> Try | None:
        """Give the next first attempt on a line; None once there is none."""
        return next(self._streams[line], None)

    def again_after(self, lost: Try, now: float) -> Try | None:
        """Give the next attempt of somebody whose attempt was lost; None if they give up."""
        if self._habits.retry == 0.0 or lost.number >= self._habits.tries_at_most:
            return None
        chance = Random(lost.luck)  # noqa: S311 - the same person does the same each time
        if chance.random() >= self._habits.retry:
            return None
        return self._again(lost, now + self._retry_after(chance), chance)

    def rings_back_after(self, promised: Try, now: float) -> Try | None:
        """Give the next attempt of somebody who was promised a call; None if they wait for it."""
        chance = stream(promised.luck, "rings back")
        if chance.random() >= self._habits.rings_back:
            return None
        return self._again(promised, now + self._rings_back_after(chance), chance)

    def _again(self, before: Try, at: float, chance: Random) -> Try:
        return self._attempt(
            before.person,
            before.line,
            at,
            chance,
            number=before.number + 1,
            in_shock=before.in_shock,
        )

    def _tries(self, line: str, times: Iterator[float], chance: Random) -> Iterator[Try]:
        share = self._habits.in_shock
        for at in times:
            in_shock = share > 0.0 and chance.random() < share
            yield self._attempt(self._somebody(at), line, at, chance, in_shock=in_shock)

    def _attempt(
        self,
        person: Person,
        line: str,
        at: float,
        chance: Random,
        *,
        number: int = 1,
        in_shock: bool,
    ) -> Try:
        patience, talk = self._samplers[line]
        if in_shock and self._shock_patience is not None:
            patience = self._shock_patience
        return Try(
            person=person,
            line=line,
            at=at,
            patience_seconds=patience(chance),
            talk_seconds=talk(chance),
            number=number,
            luck=chance.getrandbits(63),
            in_shock=in_shock,
        )

    def _somebody(self, at: float) -> Person:
        """Give who calls: somebody known, if that is drawn and their last call is long over."""
        chance, habits = self._chance, self._habits
        if chance.random() < habits.returning and self._known:
            which = int(chance.random() * len(self._known))
            if abs(at - self._called_at[which]) >= CALLS_ANEW_SECONDS:
                self._called_at[which] = at
                return self._known[which]
        person = Person(f"person-{len(self._known) + 1}", chance.random() < habits.withheld)
        self._known.append(person)
        self._called_at.append(at)
        return person
