"""The figures that Prometheus reads. No label grows with the callers or the listeners."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

ANSWER_WAIT_EDGES_SECONDS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300)
FREE_TO_RING_EDGES_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)
LOOP_LAG_EDGES_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)
JOURNAL_WRITE_EDGES_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5)


class Metrics:
    """All metrics, on a registry of their own."""

    def __init__(self, version: str = "unknown") -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("decroche_build", "What is running.", registry=registry).info({"version": version})

        self.calls = Counter(
            "decroche_calls_total", "Calls that ended.", ["line", "outcome"], registry=registry
        )
        self.calls_waiting = Gauge(
            "decroche_calls_waiting", "Callers waiting for a human.", ["line"], registry=registry
        )
        self.longest_wait_seconds = Gauge(
            "decroche_longest_wait_seconds",
            "How long the caller who has waited longest has waited.",
            registry=registry,
        )
        self.answer_wait_seconds = Histogram(
            "decroche_answer_wait_seconds",
            "From a caller's arrival to both legs in one bridge.",
            ["line"],
            buckets=ANSWER_WAIT_EDGES_SECONDS,
            registry=registry,
        )
        self.listeners = Gauge(
            "decroche_listeners", "Listeners, by what they are doing.", ["state"], registry=registry
        )
        self.offers = Counter(
            "decroche_offers_total", "Offers that ended.", ["line", "result"], registry=registry
        )
        self.free_to_ring_seconds = Histogram(
            "decroche_free_to_ring_seconds",
            "From a listener being free to the next waiting caller's ring leaving.",
            buckets=FREE_TO_RING_EDGES_SECONDS,
            registry=registry,
        )
        self._routing_metrics(registry)
        self._wrap_up_metrics(registry)
        self._link_metrics(registry)
        self._daemon_metrics(registry)

    def _routing_metrics(self, registry: CollectorRegistry) -> None:
        self.rungs = Counter(
            "decroche_rungs_total",
            "Calls that came to a further rung of their line's ladder, counted from 0.",
            ["line", "rung"],
            registry=registry,
        )
        self.care_bendings = Counter(
            "decroche_care_bendings_total",
            "Calls given to a listener though a preference spoke against it.",
            ["kind"],
            registry=registry,
        )
        self.next_call_miss_risk = Gauge(
            "decroche_next_call_miss_risk",
            "The chance that the line's next call is not answered within its target.",
            ["line"],
            registry=registry,
        )
        self.expected_wait_seconds = Gauge(
            "decroche_expected_wait_seconds",
            "How much longer the last in line waits, nine times in ten; infinite if unknown.",
            ["line"],
            registry=registry,
        )
        self.wakes = Counter(
            "decroche_wakes_total",
            "Times that those on call were to be woken, by the line at risk.",
            ["line"],
            registry=registry,
        )

    def _wrap_up_metrics(self, registry: CollectorRegistry) -> None:
        self.dispositions = Counter(
            "decroche_dispositions_total",
            "What listeners said that a talk led to, each time that they did.",
            ["line", "disposition"],
            registry=registry,
        )
        self.hard_talks = Counter(
            "decroche_hard_talks_total",
            "Times that a listener marked a talk as hard.",
            registry=registry,
        )
        self.senior_call_backs_owed = Counter(
            "decroche_senior_call_backs_owed_total",
            "Callers whom a senior is to call back at once, by their listener's word.",
            ["line"],
            registry=registry,
        )

    def _link_metrics(self, registry: CollectorRegistry) -> None:
        self.ami_connected = Gauge(
            "decroche_ami_connected", "1 while the link to Asterisk is up.", registry=registry
        )
        self.ami_last_event_timestamp_seconds = Gauge(
            "decroche_ami_last_event_timestamp_seconds",
            "Epoch time of the last message from Asterisk.",
            registry=registry,
        )
        self.resyncs = Counter(
            "decroche_resyncs_total",
            "Times the state was compared with Asterisk's.",
            registry=registry,
        )
        self.ignored_events = Counter(
            "decroche_ignored_events_total",
            "Messages from Asterisk that were not acted upon.",
            ["reason"],
            registry=registry,
        )

    def _daemon_metrics(self, registry: CollectorRegistry) -> None:
        self.loop_lag_seconds = Histogram(
            "decroche_loop_lag_seconds",
            "How late the event loop woke up.",
            buckets=LOOP_LAG_EDGES_SECONDS,
            registry=registry,
        )
        self.journal_write_seconds = Histogram(
            "decroche_journal_write_seconds",
            "Storing one group of events.",
            buckets=JOURNAL_WRITE_EDGES_SECONDS,
            registry=registry,
        )
        self.journal_connected = Gauge(
            "decroche_journal_connected", "1 while events are being stored.", registry=registry
        )
        self.journal_unreadable_entries = Counter(
            "decroche_journal_unreadable_entries_total",
            "Journal entries skipped at the start.",
            registry=registry,
        )
        self.invariant_violations = Counter(
            "decroche_invariant_violations_total",
            "Times that something was found as it must never be.",
            registry=registry,
        )
        self.config_generation = Gauge(
            "decroche_config_generation",
            "Counts the configurations taken since the start.",
            registry=registry,
        )

    def render(self) -> bytes:
        """Give all metrics in Prometheus' text format."""
        return generate_latest(self.registry)
