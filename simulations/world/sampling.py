"""Draws how long things take."""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt
from random import Random

from simulations.scenario.distribution import Distribution

Sampler = Callable[[Random], float]


def sampler(given: Distribution) -> Sampler:
    """Give what draws seconds from a distribution that has been checked."""
    mean = given.mean_seconds or 0.0
    if given.kind == "empirical":
        observed = given.seconds
        return lambda chance: observed[int(chance.random() * len(observed))]
    if given.kind == "fixed" or (mean == 0.0 and given.median_seconds is None):
        return lambda _: mean
    if given.kind == "exponential":
        rate = 1.0 / mean
        return lambda chance: chance.expovariate(rate)
    if given.median_seconds is not None:
        middle, spread = log(given.median_seconds), given.sigma or 0.0
        return lambda chance: chance.lognormvariate(middle, spread)
    variance = log(1.0 + ((given.deviation_seconds or 0.0) / mean) ** 2)
    middle, spread = log(mean) - variance / 2.0, sqrt(variance)
    return lambda chance: chance.lognormvariate(middle, spread)
