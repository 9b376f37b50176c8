"""The sections about calls and callers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from router.report.facts import CallFact, Facts
from router.report.figures import (
    NOT_COUNTED,
    Fates,
    Figures,
    figures_of,
    figures_of_a_part,
    share,
)
from router.report.hide import people_behind
from router.report.model import Group, Section, parts, whole
from router.report.span import Span, hours_by

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS: Final = tuple(f"{hour:02}" for hour in range(24))

TIMES_CALLED: Final = (("1", 1), ("2", 2), ("3-5", 5), ("6-20", 20), ("21+", 10**9))
"""How often somebody has called: a name, and the most times that it stands for."""


def total(facts: Facts, calls: Sequence[CallFact], fates: Fates, span: Span) -> Section:
    """Give the figures of all calls."""
    open_now = sum(span.holds(arrived) for arrived in facts.open_calls.values())
    fallback_asked = sum(call.call in facts.fallbacks for call in calls)
    wait_unknown = sum(call.waited_seconds is None for call in calls)
    figures: Figures = {
        **figures_of(calls, fates),
        "calls_not_over_yet": open_now,
        "calls_fallback_asked": fallback_asked,
        "calls_wait_unknown": wait_unknown,
    }
    return whole("total", "total", Group(people_behind(calls), figures))


def by_time(calls: Sequence[CallFact], fates: Fates, span: Span) -> list[Section]:
    """Tell the months, the days of the week, and the hours of the day apart."""
    arrived = [(span.local(call.arrived), call) for call in calls]
    quarters = list(span.quarters())
    found = [
        _by_clock("by_weekday", arrived, fates, quarters, key=_weekday, keys=WEEKDAYS),
        _by_clock("by_hour", arrived, fates, quarters, key=_hour, keys=HOURS),
    ]
    months = sorted({_month(began) for began, _ in quarters})
    if len(months) > 1:
        found.insert(0, _by_clock("by_month", arrived, fates, quarters, key=_month, keys=months))
    return found


def by_line(calls: Sequence[CallFact], fates: Fates, lines: Iterable[str]) -> Section:
    """Tell the lines apart."""
    groups: dict[str, list[CallFact]] = {line: [] for line in sorted(lines)}
    for call in calls:
        groups[call.line].append(call)
    return parts("by_line", _groups(groups, fates))


def by_number(calls: Sequence[CallFact], fates: Fates) -> Section:
    """Tell those apart whose number is withheld."""
    groups: dict[str, list[CallFact]] = {"shown": [], "withheld": []}
    for call in calls:
        groups["withheld" if call.caller is None else "shown"].append(call)
    return parts("by_number", _groups(groups, fates))


def returning(calls: Iterable[CallFact]) -> Section:
    """Tell callers apart by how often they have called, of those whose number shows."""
    times = Counter(call.caller for call in calls if call.caller is not None)
    groups: dict[str, list[str]] = {name: [] for name, _ in TIMES_CALLED}
    for caller, many in times.items():
        groups[next(name for name, most in TIMES_CALLED if many <= most)].append(caller)
    return parts(
        "by_times_called",
        {
            name: Group(
                frozenset(callers),
                {"callers": len(callers), "calls": sum(times[caller] for caller in callers)},
            )
            for name, callers in groups.items()
        },
    )


def same_listener(calls: Iterable[CallFact]) -> Section:
    """Say how often somebody who had talked with a listener reached the same one."""
    known = [
        call
        for call in calls
        if call.outcome not in NOT_COUNTED
        and call.listener is not None
        and call.known_listener is not None
    ]
    same = sum(call.listener == call.known_listener for call in known)
    figures: Figures = {
        "calls_of_known_callers": len(known),
        "same_listener_share": share(same, len(known)),
    }
    return whole("same_listener", "total", Group(people_behind(known), figures))


def _by_clock(
    name: str,
    arrived: Iterable[tuple[datetime, CallFact]],
    fates: Fates,
    quarters: Iterable[tuple[datetime, float]],
    *,
    key: Callable[[datetime], str],
    keys: Sequence[str],
) -> Section:
    hours = hours_by(quarters, key)
    groups: dict[str, list[CallFact]] = {one: [] for one in keys if one in hours}
    for at, call in arrived:
        groups.setdefault(key(at), []).append(call)
    found = _groups(groups, fates)
    for one, group in found.items():
        observed = hours.get(one, 0.0)
        group.figures["observed_hours"] = observed
        group.figures["calls_per_observed_hour"] = share(len(groups[one]), observed)
    return parts(name, found)


def _groups(groups: Mapping[str, Sequence[CallFact]], fates: Fates) -> dict[str, Group]:
    return {
        key: Group(people_behind(calls), figures_of_a_part(calls, fates))
        for key, calls in groups.items()
    }


def _weekday(at: datetime) -> str:
    return WEEKDAYS[at.weekday()]


def _hour(at: datetime) -> str:
    return HOURS[at.hour]


def _month(at: datetime) -> str:
    return f"{at.year:04}-{at.month:02}"
