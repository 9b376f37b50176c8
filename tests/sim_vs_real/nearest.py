"""The simulated play that is nearest to a real one, of those in which steps are a little late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.sim_vs_real.fate import Fate
from tests.sim_vs_real.simulated import Draw

TRIES = 400
"""What hangs on a photo finish goes one way or the other: some tries for each, of a dozen."""

BACK_SECONDS = 60.0
"""So long before or after a call arrives may lie what decides who takes it."""

Play = Callable[[Sequence[Draw]], list[Fate]]


def nearest(play: Play, real: Sequence[Fate], chance: Random) -> list[Fate]:
    """Give a simulated play in which as many of the first calls as can be are as in the real one.

    What led up to the first call that differs is drawn anew, again and again, from some instant
    around its arrival on; what came before that instant stays as it was.
    """
    draws = [(0.0, chance.getrandbits(32))]
    best = play(draws)
    for _ in range(TRIES):
        alike = _alike_from_the_first(best, real)
        if alike == len(real):
            break
        since = max(0.0, real[alike].arrived_seconds - chance.uniform(-BACK_SECONDS, BACK_SECONDS))
        kept = [draw for draw in draws if draw[0] < since]
        tried = [*kept, (since if kept else 0.0, chance.getrandbits(32))]
        other = play(tried)
        if _alike_from_the_first(other, real) >= alike:
            draws, best = tried, other
    return best


def _alike_from_the_first(simulated: Sequence[Fate], real: Sequence[Fate]) -> int:
    both = zip(simulated, real, strict=True)
    return next((at for at, (one, other) in enumerate(both) if not one.is_like(other)), len(real))
