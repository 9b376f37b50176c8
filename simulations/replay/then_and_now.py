"""The figures of a replay, then and now, by the one definition that all figures have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulations.figures import figures
from simulations.records import CallRecord, RunRecord
from simulations.replay.restep import Ended
from simulations.replay.study import Findings

KEPT = (
    "offered", "answered", "fallback_answered", "left_early", "refused", "lost",
    "pickup", "pickup_callers", "within_10_s", "within_15_s", "within_20_s", "within_30_s",
    "within_60_s", "wait_mean_s", "wait_p50_s", "wait_p95_s", "wait_p99_s", "wait_max_s",
)  # fmt: skip
"""What can be said of the calls alone."""

Blocks = dict[str, Any]


def then_and_now(findings: Findings) -> tuple[Blocks, Blocks]:
    """Give `total` and `lines` of what was, and of what would have been."""
    return _blocks(findings, findings.then), _blocks(findings, findings.now)


def _blocks(findings: Findings, fates: Mapping[str, Ended]) -> Blocks:
    run = RunRecord(
        scenario=findings.source,
        seed=0,
        simulated_seconds=0.0,
        wall_seconds=0.0,
        events=0,
        invariant_violations=0,
        calls=[_record(findings, name, fate) for name, fate in fates.items()],
        offers=(),
        listeners=(),
    )
    found: Any = figures([run])
    return {
        "total": _kept(found["total"]),
        "lines": {name: _kept(block) for name, block in found["lines"].items()},
    }


def _kept(block: Mapping[str, Any]) -> Blocks:
    return {key: block[key] for key in KEPT}


def _record(findings: Findings, name: str, fate: Ended) -> CallRecord:
    return CallRecord(
        call=name,
        line=findings.calls[name],
        person=findings.callers[name],
        withheld=findings.callers[name] == name,
        skills=(),
        arrived=0.0,
        ended=fate.waited_seconds + fate.talked_seconds,
        outcome=fate.outcome,
        waited_seconds=fate.waited_seconds,
        talked_seconds=fate.talked_seconds,
        listener=fate.listener,
        known_listener=None,
        offers=fate.offers,
    )
