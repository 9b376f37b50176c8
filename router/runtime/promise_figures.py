"""What has become of promises, and how those stand that are owed, as log lines and figures."""

from __future__ import annotations

from collections import Counter
from typing import Final, get_args

import structlog

from router.core.floor import State
from router.core.promise import Promise, PromiseState
from router.core.promise_commands import ReportPromise
from router.observe.metrics import Metrics

log = structlog.get_logger(__name__)


FAR_OFF_SECONDS: Final = 3_600.0
"""Whose next attempt is later than that is not rung at this hour: nothing is wrong."""


class PromiseFigures:
    """Counts and tells."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def record(self, told: ReportPromise) -> None:
        """Note what a promise, or an attempt to keep one, has come to."""
        self._metrics.promises.labels(told.line, told.origin, told.result).inc()
        if told.result == "kept":
            on_time = "yes" if told.late_seconds <= 0 else "no"
            self._metrics.promises_kept.labels(told.line, on_time).inc()
            lateness = self._metrics.promise_lateness_seconds.labels(told.line)
            lateness.observe(max(0.0, told.late_seconds))
        tell = log.warning if told.result == "with_seniors" else log.info
        tell(
            "promise",
            promise=told.promise,
            line=told.line,
            origin=told.origin,
            result=told.result,
            late_seconds=round(told.late_seconds, 3),
            attempts=told.attempts,
            listener=told.listener,
        )

    def show(self, state: State, own_now: float) -> None:
        """Show what is owed at this instant."""
        standing = Counter(one.state for one in state.promises.values())
        for name in get_args(PromiseState):
            self._metrics.promises_owed.labels(name).set(standing[name])
        due = (own_now - one.due_by for one in state.promises.values() if _is_ours(one, own_now))
        self._metrics.promise_overdue_seconds.set(max(0.0, max(due, default=0.0)))


def _is_ours(promise: Promise, own_now: float) -> bool:
    """Say whether it is for us to keep it now: else a fault of ours would be hidden behind it.

    Those with the seniors wait for a person, and have an alert of their own; who is on the line is
    seen as somebody who waits.
    """
    if promise.state in ("talking", "rang_back", "with_seniors"):
        return False
    return promise.deadline is None or promise.deadline - own_now < FAR_OFF_SECONDS
