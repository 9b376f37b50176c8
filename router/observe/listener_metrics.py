"""Figures about listeners, all of them together: none is named."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class ListenerMetrics:
    """Who is there, who is spared, and who had to be woken."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.listeners = Gauge(
            "decroche_listeners",
            "Listeners, by what they are doing and by pool.",
            ["state", "pool"],
            registry=registry,
        )
        self.listeners_on_duty = Gauge(
            "decroche_listeners_on_duty",
            "Listeners on duty whom the line's ladder asks for, but for the last rung, which asks "
            "everybody.",
            ["line"],
            registry=registry,
        )
        self.care_bendings = Counter(
            "decroche_care_bendings_total",
            "Calls given to a listener though a preference spoke against it.",
            ["kind"],
            registry=registry,
        )
        self.wakes = Counter(
            "decroche_wakes_total",
            "Times that those on call were to be woken, by the line at risk.",
            ["line"],
            registry=registry,
        )
        self.wakes_in_a_row = Gauge(
            "decroche_wakes_in_a_row",
            "How often those on call have been woken since the line's risk was last low.",
            ["line"],
            registry=registry,
        )
