"""What is told of talks by those who are in them, as log lines and figures."""

from __future__ import annotations

import structlog

from router.core.commands import AnyCommand, ReportDisposition, ReportHelp
from router.core.events import AnyEvent, TalkMarkedHard
from router.observe.metrics import Metrics

log = structlog.get_logger(__name__)


class TalkFigures:
    """Counts and tells what a talk led to, whether it was hard, and who was asked to help in it."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def record(self, command: AnyCommand) -> None:
        """Note a command as it is carried out."""
        match command:
            case ReportDisposition():
                self._disposed(command)
            case ReportHelp():
                self._helped(command)
            case _:
                pass

    def hear(self, event: AnyEvent) -> None:
        """Note an event that the engine has taken and that no command tells of."""
        if isinstance(event, TalkMarkedHard):
            self._metrics.hard_talks.inc()
            log.info("talk_marked_hard", listener=event.listener)

    def _disposed(self, told: ReportDisposition) -> None:
        self._metrics.dispositions.labels(told.line, told.disposition).inc()
        log.info(
            "talk_disposed",
            call=told.call,
            line=told.line,
            listener=told.listener,
            disposition=told.disposition,
            orientation=told.orientation,
        )

    def _helped(self, told: ReportHelp) -> None:
        self._metrics.help_searches.labels(told.line, told.kind, told.result).inc()
        log.info(
            "help_search_over",
            call=told.call,
            line=told.line,
            listener=told.listener,
            kind=told.kind,
            result=told.result,
            waited_seconds=round(told.waited_seconds, 3),
        )
