"""What a caller does when the listener has hung up first."""

from __future__ import annotations

from msgspec import Struct

from simulations.scenario.shape import Callers
from simulations.world.callers import Try
from simulations.world.sampling import sampler
from simulations.world.streams import stream


class Goodbye(Struct, frozen=True, gc=False):
    """How a talk ends that the listener ends."""

    stays: bool
    """The caller had more to say, and waits for somebody else."""
    after_seconds: float
    """Until a caller who has said everything hangs up too."""


class Goodbyes:
    """Draws for each talk of each attempt what its caller would do, the same in every run."""

    def __init__(self, habits: Callers) -> None:
        self._stays = habits.stays
        self._after = sampler(habits.hangs_up_after)

    def of(self, attempt: Try, talk: int) -> Goodbye:
        """Give what this caller does at the end of their first, second, ... talk."""
        chance = stream(attempt.luck, "goodbye", str(talk))
        return Goodbye(chance.random() < self._stays, self._after(chance))
