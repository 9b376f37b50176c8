"""Confidence intervals of what a run measured, by batch means.

Callers who follow each other share a queue, so their waits are alike; the means of long batches of
them hardly are (Law, "Simulation modeling and analysis", chapter 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from msgspec import Struct
from scipy.stats import t as student

BATCHES = 20
"""Enough for a t interval, few enough for each to be long."""

WARM_UP_SHARE = 0.1
"""Left out at the start, where the line is emptier than it will be."""

CONFIDENCE = 0.999
"""So high because the table has some sixty intervals, and all of them are to hold."""


class Interval(Struct, frozen=True):
    """A measured mean, and how far the true one may be from it."""

    mean: float
    half_width: float

    def holds(self, value: float) -> bool:
        """Say whether this may be the true mean."""
        return abs(value - self.mean) <= self.half_width


def interval(values: Sequence[float]) -> Interval:
    """Give the interval for the mean of what followed each other in time."""
    warm = int(len(values) * WARM_UP_SHARE)
    size = (len(values) - warm) // BATCHES
    means = [fmean(values[at : at + size]) for at in range(warm, warm + size * BATCHES, size)]
    quantile = float(student.ppf((1.0 + CONFIDENCE) / 2.0, BATCHES - 1))
    return Interval(fmean(means), quantile * stdev(means) / sqrt(BATCHES))
