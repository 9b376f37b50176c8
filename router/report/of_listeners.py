"""The sections about listeners: what they carry and how they rest, all together and by pool.

Nobody is named, nor told of alone: of each figure there is the middle of all, and what a quarter
of them has less or more of.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import Final

from msgspec import Struct, field

from router.report.facts import Facts, TalkFact
from router.report.figures import Figures, share
from router.report.model import Group, Section, parts, whole
from router.report.quantile import quantile
from router.report.span import HOUR_SECONDS, Span

SAME_SHIFT_SECONDS: Final = 6 * HOUR_SECONDS
"""Who is not rung for so long after a talk has gone home, or it is a quiet night: that is no rest
between two calls."""

QUARTERS: Final = (("p25", 0.25), ("median", 0.5), ("p75", 0.75))

TALKS: Final = (("0", 0), ("1-9", 9), ("10-29", 29), ("30-99", 99), ("100+", 10**9))
"""How many talks somebody has had: a name, and the most that it stands for."""


class _Load(Struct):
    """What one listener has carried."""

    talks: int = 0
    talk_seconds: float = 0.0
    duty_seconds: float = 0.0
    rings: int = 0
    rests_seconds: list[float] = field(default_factory=list)


def sections(facts: Facts, span: Span, *, with_duty: bool) -> list[Section]:
    """Tell how calls were shared out. Without duty: of a line alone, whose duty is not its own."""
    loads = _loads(facts, span)
    pools: dict[str, dict[str, _Load]] = defaultdict(dict)
    for name, load in sorted(loads.items()):
        pools[facts.pools.get(name, "")][name] = load
    everybody = _group(loads, with_duty=with_duty)
    found = [whole("listeners", "total", everybody)]
    if len(pools) > 1:
        of_each = {pool: _group(pools[pool], with_duty=with_duty) for pool in sorted(pools)}
        found.append(parts("listeners_by_pool", of_each))
    return [*found, _by_talks(loads)]


def _loads(facts: Facts, span: Span) -> dict[str, _Load]:
    loads: dict[str, _Load] = defaultdict(_Load)
    for duty in facts.duties:
        seconds = span.shared_seconds(duty.began, duty.ended)
        if seconds:
            loads[duty.listener].duty_seconds += seconds
    for talk in facts.talks:
        if span.holds(talk.began):
            load = loads[talk.listener]
            load.talks += 1
            load.talk_seconds += talk.ended - talk.began
    rung_at: dict[str, list[float]] = defaultdict(list)
    for ring in facts.rings:
        if span.holds(ring.at):
            rung_at[ring.listener].append(ring.at)
    for name, moments in rung_at.items():
        loads[name].rings = len(moments)
    for name, rests in _rests(facts.talks, rung_at, span).items():
        loads[name].rests_seconds = rests
    return loads


def _rests(
    talks: Iterable[TalkFact], rung_at: Mapping[str, Sequence[float]], span: Span
) -> dict[str, list[float]]:
    """Give how long each phone was silent after each talk, until it rang again."""
    ended: dict[str, list[float]] = defaultdict(list)
    for talk in talks:
        if span.holds(talk.ended):
            ended[talk.listener].append(talk.ended)
    return {name: _silences(sorted(ends), rung_at.get(name, ())) for name, ends in ended.items()}


def _silences(ended: Sequence[float], rung_at: Sequence[float]) -> list[float]:
    """Give how long a phone was silent after each talk, where it rang before the next had ended."""
    rings = sorted(rung_at)
    found: list[float] = []
    for end, next_end in pairwise((*ended, inf)):
        place = bisect_left(rings, end)
        if place < len(rings) and rings[place] < next_end:
            found.append(rings[place] - end)
    return [seconds for seconds in found if seconds <= SAME_SHIFT_SECONDS]


def _group(of_each: Mapping[str, _Load], *, with_duty: bool) -> Group:
    loads = of_each.values()
    talk_seconds = sum(load.talk_seconds for load in loads)
    duty_seconds = sum(load.duty_seconds for load in loads)
    talks = sum(load.talks for load in loads)
    figures: Figures = {
        "listeners": len(loads),
        "talks": talks,
        "talk_hours": talk_seconds / HOUR_SECONDS,
        "rings": sum(load.rings for load in loads),
        **_quarters("talks_each", [load.talks for load in loads]),
        **_quarters("rest_before_next_ring", _all(loads), "_seconds"),
    }
    if with_duty:
        of_duty = [load.talk_seconds / load.duty_seconds for load in loads if load.duty_seconds]
        figures["duty_hours"] = duty_seconds / HOUR_SECONDS
        figures["talk_of_duty_share"] = share(talk_seconds, duty_seconds)
        figures |= _quarters("talk_of_duty_each", of_duty, "_share")
    return Group(frozenset(of_each), figures)


def _all(loads: Iterable[_Load]) -> list[float]:
    return [seconds for load in loads for seconds in load.rests_seconds]


def _quarters(name: str, values: Sequence[float], unit: str = "") -> Figures:
    ordered = sorted(values)
    return {f"{name}_{which}{unit}": quantile(ordered, at) for which, at in QUARTERS}


def _by_talks(loads: Mapping[str, _Load]) -> Section:
    listeners: dict[str, set[str]] = {name: set() for name, _ in TALKS}
    for listener, load in loads.items():
        listeners[next(name for name, most in TALKS if load.talks <= most)].add(listener)
    groups = {
        name: Group(frozenset(found), {"listeners": len(found)})
        for name, found in listeners.items()
    }
    return parts("listeners_by_talks", groups)
