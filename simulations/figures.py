"""The figures of a simulation: all replications pooled, in total, by line and by skill.

Times are seconds, shares from 0 to 1. Where there is nothing to take a share or a wait of, the
figure is None. With several replications each share and wait has a 95 % interval beside it, as
`NAME_interval`: of its mean over the replications, by Student's t.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil, inf, sqrt
from statistics import fmean, stdev

from msgspec import Struct

from simulations.records import CallRecord, ListenerRecord, OfferRecord, RunRecord

Figure = float | int | None
Block = dict[str, Figure | list[float]]
Figures = dict[str, object]

MARKS_SECONDS = (10, 15, 20, 30, 60)

PICKED_UP = ("answered", "fallback_answered")
NOT_COUNTED = ("left_early", "refused")
OUTCOMES = ("answered", "fallback_answered", "left_early", "refused", "lost")
PROMISES = ("promise_kept", "promise_open", "promise_broken")
DECLINED = "declined"

T_975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t, two-sided 95 %, for 1 to 30 degrees of freedom."""

Z_975 = 1.960
"""Its limit."""


class Part(Struct, frozen=True):
    """What one block is about, of one replication."""

    replication: int
    events: int
    escalations: int
    invariant_violations: int
    calls: list[CallRecord]
    offers: list[OfferRecord]
    listeners: list[ListenerRecord]


def figures(records: Sequence[RunRecord]) -> Figures:
    """Pool the replications of one scenario; the first one's seed names them all."""
    calls = sum(len(run.calls) for run in records)
    wall_seconds = sum(run.wall_seconds for run in records)
    lines, skills = _names(records)
    parts = [_whole(index, run) for index, run in enumerate(records)]
    return {
        "seed": records[0].seed,
        "scenario": records[0].scenario,
        "replications": len(records),
        "events": sum(run.events for run in records),
        "calls_per_second": calls / wall_seconds if wall_seconds else None,
        "never_reached": sum(run.never_reached for run in records),
        "total": block(parts),
        "lines": {line: block([_of_line(part, line) for part in parts]) for line in lines},
        "by_skill": {skill: block([_of_skill(part, skill) for part in parts]) for skill in skills},
    }


def block(parts: Sequence[Part]) -> Block:
    """Give all figures of some parts together, with intervals if there are several."""
    pooled: Block = {**_counts(parts), **_measures(parts)}
    if len(parts) > 1:
        single = [_measures([part]) for part in parts]
        for key in single[0]:
            ends = _interval([one[key] for one in single])
            if ends is not None:
                highest = inf if key.startswith("wait_") else 1.0
                pooled[f"{key}_interval"] = [min(max(end, 0.0), highest) for end in ends]
    return pooled


def _counts(parts: Sequence[Part]) -> dict[str, int]:
    outcomes = [call.outcome for part in parts for call in part.calls]
    results = [offer.result for part in parts for offer in part.offers]
    return {
        "offered": len(outcomes),
        **{outcome: outcomes.count(outcome) for outcome in OUTCOMES},  # type: ignore[arg-type]
        **dict.fromkeys(PROMISES, 0),
        "escalations": sum(part.escalations for part in parts),
        "offers": len(results),
        "offers_declined": results.count(DECLINED),  # type: ignore[arg-type]
        "invariant_violations": sum(part.invariant_violations for part in parts),
        "events": sum(part.events for part in parts),
    }


def _measures(parts: Sequence[Part]) -> dict[str, float | None]:
    counted = [c for part in parts for c in part.calls if c.outcome not in NOT_COUNTED]
    waits = sorted(call.waited_seconds for call in counted if call.outcome in PICKED_UP)
    people, reached = _people(parts)
    pickup, pickup_callers = _share(len(waits), len(counted)), _share(reached, people)
    return {
        "pickup": pickup,
        "cared_for": pickup,
        "pickup_callers": pickup_callers,
        "cared_for_callers": pickup_callers,
        **{
            f"within_{mark}_s": _share(sum(wait <= mark for wait in waits), len(counted))
            for mark in MARKS_SECONDS
        },
        "wait_mean_s": fmean(waits) if waits else None,
        "wait_p50_s": _quantile(waits, 0.50),
        "wait_p95_s": _quantile(waits, 0.95),
        "wait_p99_s": _quantile(waits, 0.99),
        "wait_max_s": waits[-1] if waits else None,
        "same_listener_rate": _same_listener_rate(counted),
        "occupancy": _occupancy(parts),
    }


def _people(parts: Sequence[Part]) -> tuple[int, int]:
    """Count who called and stayed on the line, and who of them spoke with somebody."""
    people: dict[tuple[int, str], bool] = {}
    for part in parts:
        for call in part.calls:
            if call.outcome not in NOT_COUNTED:
                who = part.replication, call.person
                people[who] = people.get(who, False) or call.outcome in PICKED_UP
    return len(people), sum(people.values())


def _same_listener_rate(calls: Sequence[CallRecord]) -> float | None:
    """Of the calls that a listener took from somebody who had talked before: the same again."""
    again = [call for call in calls if call.listener is not None and call.known_listener]
    return _share(sum(call.listener == call.known_listener for call in again), len(again))


def _occupancy(parts: Sequence[Part]) -> float | None:
    listeners = [listener for part in parts for listener in part.listeners]
    talking = sum(listener.talking_seconds for listener in listeners)
    return _share(talking, sum(listener.on_duty_seconds for listener in listeners))


def _share(some: float, of: float) -> float | None:
    return some / of if of else None


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Give the least value that this share of the values does not exceed."""
    return ordered[max(ceil(share * len(ordered)), 1) - 1] if ordered else None


def _interval(values: Sequence[float | None]) -> list[float] | None:
    known = [value for value in values if value is not None]
    if len(known) <= 1:
        return None
    freedom = len(known) - 1
    quantile = T_975[freedom - 1] if freedom <= len(T_975) else Z_975
    half = quantile * stdev(known) / sqrt(len(known))
    return [fmean(known) - half, fmean(known) + half]


def _names(records: Sequence[RunRecord]) -> tuple[list[str], list[str]]:
    calls = [call for run in records for call in run.calls]
    lines = sorted({call.line for call in calls})
    return lines, sorted({skill for call in calls for skill, _ in call.skills})


def _whole(index: int, run: RunRecord) -> Part:
    return Part(
        replication=index,
        events=run.events,
        escalations=run.escalations,
        invariant_violations=run.invariant_violations,
        calls=list(run.calls),
        offers=list(run.offers),
        listeners=list(run.listeners),
    )


def _of_line(part: Part, line: str) -> Part:
    calls = [call for call in part.calls if call.line == line]
    asked = calls[0].skills if calls else ()
    return _narrowed(part, lambda call: call.line == line, partial(_serves, asked=asked))


def _of_skill(part: Part, skill: str) -> Part:
    return _narrowed(
        part,
        lambda call: any(asked == skill for asked, _ in call.skills),
        lambda listener: any(has == skill for has, _ in listener.skills),
    )


def _serves(listener: ListenerRecord, asked: tuple[tuple[str, int], ...]) -> bool:
    has = dict(listener.skills)
    return all(has.get(skill, 0) >= level for skill, level in asked)


def _narrowed(
    part: Part,
    wanted: Callable[[CallRecord], bool],
    able: Callable[[ListenerRecord], bool],
) -> Part:
    """Keep some calls, what belongs to them, and those listeners who are there for them."""
    calls = [call for call in part.calls if wanted(call)]
    names = {call.call for call in calls}
    return Part(
        replication=part.replication,
        events=sum(call.events for call in calls),
        escalations=part.escalations,
        invariant_violations=part.invariant_violations,
        calls=calls,
        offers=[offer for offer in part.offers if offer.call in names],
        listeners=[listener for listener in part.listeners if able(listener)],
    )
