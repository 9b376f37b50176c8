"""Figures about callers: how many, how long they wait, and what became of them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

ANSWER_WAIT_EDGES_SECONDS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300)
FREE_TO_RING_EDGES_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)
RING_WIDTH_EDGES = (1, 2, 3, 5, 8, 13, 21, 34)


class CallMetrics:
    """Calls, and the rings that they cause."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.calls = Counter(
            "decroche_calls_total", "Calls that ended.", ["line", "outcome"], registry=registry
        )
        self.calls_waiting = Gauge(
            "decroche_calls_waiting", "Callers waiting for a human.", ["line"], registry=registry
        )
        self.longest_wait_seconds = Gauge(
            "decroche_longest_wait_seconds",
            "How long the caller has waited who has waited longest, but for those who chose to "
            "wait for one listener; 0 while nobody waits.",
            ["line"],
            registry=registry,
        )
        self.answer_wait_seconds = Histogram(
            "decroche_answer_wait_seconds",
            "From a caller's arrival to both legs in one bridge, where that was seen.",
            ["line"],
            buckets=ANSWER_WAIT_EDGES_SECONDS,
            registry=registry,
        )
        self.expected_wait_seconds = Gauge(
            "decroche_expected_wait_seconds",
            "How much longer the last in line waits, nine times in ten; infinite if unknown.",
            ["line"],
            registry=registry,
        )
        self.rungs = Counter(
            "decroche_rungs_total",
            "Calls that came to a further rung of their line's ladder, counted from 0.",
            ["line", "rung"],
            registry=registry,
        )
        self.line_open = Gauge(
            "decroche_line_open",
            "1 while the line is open, or another one takes its callers.",
            ["line"],
            registry=registry,
        )
        self.next_call_miss_risk = Gauge(
            "decroche_next_call_miss_risk",
            "The chance that the line's next call is not answered within its target.",
            ["line"],
            registry=registry,
        )
        self._fallback_metrics(registry)
        self._ring_metrics(registry)
        self._talk_metrics(registry)

    def _fallback_metrics(self, registry: CollectorRegistry) -> None:
        self.sent_to_fallback = Counter(
            "decroche_sent_to_fallback_total",
            "Times that a caller was handed to the dialplan's fallback group.",
            registry=registry,
        )
        self.fallback_began = Counter(
            "decroche_fallback_began_total",
            "Callers for whom the dialplan began to ring its fallback group, told to or by itself.",
            ["line"],
            registry=registry,
        )

    def _ring_metrics(self, registry: CollectorRegistry) -> None:
        self.offers = Counter(
            "decroche_offers_total", "Offers that ended.", ["line", "result"], registry=registry
        )
        self.ring_width = Histogram(
            "decroche_ring_width",
            "How many phones ring for a call as one more of them begins to, that one included.",
            ["line"],
            buckets=RING_WIDTH_EDGES,
            registry=registry,
        )
        self.same_listener = Counter(
            "decroche_same_listener_total",
            "Callers answered whose usual listener was rung: by that one, or by another.",
            ["line", "result"],
            registry=registry,
        )
        self.free_to_ring_seconds = Histogram(
            "decroche_free_to_ring_seconds",
            "From the instant at which the rules have a phone ring to the order for it leaving.",
            buckets=FREE_TO_RING_EDGES_SECONDS,
            registry=registry,
        )

    def _talk_metrics(self, registry: CollectorRegistry) -> None:
        self.answers_unseen = Counter(
            "decroche_answers_unseen_total",
            "Callers answered while the link or the daemon was down: how long they waited is not "
            "known, and in no figure.",
            ["line"],
            registry=registry,
        )
        self.help_searches = Counter(
            "decroche_help_searches_total",
            "Times that a listener in a talk asked for a senior, or for help with a shock.",
            ["line", "kind", "result"],
            registry=registry,
        )
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
            "Callers whom a senior is to call back at once and whom nobody has promised it.",
            ["line"],
            registry=registry,
        )
