"""The daemon's own figures, read from its /metrics as Prometheus reads them."""

from __future__ import annotations

from collections import Counter, defaultdict

from msgspec import Struct
from prometheus_client.parser import text_string_to_metric_families


class Figures(Struct, frozen=True):
    """What the daemon counts, of calls that have ended and of waits until a human."""

    outcomes: dict[str, int]
    waits: int
    waited_seconds: float
    cpu_seconds: float
    violations: int
    paused: int
    """Listeners who are on a break."""

    @property
    def pickup(self) -> float | None:
        """The share of calls that reached a human; None before the first has ended."""
        reached = self.outcomes.get("answered", 0) + self.outcomes.get("fallback_answered", 0)
        out = ("left_early", "refused")
        offered = sum(count for name, count in self.outcomes.items() if name not in out)
        return reached / offered if offered else None

    @property
    def mean_wait_seconds(self) -> float | None:
        """From the arrival to both legs in one bridge; None before the first."""
        return self.waited_seconds / self.waits if self.waits else None


def read_figures(text: str) -> Figures:
    """Read them from Prometheus' text format."""
    outcomes: Counter[str] = Counter()
    sums: defaultdict[str, float] = defaultdict(float)
    listeners: Counter[str] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == "decroche_calls_total":
                outcomes[sample.labels["outcome"]] += int(sample.value)
            elif sample.name == "decroche_listeners":
                listeners[sample.labels["state"]] += int(sample.value)
            elif "le" not in sample.labels:
                sums[sample.name] += sample.value
    return Figures(
        outcomes=dict(outcomes),
        waits=int(sums["decroche_answer_wait_seconds_count"]),
        waited_seconds=sums["decroche_answer_wait_seconds_sum"],
        cpu_seconds=sums["process_cpu_seconds_total"],
        violations=int(sums["decroche_invariant_violations_total"]),
        paused=listeners["paused"],
    )
