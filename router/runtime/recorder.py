"""What the engine reports, as log lines and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

import structlog

from router.core import commands
from router.core.commands import AnyCommand
from router.core.events import AnyEvent, TalkMarkedHard
from router.core.floor import State
from router.core.listener import Activity
from router.observe.metrics import Metrics
from router.runtime.outlook import Outlook, Wake
from router.runtime.said_wait import SaidWaits

log = structlog.get_logger(__name__)

_WAITING = {"searching", "connecting", "fallback"}


class Recorder:
    """Counts and tells; nothing it does changes what happens."""

    def __init__(self, metrics: Metrics, wake: Wake, said_waits: SaidWaits) -> None:
        self._metrics = metrics
        self._outlook = Outlook(metrics, wake, said_waits)
        self._lines: set[str] = set()

    def record(self, command: AnyCommand, now: float) -> None:
        """Note a command as it is carried out."""
        match command:
            case commands.RingListener():
                self._rung(command, now)
            case commands.ReportAnswer():
                self._answered(command)
            case commands.ReportOffer():
                self._offer_over(command)
            case commands.ReportOutcome():
                self._ended(command)
            case commands.ReportRung():
                self._climbed(command)
            case commands.ReportBending():
                self._bent(command)
            case commands.ReportDisposition():
                self._disposed(command)
            case commands.SendToFallback():
                log.warning("sent_to_fallback", call=command.call)
            case _:
                pass

    def hear(self, event: AnyEvent) -> None:
        """Note an event that the engine has taken and that no command tells of."""
        if isinstance(event, TalkMarkedHard):
            self._metrics.hard_talks.inc()
            log.info("talk_marked_hard", listener=event.listener)

    def set_gauges(self, state: State, now: float) -> None:
        """Show what there is at this instant."""
        waiting = [
            call
            for call in state.calls.values()
            if call.state in _WAITING and call.help_wanted is None
        ]
        by_line = Counter(call.line.name for call in waiting)
        self._lines |= {*state.policy.lines, *by_line}
        for line in self._lines:
            self._metrics.calls_waiting.labels(line).set(by_line[line])
            # Shown as 0 before the first: Prometheus sees no increase where nothing was before.
            self._metrics.senior_call_backs_owed.labels(line)
        own_now = now + state.set_back_seconds
        longest = max((own_now - call.arrived for call in waiting), default=0.0)
        self._metrics.longest_wait_seconds.set(longest)
        doing = Counter(
            one.duty if one.duty != "on" else one.activity for one in state.listeners.values()
        )
        for name in ("off", "paused", *get_args(Activity)):
            self._metrics.listeners.labels(name).set(doing[name])

    def look_ahead(self, state: State, now: float) -> None:
        """Tell how likely each line's next call is missed."""
        self._outlook.look(state, now)

    def tell_violations(self, found: Sequence[str]) -> None:
        """Say loudly that something is as it must never be."""
        for words in found:
            self._metrics.invariant_violations.inc()
            log.error("invariant_violated", what=words)

    def _rung(self, command: commands.RingListener, now: float) -> None:
        self._metrics.free_to_ring_seconds.observe(max(0.0, now - command.possible_since))
        log.info(
            "listener_rung",
            call=command.call,
            offer=command.offer,
            listener=command.listener,
            line=command.line,
        )

    def _answered(self, command: commands.ReportAnswer) -> None:
        self._metrics.answer_wait_seconds.labels(command.line).observe(command.waited_seconds)
        log.info(
            "call_answered",
            call=command.call,
            line=command.line,
            listener=command.listener or "fallback",
            waited_seconds=round(command.waited_seconds, 3),
        )

    def _offer_over(self, command: commands.ReportOffer) -> None:
        self._metrics.offers.labels(command.line, command.result).inc()
        log.info(
            "offer_over",
            call=command.call,
            offer=command.offer,
            listener=command.listener,
            result=command.result,
        )

    def _climbed(self, command: commands.ReportRung) -> None:
        self._metrics.rungs.labels(command.line, str(command.rung)).inc()
        log.info(
            "rung_reached",
            call=command.call,
            line=command.line,
            rung=command.rung,
            waited_seconds=round(command.waited_seconds, 3),
        )

    def _bent(self, command: commands.ReportBending) -> None:
        self._metrics.care_bendings.labels(command.kind).inc()
        log.info(
            "preference_bent",
            call=command.call,
            line=command.line,
            listener=command.listener,
            kind=command.kind,
        )

    def _disposed(self, command: commands.ReportDisposition) -> None:
        self._metrics.dispositions.labels(command.line, command.disposition).inc()
        log.info(
            "talk_disposed",
            call=command.call,
            line=command.line,
            listener=command.listener,
            disposition=command.disposition,
            orientation=command.orientation,
        )
        if command.disposition == "senior_call_back":
            self._metrics.senior_call_backs_owed.labels(command.line).inc()
            log.warning(
                "senior_call_back_owed",
                call=command.call,
                line=command.line,
                listener=command.listener,
            )

    def _ended(self, command: commands.ReportOutcome) -> None:
        if command.talked_seconds > 0.0:
            self._outlook.talk_ended(command.talked_seconds)
        self._metrics.calls.labels(command.line, command.outcome).inc()
        tell = log.error if command.outcome == "lost" else log.info
        tell(
            "call_ended",
            call=command.call,
            line=command.line,
            outcome=command.outcome,
            waited_seconds=round(command.waited_seconds, 3),
            talked_seconds=round(command.talked_seconds, 3),
            offers=command.offers,
        )
