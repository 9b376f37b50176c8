"""The hours that are staffed: those of the day, or of the week where days are not alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from router.schedule.week import DAYS, NEVER, Week
from simulations.scenario import Scenario
from simulations.world.arrivals import factor_at

HOURS_A_DAY = 24
HOURS_A_WEEK = 168
MINUTES = 60

LOOKS_AN_HOUR = 4
"""At how many instants of an hour a surge is looked at."""


def hours_of(scenario: Scenario, lines: Sequence[str]) -> int:
    """Say how many hours are staffed one by one: 24, or 168 where a rate is by the week."""
    rates = [
        len(given.calls_per_hour) for name, given in scenario.arrivals.items() if name in lines
    ]
    return HOURS_A_WEEK if HOURS_A_WEEK in rates else HOURS_A_DAY


def calls_by_hour(scenario: Scenario, lines: Sequence[str], hours: int) -> list[float]:
    """Give how many people one run has call these lines in each hour, on the average."""
    calls = [0.0] * hours
    for line in lines:
        given = scenario.arrivals.get(line)
        surges = [one for one in scenario.surges if not one.lines or line in one.lines]
        for hour in range(ceil(scenario.days * HOURS_A_DAY) if given is not None else 0):
            looks = [hour + (look + 0.5) / LOOKS_AN_HOUR for look in range(LOOKS_AN_HOUR)]
            factor = sum(factor_at(surges, look) for look in looks) / LOOKS_AN_HOUR
            rates = given.calls_per_hour if given is not None else ()
            calls[hour % hours] += rates[hour % len(rates)] * factor * _part(scenario, hour)
    for burst in scenario.bursts:
        if burst.line in lines:
            calls[int(burst.hour) % hours] += burst.calls
    return calls


def times_by_hour(scenario: Scenario, hours: int) -> list[float]:
    """Give how often each hour comes in one run."""
    times = [0.0] * hours
    for hour in range(ceil(scenario.days * HOURS_A_DAY)):
        times[hour % hours] += _part(scenario, hour)
    return times


def week_of(wanted: Iterable[int], hours: int) -> Week:
    """Give these hours as shifts."""
    spans = [
        (hour * MINUTES, (hour + 1) * MINUTES)
        for one in wanted
        for hour in range(one, HOURS_A_WEEK, hours)
    ]
    return NEVER | Week(tuple(sorted(spans)))


def name_of(hour: int, hours: int) -> str:
    """Name an hour: 08-09, or Mon 08-09."""
    clock = f"{hour % HOURS_A_DAY:02}-{(hour % HOURS_A_DAY) + 1:02}"
    return clock if hours == HOURS_A_DAY else f"{DAYS[hour // HOURS_A_DAY].title()} {clock}"


def _part(scenario: Scenario, hour: int) -> float:
    """Give how much of an hour of the run people call in; the last may be cut off."""
    return min(scenario.days * HOURS_A_DAY - hour, 1.0)
