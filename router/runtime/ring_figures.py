"""How many phones ring for a call, and whether callers get the listener whom they know."""

from __future__ import annotations

from router.core.commands import ReportAnswer, ReportOffer, ReportOutcome, RingListener
from router.observe.metrics import Metrics


class RingFigures:
    """Follows each ring from its begin to its end."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._ringing: dict[str, set[str]] = {}
        """Call to the offers that have not ended."""
        self._usual: dict[str, str] = {}
        """Call whose caller is on the line to their usual listener, who was rung for it."""

    def rung(self, told: RingListener) -> None:
        """Note that one more phone rings."""
        ringing = self._ringing.setdefault(told.call, set())
        ringing.add(told.offer)
        self._metrics.ring_width.labels(told.line).observe(len(ringing))
        if told.known_caller and not (told.to_call_back or told.to_help):
            self._usual[told.call] = told.listener

    def offer_over(self, told: ReportOffer) -> None:
        """Note that one rings no more, or that its talk is over."""
        ringing = self._ringing.get(told.call, set())
        ringing.discard(told.offer)
        if not ringing:
            self._ringing.pop(told.call, None)

    def answered(self, told: ReportAnswer) -> None:
        """Note who took a call."""
        usual = self._usual.pop(told.call, None)
        if usual is not None:
            result = "usual" if told.listener == usual else "another"
            self._metrics.same_listener.labels(told.line, result).inc()

    def ended(self, told: ReportOutcome) -> None:
        """Forget a call."""
        self._usual.pop(told.call, None)
