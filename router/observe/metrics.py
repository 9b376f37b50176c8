"""The figures that Prometheus reads. No label grows with the callers or the listeners."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from router.observe.call_metrics import CallMetrics
from router.observe.daemon_metrics import DaemonMetrics
from router.observe.link_metrics import LinkMetrics
from router.observe.listener_metrics import ListenerMetrics
from router.observe.pbx_metrics import PbxMetrics
from router.observe.presence_metrics import PresenceMetrics
from router.observe.promise_metrics import PromiseMetrics


class Metrics(
    CallMetrics,
    ListenerMetrics,
    PromiseMetrics,
    PresenceMetrics,
    PbxMetrics,
    LinkMetrics,
    DaemonMetrics,
):
    """All metrics, on a registry of their own."""

    def __init__(self, version: str = "unknown") -> None:
        # When each series began: as many series again, and nothing of ours asks for them.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        CallMetrics.__init__(self, registry)
        ListenerMetrics.__init__(self, registry)
        PromiseMetrics.__init__(self, registry)
        PresenceMetrics.__init__(self, registry)
        PbxMetrics.__init__(self, registry)
        LinkMetrics.__init__(self, registry)
        DaemonMetrics.__init__(self, registry, version)

    def render(self) -> bytes:
        """Give all metrics in Prometheus' text format."""
        return generate_latest(self.registry)
