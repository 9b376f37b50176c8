"""The dialplan's own group of people, rung all at once when there is nobody else."""

from __future__ import annotations

from random import Random

from simulations.scenario.shape import Fallback
from simulations.world.sampling import sampler

ROUND_SECONDS = 30.0
"""By then somebody has pressed the key, or the round is over (the dialplan's contract)."""

RING_SECONDS = 15.0
"""A phone of the group that nobody picks up; one that is busy ends its part at once."""

BETWEEN_ROUNDS_SECONDS = 6.3
"""The words of reassurance, and the dialplan's own second."""


class FallbackGroup:
    """How many of its people are free, and whether one of them takes the call."""

    def __init__(self, given: Fallback, chance: Random) -> None:
        self._given = given
        self._chance = chance
        self._after = sampler(given.after)
        self._busy = 0

    def ring(self) -> tuple[float, bool]:
        """Ring one round: give its length in seconds, and whether somebody takes the call.

        Whoever does is held for it; `free` lets them go.
        """
        answers = self._chance.random() < self._given.answers
        seconds = self._after(self._chance)
        if self._busy == self._given.people:
            return BETWEEN_ROUNDS_SECONDS, False
        if answers and seconds < ROUND_SECONDS:
            self._busy += 1
            return seconds, True
        return RING_SECONDS + BETWEEN_ROUNDS_SECONDS, False

    def free(self) -> None:
        """Let one person of the group go."""
        self._busy -= 1
