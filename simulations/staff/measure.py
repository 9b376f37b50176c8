"""How many of an hour's calls were picked up in time, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from msgspec import Struct
from scipy.stats import t

from simulations.records import RunRecord

HOUR_SECONDS = 3600.0
PICKED_UP = ("answered", "fallback_answered")
NOT_COUNTED = ("left_early", "refused")
CONFIDENCE_Z = 1.96
"""Two-sided 95 %."""


class Tally(Struct, frozen=True):
    """One run, by hour of arrival."""

    simulated_seconds: float
    counted: list[int]
    in_time: list[int]


class Share(Struct, frozen=True):
    """Of the calls that count: those picked up in time, with a 95 % interval."""

    calls: int
    share: float
    low: float
    high: float


def tally(record: RunRecord, *, lines: Sequence[str], hours: int, within_seconds: float) -> Tally:
    """Keep of a run what staffing looks at."""
    counted, in_time = [0] * hours, [0] * hours
    for call in record.calls:
        if call.line in lines and call.outcome not in NOT_COUNTED:
            hour = int(call.arrived // HOUR_SECONDS) % hours
            counted[hour] += 1
            in_time[hour] += call.outcome in PICKED_UP and call.waited_seconds <= within_seconds
    return Tally(record.simulated_seconds, counted, in_time)


def shares(tallies: Sequence[Tally]) -> list[Share | None]:
    """Pool the runs, hour by hour; None of an hour without a call."""
    return [
        share([(one.counted[hour], one.in_time[hour]) for one in tallies])
        for hour in range(len(tallies[0].counted))
    ]


def share(runs: Sequence[tuple[int, int]]) -> Share | None:
    """Pool one hour's calls and those in time, run by run.

    The interval is the wider of two: Wilson's, which holds even where no call was late, and that of
    a ratio over the runs, which knows that calls of one run share a fate.
    """
    calls, in_time = sum(one for one, _ in runs), sum(hits for _, hits in runs)
    if calls == 0:
        return None
    middle = in_time / calls
    low, high = _wilson(middle, calls)
    if len(runs) > 1:
        apart = sum((hits - middle * one) ** 2 for one, hits in runs)
        spread = sqrt(apart * len(runs) / (len(runs) - 1)) / calls
        half = float(t.ppf(0.975, len(runs) - 1)) * spread
        low, high = min(low, middle - half), max(high, middle + half)
    return Share(calls, middle, max(low, 0.0), min(high, 1.0))


def _wilson(middle: float, calls: int) -> tuple[float, float]:
    z2 = CONFIDENCE_Z**2
    centre = (middle + z2 / (2 * calls)) / (1 + z2 / calls)
    half = CONFIDENCE_Z * sqrt(middle * (1 - middle) / calls + z2 / (4 * calls**2))
    half /= 1 + z2 / calls
    return centre - half, centre + half
