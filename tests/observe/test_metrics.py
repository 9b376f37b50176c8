from __future__ import annotations

import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from router.observe.metrics import Metrics
from router.observe.page import page, told
from tests.observe.bench_scrape import measure
from tests.observe.crowd import Crowd
from tests.tidy.source import ROOT

LABELS_THAT_DO_NOT_GROW = {
    "client",
    "disposition",
    "kind",
    "le",
    "line",
    "on_time",
    "origin",
    "outcome",
    "pool",
    "protocol",
    "reason",
    "result",
    "rung",
    "state",
    "status",
    "version",
}

STEPS_AT_MOST = 1_000_000
"""Some 15 ms; most of them write the page, whoever is there."""
STEPS_FOR_A_LISTENER = 60


def labels_of(metrics: Metrics) -> set[str]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {label for family in families for sample in family.samples for label in sample.labels}


def test_the_page_of_metrics_is_what_the_code_has() -> None:
    written = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    assert written == page(Metrics()), "run: make metrics-page"


def test_every_metric_is_on_the_page_of_metrics() -> None:
    crowd = Crowd(10, 10)
    families = text_string_to_metric_families(crowd.scrape().decode())
    names = {one.name for one in families if not one.name.startswith("process_")}
    assert names <= {re.sub(r"_(total|info)$", "", one.name) for one in told(crowd.metrics)} | {
        "decroche_build_info"
    }


def test_every_metric_has_a_name_by_the_conventions_and_a_meaning_in_a_sentence() -> None:
    for one in told(Metrics()):
        assert re.fullmatch(r"decroche_[a-z]+(_[a-z]+)*", one.name), one.name
        assert one.name.endswith("_total") == (one.kind == "counter"), one.name
        assert one.meaning.endswith("."), one.name


def test_no_metric_has_a_label_that_grows_with_callers_or_listeners() -> None:
    assert {label for one in told(Metrics()) for label in one.labels} <= LABELS_THAT_DO_NOT_GROW
    assert labels_of(Crowd(10, 10).metrics) <= LABELS_THAT_DO_NOT_GROW


def test_there_are_as_many_series_with_many_callers_and_listeners_as_with_few() -> None:
    few, many = measure(40, 40, scrapes=1), measure(400, 300, scrapes=1)
    assert few.series == many.series


def steps_of_a_scrape(listeners: int) -> int:
    """Count the instructions of Python's that a scrape takes: they are the same on any machine."""
    steps = 0

    def trace(frame: FrameType, event: str, _more: object) -> Callable[..., Any]:
        nonlocal steps
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return trace

    crowd = Crowd(listeners, 100)
    crowd.scrape()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        crowd.recorder.set_gauges(crowd.engine.state, crowd.now)
        crowd.metrics.render()
    finally:
        sys.settrace(before)
    return steps


def test_a_scrape_is_swift_with_ten_thousand_listeners() -> None:
    few, many = steps_of_a_scrape(1_000), steps_of_a_scrape(10_000)
    # How long that takes is measured by `make bench-scrape`.
    assert 0 < few < many < STEPS_AT_MOST
    assert many - few < STEPS_FOR_A_LISTENER * 9_000


def test_an_answer_within_ten_seconds_is_counted_as_such() -> None:
    metrics = Metrics()
    metrics.answer_wait_seconds.labels(line="health").observe(7)
    shown = metrics.render()
    assert b'decroche_answer_wait_seconds_bucket{le="5.0",line="health"} 0.0' in shown
    assert b'decroche_answer_wait_seconds_bucket{le="10.0",line="health"} 1.0' in shown


def test_waits_have_the_edges_that_the_field_compares_itself_by() -> None:
    metrics = Metrics()
    metrics.answer_wait_seconds.labels(line="health")
    edges = re.findall(r'answer_wait_seconds_bucket\{le="([^"]+)"', metrics.render().decode())
    wanted = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, float("inf")]
    assert [float(edge) for edge in edges] == wanted


def test_two_daemons_in_one_process_do_not_share_figures() -> None:
    Metrics().calls.labels("health", "answered").inc()
    assert b'outcome="answered"' not in Metrics().render()


def test_nothing_is_wrong_with_what_has_not_been_tried_yet() -> None:
    shown = Metrics().render()
    assert b"decroche_promise_store_up 1.0" in shown
    assert b"decroche_config_last_reload_successful 1.0" in shown


def test_a_configuration_that_is_taken_ends_the_word_of_one_that_was_refused() -> None:
    metrics = Metrics()
    metrics.config_last_reload_successful.set(0)
    metrics.config_taken(3)
    shown = metrics.render()
    assert b"decroche_config_last_reload_successful 1.0" in shown
    assert b"decroche_config_generation 3.0" in shown
