from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from router.observe.metrics import Metrics

LABELS_THAT_DO_NOT_GROW = {
    "line",
    "outcome",
    "result",
    "state",
    "reason",
    "kind",
    "disposition",
    "version",
    "le",
}


def families(metrics: Metrics) -> dict[str, set[str]]:
    return {
        family.name: {label for sample in family.samples for label in sample.labels}
        for family in text_string_to_metric_families(metrics.render().decode())
    }


def used_metrics() -> Metrics:
    metrics = Metrics(version="0.1.0")
    metrics.calls.labels(line="health", outcome="answered").inc()
    metrics.calls_waiting.labels(line="health").set(2)
    metrics.answer_wait_seconds.labels(line="health").observe(7)
    metrics.listeners.labels(state="ready").set(3)
    metrics.offers.labels(line="health", result="talked").inc()
    metrics.ignored_events.labels(reason="bad_token").inc()
    metrics.care_bendings.labels(kind="fair_share").inc()
    metrics.next_call_miss_risk.labels(line="health").set(0.01)
    metrics.wakes.labels(line="health").inc()
    metrics.dispositions.labels(line="health", disposition="abuse").inc()
    metrics.senior_call_backs_owed.labels(line="health").inc()
    return metrics


def test_every_metric_that_the_dashboards_rely_on_is_there() -> None:
    assert {
        "decroche_calls",
        "decroche_calls_waiting",
        "decroche_longest_wait_seconds",
        "decroche_answer_wait_seconds",
        "decroche_listeners",
        "decroche_offers",
        "decroche_ami_connected",
        "decroche_ami_last_event_timestamp_seconds",
        "decroche_resyncs",
        "decroche_loop_lag_seconds",
        "decroche_journal_write_seconds",
        "decroche_journal_connected",
        "decroche_journal_unreadable_entries",
        "decroche_ignored_events",
        "decroche_invariant_violations",
        "decroche_config_generation",
        "decroche_free_to_ring_seconds",
        "decroche_care_bendings",
        "decroche_next_call_miss_risk",
        "decroche_expected_wait_seconds",
        "decroche_wakes",
        "decroche_dispositions",
        "decroche_hard_talks",
        "decroche_senior_call_backs_owed",
        "decroche_build_info",
        "process_resident_memory_bytes",
    } <= set(families(used_metrics()))


def test_no_label_grows_with_callers_or_listeners() -> None:
    assert set().union(*families(used_metrics()).values()) <= LABELS_THAT_DO_NOT_GROW


def test_an_answer_within_ten_seconds_is_counted_as_such() -> None:
    shown = used_metrics().render()
    assert b'decroche_answer_wait_seconds_bucket{le="5.0",line="health"} 0.0' in shown
    assert b'decroche_answer_wait_seconds_bucket{le="10.0",line="health"} 1.0' in shown


def test_two_daemons_in_one_process_do_not_share_figures() -> None:
    used_metrics()
    assert b'outcome="answered"' not in Metrics().render()
