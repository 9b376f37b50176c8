"""The same callers for everybody: when each arrives, how long they talk and how long they wait."""

from __future__ import annotations

import random
from itertools import accumulate

from msgspec import Struct


class Trace(Struct, frozen=True):
    """Callers in the order of their arrival; all times in seconds."""

    arrived: list[float]
    talks: list[float]
    patience: list[float]


class Fates(Struct):
    """What became of each caller, in the same order."""

    answered: list[bool]
    waited_seconds: list[float]
    """Until the talk began, or until the caller gave up."""


class Load(Struct, frozen=True):
    """A plain queue with exponential everything: Erlang-A, or Erlang-C where nobody gives up."""

    listeners: int
    erlangs: float
    talk_seconds: float
    patience_seconds: float | None
    """None: every caller waits for as long as it takes."""

    @property
    def calls_a_second(self) -> float:
        """Give the rate of arrival."""
        return self.erlangs / self.talk_seconds


FOR_EVER = float("inf")


def exponential(load: Load, calls: int, seed: int) -> Trace:
    """Draw so many callers; the same seed draws the same ones."""
    chance = random.Random(seed)  # noqa: S311 - the same callers each time is what is wanted
    draw = chance.expovariate
    return Trace(
        arrived=list(accumulate(draw(load.calls_a_second) for _ in range(calls))),
        talks=[draw(1.0 / load.talk_seconds) for _ in range(calls)],
        patience=[
            FOR_EVER if load.patience_seconds is None else draw(1.0 / load.patience_seconds)
            for _ in range(calls)
        ],
    )


def full_of_ties(calls: int, seed: int, listeners: int) -> Trace:
    """Draw callers who do everything on whole seconds, so that most things happen together."""
    chance = random.Random(seed)  # noqa: S311 - as above
    return Trace(
        arrived=[float(at) for at in sorted(chance.choices(range(calls), k=calls))],
        talks=[float(chance.randint(0, 2 * listeners)) for _ in range(calls)],
        patience=[float(chance.randint(0, 6)) for _ in range(calls)],
    )
