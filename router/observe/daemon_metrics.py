"""Figures about the daemon itself."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from router.observe.log_writer import LINES_DROPPED

LOOP_LAG_EDGES_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)


class DaemonMetrics:
    """What runs, by which rules, how swiftly, and whether all is as it must be."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        self.build = Info("decroche_build", "1, with what is running.", registry=registry)
        self.build.info({"version": version})
        self.loop_lag_seconds = Histogram(
            "decroche_loop_lag_seconds",
            "How late the event loop woke up.",
            buckets=LOOP_LAG_EDGES_SECONDS,
            registry=registry,
        )
        self.loop_last_turn_timestamp_seconds = Gauge(
            "decroche_loop_last_turn_timestamp_seconds",
            "Epoch time at which the loop that routes calls last turned: each 2 s at least.",
            registry=registry,
        )
        self.invariant_violations = Counter(
            "decroche_invariant_violations_total",
            "Times that something was found as it must never be.",
            registry=registry,
        )
        self.log_lines_dropped = LINES_DROPPED
        registry.register(LINES_DROPPED)
        self.config_generation = Gauge(
            "decroche_config_generation",
            "Counts the configurations taken since the start.",
            registry=registry,
        )
        self.config_last_reload_successful = Gauge(
            "decroche_config_last_reload_successful",
            "0 if the configuration was refused that was last to be taken: the one before holds.",
            registry=registry,
        )
        # A daemon whose first configuration is refused does not start.
        self.config_last_reload_successful.set(1)

    def config_taken(self, generation: int) -> None:
        """Note that the daemon goes by its so-manieth configuration from now on."""
        self.config_generation.set(generation)
        self.config_last_reload_successful.set(1)
