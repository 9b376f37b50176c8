"""What the pictures of promises show, counted from the records of all replications together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulations.promised import due_promises
from simulations.records import PromiseRecord, RunRecord

MOMENTS = 160
"""So many points across a run: no more could be told apart."""


@dataclass(frozen=True)
class Standing:
    """How many promises stood how at each of some moments."""

    at_seconds: list[float]
    open: list[int]
    """Not kept, and not due yet."""
    kept: list[int]
    """By then."""
    overdue: list[int]
    """Due by then, and not kept by then."""


def standing(records: Sequence[RunRecord]) -> Standing:
    """Follow the promises through the run."""
    promises = [one for run in records for one in run.promises.values() if _counts(one)]
    end = max((run.simulated_seconds for run in records), default=0.0)
    at = [end * step / MOMENTS for step in range(MOMENTS + 1)]
    noted, kept, due, late_kept = (
        _by(moments, at)
        for moments in (
            (one.noted for one in promises),
            (one.kept for one in promises if one.kept is not None),
            (max(one.due_by, one.noted) for one in promises if not _kept_in_time(one)),
            (one.kept for one in promises if one.kept is not None and not _kept_in_time(one)),
        )
    )
    overdue = [one - other for one, other in zip(due, late_kept, strict=True)]
    still = [a - b - c for a, b, c in zip(noted, kept, overdue, strict=True)]
    return Standing(at, still, kept, overdue)


def minutes_late(records: Sequence[RunRecord]) -> list[float]:
    """Give of each promise kept how many minutes after its due time; below 0: before it."""
    return [
        one.late_seconds / 60.0
        for run in records
        for one in due_promises(run)
        if one.late_seconds is not None
    ]


def _counts(promise: PromiseRecord) -> bool:
    return promise.result not in ("joined", "cancelled")


def _kept_in_time(promise: PromiseRecord) -> bool:
    return promise.kept is not None and promise.kept <= promise.due_by


def _by(moments: Iterable[float], at: Sequence[float]) -> list[int]:
    """Count how many of these moments were over at each of those."""
    ordered = sorted(moments)
    return [bisect_right(ordered, one) for one in at]
