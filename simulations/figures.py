"""The figures of a simulation: all replications pooled, in total, by line and by skill.

Times are seconds, shares from 0 to 1. Where there is nothing to take a share or a wait of, the
figure is None. With several replications each share and wait has a 95 % interval beside it, as
`NAME_interval`: of its mean over the replications, by Student's t.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import inf, sqrt
from statistics import fmean, stdev
from typing import Literal, get_args

from router.core.policy import Preference
from router.report.quantile import quantile
from simulations.promised import promise_counts, promise_measures
from simulations.records import RunRecord
from simulations.tally import Part, of_line, of_skill, tally

Figure = float | int | None
Block = dict[str, Figure | list[float]]
Figures = dict[str, object]

Group = Literal["people", "reached", "owed", "withheld_people"]
"""People, as they are counted of each line."""

MARKS_SECONDS = (10, 15, 20, 30, 60)

OUTCOMES = ("answered", "fallback_answered", "left_early", "refused", "lost")
PROMISES = ("promise_kept", "promise_open", "promise_broken")
DECLINED = "declined"

NOT_IN_VAIN = ("talked", "busy", "unreachable", "refused")
"""What came of rings that were not in vain: a talk, or no phone rang at all."""

T_975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""Student's t, two-sided 95 %, for 1 to 30 degrees of freedom."""

Z_975 = 1.960
"""Its limit."""


def figures(records: Sequence[RunRecord]) -> Figures:
    """Pool the replications of one scenario; the first one's seed names them all.

    Raises
    ------
    ValueError
        if there is no replication.

    """
    if not records:
        raise ValueError("figures of no run: expected at least one record")
    calls = sum(len(run.calls) for run in records)
    wall_seconds = sum(run.wall_seconds for run in records)
    parts = [tally(run) for run in records]
    lines = sorted({one.line for part in parts for one in part.lines})
    skills = sorted({skill for part in parts for one in part.lines for skill, _ in one.asked})
    return {
        "seed": records[0].seed,
        "scenario": records[0].scenario,
        "replications": len(records),
        "events": sum(run.events for run in records),
        "calls_per_second": calls / wall_seconds if wall_seconds else None,
        "never_reached": sum(run.never_reached for run in records),
        "ended_early": sum(run.ended_early for run in records),
        "total": block(parts),
        "lines": {line: block([of_line(part, line) for part in parts]) for line in lines},
        "by_skill": {skill: block([of_skill(part, skill) for part in parts]) for skill in skills},
    }


def block(parts: Sequence[Part]) -> Block:
    """Give all figures of some parts together, with intervals if there are several."""
    pooled: Block = {**_counts(parts), **_measures(parts)}
    if len(parts) > 1:
        single = [_measures([part]) for part in parts]
        for key in single[0]:
            ends = _interval([one[key] for one in single])
            if ends is not None:
                highest = inf if key.endswith("_s") and not key.startswith("within_") else 1.0
                pooled[f"{key}_interval"] = [min(max(end, 0.0), highest) for end in ends]
    return pooled


def _counts(parts: Sequence[Part]) -> dict[str, int | None]:
    lines = [one for part in parts for one in part.lines]
    results = [result for part in parts for result in part.offers.values()]
    violations = [part.invariant_violations for part in parts]
    return {
        "offered": sum(one.outcomes.total() for one in lines),
        **{outcome: sum(one.outcomes[outcome] for one in lines) for outcome in OUTCOMES},
        **{fate: sum(one.outcomes[fate] for one in lines) for fate in PROMISES},
        "lost_withheld": sum(one.lost_withheld for one in lines),
        **promise_counts([one for part in parts for one in part.promises]),
        "help_asked": sum(one.help_asked for one in lines),
        "escalations": sum(one.escalations for one in lines),
        "offers": sum(result.total() for result in results),
        "offers_declined": sum(result[DECLINED] for result in results),
        "rings_in_vain": sum(result.total() - _not_in_vain(result) for result in results),
        **{f"bent_{kind}": _bent(parts, kind) for kind in get_args(Preference)},
        "at_last_rung": sum(one.at_last_rung for one in lines),
        "silent_at_last_rung": sum(one.silent_at_last_rung for one in lines),
        "invariant_violations": None if None in violations else sum(filter(None, violations)),
        "events": sum(part.events for part in parts),
    }


def _not_in_vain(results: Counter[str]) -> int:
    return sum(results[one] for one in NOT_IN_VAIN)


def _bent(parts: Sequence[Part], kind: Preference) -> int:
    return sum(kinds.get(kind, 0) for part in parts for kinds in part.bendings.values())


def _measures(parts: Sequence[Part]) -> dict[str, float | None]:
    lines = [one for part in parts for one in part.lines]
    waits = sorted(chain.from_iterable(one.waits_seconds for one in lines))
    counted = sum(one.counted for one in lines)
    cared_for = sum(one.cared_for_calls for one in lines)
    withheld = sum(one.withheld for one in lines)
    cared_for_withheld = sum(one.cared_for_withheld for one in lines)
    return {
        "pickup": _share(len(waits), counted),
        "cared_for": _share(cared_for, counted),
        "cared_for_shown": _share(cared_for - cared_for_withheld, counted - withheld),
        "pickup_callers": _callers(parts, "reached"),
        "cared_for_callers": _callers(parts, "reached", "owed"),
        "cared_for_shown_callers": _callers(parts, "reached", "owed", shown=True),
        **promise_measures([one for part in parts for one in part.promises]),
        **{
            f"within_{mark}_s": _share(bisect_right(waits, mark), counted) for mark in MARKS_SECONDS
        },
        "wait_mean_s": fmean(waits) if waits else None,
        "wait_p50_s": quantile(waits, 0.50),
        "wait_p95_s": quantile(waits, 0.95),
        "wait_p99_s": quantile(waits, 0.99),
        "wait_max_s": waits[-1] if waits else None,
        "wait_for_help_mean_s": _share(
            sum(one.help_waited_seconds for one in lines), sum(one.escalations for one in lines)
        ),
        "same_listener_rate": _share(
            sum(one.by_same for one in lines), sum(one.by_known for one in lines)
        ),
        "same_listener_where_possible": _share(
            sum(one.by_possible_same for one in lines), sum(one.by_possible for one in lines)
        ),
        "occupancy": _occupancy(parts),
    }


def _callers(parts: Sequence[Part], *how: Group, shown: bool = False) -> float | None:
    """Give the share of those who stayed on the line who were reached, or else cared for.

    Somebody of one replication is nobody in another, and the same on all of its lines. With
    `shown`, of those alone whose number is not withheld.
    """
    of = some = 0
    for part in parts:
        of += len(_people(part, "people"))
        cared_for = _people(part, *how)
        some += len(cared_for)
        if shown:
            withheld = _people(part, "withheld_people")
            of, some = of - len(withheld), some - len(cared_for & withheld)
    return _share(some, of)


def _people(part: Part, *groups: Group) -> set[str]:
    """Give who is in any of these groups, on any line; the very set where there is but one."""
    sets: list[set[str]] = [
        people for group in groups for one in part.lines if (people := getattr(one, group))
    ]
    return sets[0] if len(sets) == 1 else set().union(*sets)


def _occupancy(parts: Sequence[Part]) -> float | None:
    listeners = [listener for part in parts for listener in part.listeners]
    talking = sum(listener.talking_seconds for listener in listeners)
    return _share(talking, sum(listener.on_duty_seconds for listener in listeners))


def _share(some: float, of: float) -> float | None:
    return some / of if of else None


def _interval(values: Sequence[float | None]) -> list[float] | None:
    known = [value for value in values if value is not None]
    if len(known) <= 1:
        return None
    freedom = len(known) - 1
    quantile = T_975[freedom - 1] if freedom <= len(T_975) else Z_975
    half = quantile * stdev(known) / sqrt(len(known))
    return [fmean(known) - half, fmean(known) + half]
