"""What is told of talks that are over, as log lines and figures."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from router.core.commands import ReportDisposition
from router.core.events import Disposition, TalkMarkedHard
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
    return Recorder(metrics, lambda *_: None, SaidWaits(lambda *_: None))


def disposed(disposition: Disposition, orientation: str | None = None) -> ReportDisposition:
    return ReportDisposition(CALL, "health", "anne", disposition, orientation)


def counted(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"decroche_{name}_total", labels)


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
        ("talk_disposed", "info"),
        ("senior_call_back_owed", "warning"),
    ]


def test_a_talk_marked_hard_is_counted(recorder: Recorder, metrics: Metrics) -> None:
    recorder.hear(TalkMarkedHard("anne"))
    assert counted(metrics, "hard_talks") == 1
