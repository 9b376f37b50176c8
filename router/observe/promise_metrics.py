"""Figures about promises, and about those who ask for one."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LATENESS_EDGES_SECONDS = (0, 60, 300, 900, 1_800, 3_600, 7_200, 21_600, 86_400)


class PromiseMetrics:
    """Call-backs: owed, kept, late, and not to be noted."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.promises = Counter(
            "decroche_promises_total",
            "What became of call-backs that are owed, and of each attempt to keep one.",
            ["line", "origin", "result"],
            registry=registry,
        )
        self.promises_kept = Counter(
            "decroche_promises_kept_total",
            "Call-backs that were kept, by whether it was on time.",
            ["line", "on_time"],
            registry=registry,
        )
        self.promise_lateness_seconds = Histogram(
            "decroche_promise_lateness_seconds",
            "How late call-backs were kept, after they were due: 0 for those in time.",
            ["line"],
            buckets=LATENESS_EDGES_SECONDS,
            registry=registry,
        )
        self._show_what_is_owed(registry)
        self.promises_not_noted = Counter(
            "decroche_promises_not_noted_total",
            "Call-backs asked for that could not be put on durable storage, or not be promised.",
            ["reason"],
            registry=registry,
        )
        self.promise_store_up = Gauge(
            "decroche_promise_store_up",
            "0 while what is written of promises and numbers is not confirmed to be on disk.",
            registry=registry,
        )
        # Nothing has been written yet, so nothing has failed; and where none is promised, none can.
        self.promise_store_up.set(1)
        self.api_requests = Counter(
            "decroche_api_requests_total",
            "Requests to the API for call-backs, by the client, or `stranger`, and HTTP status.",
            ["client", "status"],
            registry=registry,
        )

    def _show_what_is_owed(self, registry: CollectorRegistry) -> None:
        self.promises_owed = Gauge(
            "decroche_promises_owed",
            "Call-backs, by where they stand.",
            ["state"],
            registry=registry,
        )
        self.promise_overdue_seconds = Gauge(
            "decroche_promise_overdue_seconds",
            "For how long the most overdue call-back has been so that is for us to keep now.",
            registry=registry,
        )
        self.promises_without_number = Gauge(
            "decroche_promises_without_number",
            "Open call-backs whose number is lost: nobody can be rung for them.",
            registry=registry,
        )
