"""What becomes of promises, and of asking for help, as Prometheus sees it."""

from __future__ import annotations

import pytest

from router.core.commands import (
    AnyCommand,
    ReportAnswer,
    ReportHelp,
    ReportOutcome,
    SendToFallback,
)
from router.core.floor import State
from router.core.promise import Promise, PromiseState
from router.core.promise_commands import PromiseResult, ReportPromise
from router.observe.metrics import Metrics
from router.runtime.promise_figures import PromiseFigures
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits

NOW = 1_700_000_000.0
CALL = "1700000000.1"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def figure(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"decroche_{name}", labels)


def record(metrics: Metrics, *told: AnyCommand) -> None:
    recorder = Recorder(metrics, lambda *_: False, SaidWaits(lambda *_: None))
    for command in told:
        recorder.record(command, NOW)


def promise(result: PromiseResult, late_seconds: float) -> ReportPromise:
    return ReportPromise("p-1", "health", "key", result, late_seconds, 1, "anne")


def test_a_promise_kept_in_time_is_late_by_nothing_however_early(metrics: Metrics) -> None:
    record(metrics, promise("kept", -600.0))
    assert figure(metrics, "promise_lateness_seconds_bucket", line="health", le="0.0") == 1.0
    assert figure(metrics, "promise_lateness_seconds_sum", line="health") == 0.0


def test_a_promise_kept_late_is_late_by_so_much(metrics: Metrics) -> None:
    record(metrics, promise("kept", 200.0), promise("not_reached", 900.0))
    assert figure(metrics, "promise_lateness_seconds_sum", line="health") == 200.0
    assert figure(metrics, "promise_lateness_seconds_bucket", line="health", le="60.0") == 0.0
    assert figure(metrics, "promises_kept_total", line="health", on_time="no") == 1.0


def overdue(metrics: Metrics, *promises: Promise) -> float | None:
    held = {one.name: one for one in promises}
    PromiseFigures(metrics).show(State(promises=held, now=NOW), NOW)
    return figure(metrics, "promise_overdue_seconds")


def late(state: PromiseState, by_seconds: float, deadline: float | None = None) -> Promise:
    then, due_by = NOW - 7_200.0, NOW - by_seconds
    return Promise(
        state, "health", "hash", "key", then, then, then, due_by, state=state, deadline=deadline
    )


def test_a_call_back_that_we_owe_and_is_late_is_overdue_by_so_much(metrics: Metrics) -> None:
    assert overdue(metrics, late("searching", 300.0), late("waiting", 60.0, NOW + 60.0)) == 300.0
    assert overdue(metrics, late("waiting", -60.0, NOW + 30.0)) == 0.0


@pytest.mark.parametrize("state", ["with_seniors", "rang_back", "talking"])
def test_what_a_person_sees_to_hides_no_call_back_that_a_fault_of_ours_holds_up(
    metrics: Metrics, state: PromiseState
) -> None:
    assert overdue(metrics, late(state, 36_000.0)) == 0.0
    assert overdue(metrics, late(state, 36_000.0), late("waiting", 90.0, NOW + 5.0)) == 90.0


def test_who_may_not_be_rung_before_the_morning_is_not_overdue_all_night(metrics: Metrics) -> None:
    assert overdue(metrics, late("waiting", 600.0, NOW + 30_000.0)) == 0.0


def test_asking_for_help_is_counted_by_whom_and_by_what_came_of_it(metrics: Metrics) -> None:
    record(metrics, ReportHelp(CALL, "health", "anne", "senior", "nobody", 60.0))
    labels = {"line": "health", "kind": "senior", "result": "nobody"}
    assert figure(metrics, "help_searches_total", **labels) == 1.0


def test_each_caller_who_is_sent_to_the_fallback_is_counted(metrics: Metrics) -> None:
    record(metrics, SendToFallback(CALL), SendToFallback("1700000000.2"))
    assert figure(metrics, "sent_to_fallback_total") == 2.0


def test_how_long_somebody_waited_whose_talk_was_found_is_in_no_figure(metrics: Metrics) -> None:
    record(
        metrics,
        ReportAnswer(CALL, "health", "anne", 7.0),
        ReportAnswer("1700000000.2", "health", "anne", 400.0, begin_seen=False),
        ReportOutcome("1700000000.2", "health", "answered", 400.0, 60.0, 1, begin_seen=False),
    )
    assert figure(metrics, "answer_wait_seconds_count", line="health") == 1.0
    assert figure(metrics, "answer_wait_seconds_sum", line="health") == 7.0
    assert figure(metrics, "answers_unseen_total", line="health") == 1.0
    assert figure(metrics, "calls_total", line="health", outcome="answered") == 1.0
