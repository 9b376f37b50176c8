"""Whom the dialplan's fallback group is rung for, as it begins: by our word, or by itself."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from router.core.commands import AnyCommand, SendToFallback
from router.core.events import (
    AnyEvent,
    CallerHungUp,
    CallerPutThrough,
    CallWaiting,
    FallbackAnswered,
    FallbackBegan,
    PbxResynced,
)
from router.core.seen import SeenCall
from router.observe.metrics import Metrics

log = structlog.get_logger(__name__)


class FallbackFigures:
    """Counts each time once, though it may be heard of again at a resync, or only there."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._with_it: set[str] = set()
        """The calls that were last heard of there."""

    def record(self, command: AnyCommand) -> None:
        """Note a command as it is carried out."""
        if isinstance(command, SendToFallback):
            self._metrics.sent_to_fallback.inc()
            log.warning("sent_to_fallback", call=command.call)

    def hear(self, event: AnyEvent) -> None:
        """Note an event that the engine has taken."""
        match event:
            case FallbackBegan():
                self._began(event.call, event.line)
            case CallerPutThrough() | FallbackAnswered():
                # With others, be it the group, which has begun by now, or whom a listener chose.
                self._with_it.add(event.call)
            case CallWaiting() | CallerHungUp():
                self._with_it.discard(event.call)
            case PbxResynced():
                self._resynced(event.calls)
            case _:
                pass

    def _resynced(self, calls: Sequence[SeenCall]) -> None:
        there = [one for one in calls if _is_with_it(one)]
        for one in there:
            if one.call not in self._with_it:
                self._began(one.call, one.line)
        self._with_it = {one.call for one in there}

    def _began(self, call: str, line: str) -> None:
        self._with_it.add(call)
        self._metrics.fallback_began.labels(line).inc()


def _is_with_it(seen: SeenCall) -> bool:
    """Say whether the group is rung for a caller, or has them: no leg of ours is in the bridge."""
    return seen.place == "fallback" or (seen.place == "talking" and seen.offer is None)
