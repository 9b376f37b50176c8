"""What is told of talks that are over, as log lines and figures."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from router.core.commands import ReportDisposition
from router.core.events import AnyEvent, Disposition, TalkMarkedHard
from router.core.promise_commands import NotePromise
from router.core.promise_events import PromiseNoted, PromiseNotNoted
from router.observe.metrics import Metrics
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits

NOW = 1_700_000_000.0
CALL = "1700000000.1"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def recorder(metrics: Metrics) -> Recorder:
    return Recorder(metrics, lambda *_: False, SaidWaits(lambda *_: None))


def disposed(disposition: Disposition, orientation: str | None = None) -> ReportDisposition:
    return ReportDisposition(CALL, "health", "anne", disposition, orientation)


def counted(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"decroche_{name}_total", labels)


def noted(promise: str) -> PromiseNoted:
    return PromiseNoted(promise, "health", "a-hash", "listener", NOW, NOW, NOW, CALL)


def test_what_a_talk_led_to_is_counted_by_line_and_told_with_the_orientation(
    recorder: Recorder, metrics: Metrics
) -> None:
    with capture_logs() as logs:
        recorder.record(disposed("orientation", "morel"), NOW)
    assert counted(metrics, "dispositions", line="health", disposition="orientation") == 1
    assert counted(metrics, "senior_call_backs_owed", line="health") is None
    (told,) = logs
    assert (told["event"], told["call"], told["orientation"]) == ("talk_disposed", CALL, "morel")


def test_a_senior_call_back_is_owed_and_told_so_that_somebody_can_be_alerted(
    recorder: Recorder, metrics: Metrics
) -> None:
    with capture_logs() as logs:
        recorder.record(disposed("senior_call_back"), NOW)
    assert counted(metrics, "senior_call_backs_owed", line="health") == 1
    assert [(one["event"], one["log_level"]) for one in logs] == [
        ("senior_call_back_owed", "warning"),
        ("talk_disposed", "info"),
    ]


@pytest.mark.parametrize(
    ("event", "owed"),
    [(noted("p-1"), 0), (PromiseNotNoted("p-1", CALL), 1), (PromiseNotNoted("p-2", CALL), 0)],
)
def test_a_senior_call_back_that_is_promised_is_no_alert_unless_it_could_not_be_noted(
    recorder: Recorder, metrics: Metrics, event: AnyEvent, owed: int
) -> None:
    recorder.record(
        NotePromise(
            "p-1", CALL, "health", "a-hash", "listener", NOW, NOW, NOW + 1.0, None, by_senior=True
        ),
        NOW,
    )
    recorder.record(disposed("senior_call_back"), NOW)
    for _ in range(2):
        recorder.hear(event)
    assert (counted(metrics, "senior_call_backs_owed", line="health") or 0) == owed


def test_a_talk_marked_hard_is_counted(recorder: Recorder, metrics: Metrics) -> None:
    recorder.hear(TalkMarkedHard("anne"))
    assert counted(metrics, "hard_talks") == 1
