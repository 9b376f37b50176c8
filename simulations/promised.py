"""What became of the promises, as it stands when the run is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from router.report.quantile import quantile
from simulations.records import CallRecord, KeptBy, PromiseRecord, RunRecord

Fate = Literal["promise_kept", "promise_open", "promise_broken"]


class DuePromise(Struct, frozen=True):
    """A promise that was kept, or was due by the end of the run."""

    line: str
    kept_by: KeptBy | None
    after_seconds: float | None
    """From when it could first be kept to that; None if it was not kept."""
    late_seconds: float | None
    """From its due time to being kept, below 0 before it; None if it was not kept."""

    @property
    def is_in_time(self) -> bool:
        """Say whether it was kept, and no later than was promised."""
        return self.late_seconds is not None and self.late_seconds <= 0.0


def fate_of(call: CallRecord, run: RunRecord) -> Fate | None:
    """Give what became of the promise with which a call ended; None if it ended otherwise."""
    promise = _promise_of(call, run)
    if promise is None:
        return None
    if promise.kept is not None:
        return "promise_kept"
    return "promise_open" if run.simulated_seconds < promise.due_by else "promise_broken"


def due_promises(run: RunRecord) -> Iterator[DuePromise]:
    """Give each promise that was kept, or due by the end; of two that became one, that one."""
    for one in run.promises.values():
        if one.result in ("joined", "cancelled"):
            continue
        if one.kept is not None:
            possible_since = max(one.noted, one.not_before)
            after_seconds, late_seconds = one.kept - possible_since, one.kept - one.due_by
            yield DuePromise(one.line, one.kept_by, max(0.0, after_seconds), late_seconds)
        elif one.due_by <= run.simulated_seconds:
            yield DuePromise(one.line, None, None, None)


def promise_counts(promises: Sequence[DuePromise]) -> dict[str, int]:
    """Count promises, by how they were kept."""
    return {
        "promises_due": len(promises),
        "promises_kept_in_time": sum(one.is_in_time for one in promises),
        "kept_by_ringing_back": sum(one.kept_by == "ringing_back" for one in promises),
        "kept_in_the_same_call": sum(one.kept_by == "same_call" for one in promises),
    }


def promise_measures(promises: Sequence[DuePromise]) -> dict[str, float | None]:
    """Say how soon, and how late at the worst, promises were kept."""
    after = sorted(one.after_seconds for one in promises if one.after_seconds is not None)
    late = [one.late_seconds for one in promises if one.late_seconds is not None]
    in_time = sum(one.is_in_time for one in promises)
    return {
        "promises_kept_in_time_share": in_time / len(promises) if promises else None,
        "kept_after_p50_s": quantile(after, 0.50),
        "kept_after_p95_s": quantile(after, 0.95),
        "late_max_s": max(0.0, *late) if late else None,
    }


def _promise_of(call: CallRecord, run: RunRecord) -> PromiseRecord | None:
    found = run.promises.get(call.promise or "") if call.outcome == "promised" else None
    while found is not None and found.into is not None:
        found = run.promises.get(found.into)
    return found
