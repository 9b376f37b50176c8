"""Figures about what the daemon is linked to beside Asterisk: the journal, a broker."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

JOURNAL_WRITE_EDGES_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5)


class LinkMetrics:
    """Whether each link is up, and what has gone wrong on it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.broker_connected = Gauge(
            "decroche_broker_connected",
            "1 while the link to a message broker is up; not there without one.",
            ["protocol"],
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
