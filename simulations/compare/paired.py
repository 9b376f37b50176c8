"""Differences of figures between two sides that met the same people, and what chance makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from msgspec import Struct
from scipy.stats import t

from simulations.figures import Figures

CONFIDENCE = 0.95

ALIKE_AT_LEAST = 6
"""From so many equal differences on, none in the other direction, a coin would fall so in fewer
than 5 of 100 tries; where all are equal, Student's t has nothing to say."""


class Difference(Struct, frozen=True):
    """One figure on both sides, each the mean over the replications."""

    a: float
    b: float
    difference: float
    """B less A."""
    interval_95: tuple[float, float] | None
    """Holds the true difference in 95 of 100 such comparisons; None with one replication."""
    beyond_chance: bool
    """Whether 0 is outside of it."""


Differences = dict[str, Difference]

PARTS = ("lines", "by_skill")


def differences(a: Sequence[Figures], b: Sequence[Figures]) -> dict[str, Any]:
    """Compare the figures of the same replications: in total, by line and by skill."""
    names = {part: sorted({name for one in [*a, *b] for name in _of(one, part)}) for part in PARTS}
    return {
        "total": _block([_of(one, "total") for one in a], [_of(one, "total") for one in b]),
        **{
            part: {
                name: _block(
                    [_of(_of(one, part), name) for one in a],
                    [_of(_of(one, part), name) for one in b],
                )
                for name in names[part]
            }
            for part in PARTS
        },
    }


def _of(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table.get(key, {})
    return found


def _block(a: Sequence[Mapping[str, Any]], b: Sequence[Mapping[str, Any]]) -> Differences:
    found: Differences = {}
    for key in next((one for one in [*a, *b] if one), {}):
        pairs = [
            (one[key], other[key])
            for one, other in zip(a, b, strict=True)
            if one.get(key) is not None and other.get(key) is not None
        ]
        if pairs:
            found[key] = paired(pairs)
    return found


def paired(pairs: Sequence[tuple[float, float]]) -> Difference:
    """Compare one figure over replications, each with its value on either side."""
    apart = [b - a for a, b in pairs]
    middle = fmean(apart)
    ends = _interval(apart, middle)
    return Difference(
        a=fmean(a for a, _ in pairs),
        b=fmean(b for _, b in pairs),
        difference=middle,
        interval_95=ends,
        beyond_chance=ends is not None and _beyond_chance(apart, *ends),
    )


def _interval(apart: Sequence[float], middle: float) -> tuple[float, float] | None:
    if len(apart) == 1:
        return None
    half = float(t.ppf((1.0 + CONFIDENCE) / 2.0, len(apart) - 1)) * stdev(apart) / sqrt(len(apart))
    return middle - half, middle + half


def _beyond_chance(apart: Sequence[float], low: float, high: float) -> bool:
    if low <= 0.0 <= high:
        return False
    return low < high or len(apart) >= ALIKE_AT_LEAST
