"""When calls arrive: a rate that changes by the hour of the week, surges and bursts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from random import Random

from simulations.scenario.shape import Burst, Scenario, Surge
from simulations.world.streams import stream

HOUR_SECONDS = 3600.0


def arrivals(scenario: Scenario, seed: int, line: str) -> Iterator[float]:
    """Give the seconds at which people call a line for the first time, in order."""
    streams: list[Iterator[float]] = []
    given = scenario.arrivals.get(line)
    if given is not None:
        surges = [one for one in scenario.surges if not one.lines or line in one.lines]
        chance = stream(seed, "arrivals", line)
        streams.append(_usual(given.calls_per_hour, surges, scenario.days * 24.0, chance))
    for index, burst in enumerate(scenario.bursts):
        if burst.line == line:
            streams.append(iter(_burst(burst, stream(seed, "burst", str(index)))))
    return merge(*streams)


def factor_at(surges: Sequence[Surge], hour: float) -> float:
    """Give by how much all surges together multiply the usual rate at an hour of the run."""
    factor = 1.0
    for surge in surges:
        factor *= _one_factor(surge, hour)
    return factor


def _one_factor(surge: Surge, hour: float) -> float:
    since = hour - surge.hour
    if since < 0.0:
        return 1.0
    more = surge.multiplier - 1.0
    if since < surge.ramp_hours:
        return 1.0 + more * since / surge.ramp_hours
    if surge.half_life_hours == 0.0:
        return surge.multiplier
    return float(1.0 + more * 0.5 ** ((since - surge.ramp_hours) / surge.half_life_hours))


def _usual(
    rates: Sequence[float], surges: Sequence[Surge], hours: float, chance: Random
) -> Iterator[float]:
    """Draw hour by hour at the hour's highest rate, and keep each by the rate of its instant."""
    hour = 0
    while hour < hours:
        end = min(hour + 1.0, hours)
        rate = rates[hour % len(rates)]
        highest = _highest_factor(surges, float(hour), end)
        at = float(hour)
        while rate * highest > 0.0:
            at += chance.expovariate(rate * highest)
            if at >= end:
                break
            if not surges or chance.random() * highest < factor_at(surges, at):
                yield at * HOUR_SECONDS
        hour += 1


def _highest_factor(surges: Sequence[Surge], start: float, end: float) -> float:
    highest = 1.0
    for surge in surges:
        peak = min(max(surge.hour + surge.ramp_hours, start), end)
        highest *= max(_one_factor(surge, at) for at in (start, peak, end))
    return highest


def _burst(burst: Burst, chance: Random) -> list[float]:
    begin = burst.hour * HOUR_SECONDS
    return sorted(begin + chance.random() * burst.over_seconds for _ in range(burst.calls))
