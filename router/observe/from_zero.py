"""Shows counters as 0 before the first: Prometheus sees no increase where nothing was before."""

from __future__ import annotations

from typing import Final, get_args

from router.core.commands import HelpResult, OfferResult, Outcome
from router.core.events import Disposition, Help
from router.core.machine import EventRefused
from router.core.policy import Line, Preference
from router.observe.metrics import Metrics

FAULTS_IN_NOTING: Final = ("store", "too_slow", "no_number")
"""Why a promise is not noted that could have been; other reasons are the number's own."""

SAME_LISTENER_RESULTS: Final = ("usual", "another")


def show_faults_from_zero(metrics: Metrics) -> None:
    """Show what no line has a part in."""
    for reason in FAULTS_IN_NOTING:
        metrics.promises_not_noted.labels(reason)
    for kind in get_args(Preference):
        metrics.care_bendings.labels(kind)
    for refusal in EventRefused.__subclasses__():
        metrics.ignored_events.labels(refusal.__name__)


def show_line_from_zero(metrics: Metrics, line: Line) -> None:
    """Show what can happen on a line."""
    name = line.name
    metrics.answers_unseen.labels(name)
    for outcome in get_args(Outcome):
        metrics.calls.labels(name, outcome)
    for result in get_args(OfferResult):
        metrics.offers.labels(name, result)
    for result in SAME_LISTENER_RESULTS:
        metrics.same_listener.labels(name, result)
    for disposition in get_args(Disposition):
        metrics.dispositions.labels(name, disposition)
    for kind in get_args(Help):
        for result in get_args(HelpResult):
            metrics.help_searches.labels(name, kind, result)
    for rung in range(1, len(line.ladder)):
        metrics.rungs.labels(name, str(rung))
    for on_time in ("yes", "no"):
        metrics.promises_kept.labels(name, on_time)
    for plain in (
        metrics.answer_wait_seconds,
        metrics.fallback_began,
        metrics.ring_width,
        metrics.promise_lateness_seconds,
        metrics.senior_call_backs_owed,
        metrics.wakes,
    ):
        plain.labels(name)
