"""Call-backs by a senior that nobody but ops sees to: those of which no promise could be made."""

from __future__ import annotations

import structlog

from router.core.commands import AnyCommand, ReportDisposition
from router.core.events import AnyEvent
from router.core.promise_commands import NotePromise
from router.core.promise_events import PromiseNoted, PromiseNotNoted
from router.observe.metrics import Metrics

log = structlog.get_logger(__name__)


class SeniorCallBacks:
    """Counts and tells them."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._being_noted: dict[str, str] = {}
        """Promise, of which it is not known yet whether it is on disk, to the call it came from."""
        self._asked: dict[str, ReportDisposition] = {}

    def record(self, command: AnyCommand) -> None:
        """Note a command as it is carried out: what is to be noted comes before what is told."""
        match command:
            case NotePromise(by_senior=True):
                self._being_noted[command.promise] = command.call
            case ReportDisposition(disposition="senior_call_back"):
                if command.call in self._being_noted.values():
                    self._asked[command.call] = command
                else:
                    self._tell(command)
            case _:
                pass

    def hear(self, event: AnyEvent) -> None:
        """Note whether a promise could be made."""
        if not isinstance(event, PromiseNoted | PromiseNotNoted):
            return
        call = self._being_noted.pop(event.promise, "")
        asked = self._asked.pop(call, None)
        if asked is not None and isinstance(event, PromiseNotNoted):
            self._tell(asked)

    def _tell(self, asked: ReportDisposition) -> None:
        self._metrics.senior_call_backs_owed.labels(asked.line).inc()
        log.warning(
            "senior_call_back_owed", call=asked.call, line=asked.line, listener=asked.listener
        )
