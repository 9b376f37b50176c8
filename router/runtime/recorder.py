"""What the engine reports, as log lines and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import structlog

from router.core import commands, promise_commands
from router.core.commands import AnyCommand
from router.core.events import AnyEvent
from router.core.floor import State
from router.observe.metrics import Metrics
from router.runtime.fallback_figures import FallbackFigures
from router.runtime.floor_figures import FloorFigures
from router.runtime.opening import IsOpen, always_open
from router.runtime.outlook import Outlook, Wake
from router.runtime.promise_figures import PromiseFigures
from router.runtime.ring_figures import RingFigures
from router.runtime.said_wait import SaidWaits
from router.runtime.senior_call_backs import SeniorCallBacks
from router.runtime.talk_figures import TalkFigures

log = structlog.get_logger(__name__)


class Beside(Protocol):
    """Who is told what the recorder is told."""

    def record(self, command: AnyCommand) -> None:
        """Note a command as it is carried out."""
        ...

    def hear(self) -> None:
        """Note that the engine has taken an event, and all that it commands is carried out."""
        ...


class Recorder:
    """Counts and tells; nothing it does changes what happens."""

    def __init__(
        self,
        metrics: Metrics,
        wake: Wake,
        said_waits: SaidWaits,
        is_open: IsOpen = always_open,
    ) -> None:
        self._metrics = metrics
        self._floor = FloorFigures(metrics, is_open)
        self._fallback = FallbackFigures(metrics)
        self._rings = RingFigures(metrics)
        self._promises = PromiseFigures(metrics)
        self._senior_call_backs = SeniorCallBacks(metrics)
        self._talks = TalkFigures(metrics)
        self._outlook = Outlook(metrics, wake, said_waits, is_open)
        self.beside: Beside | None = None

    @property
    def risks(self) -> Mapping[str, float]:
        """How likely each line's next call is missed, as far as that is known."""
        return self._outlook.risks

    def record(self, command: AnyCommand, now: float) -> None:
        """Note a command as it is carried out."""
        self._senior_call_backs.record(command)
        self._talks.record(command)
        self._fallback.record(command)
        if self.beside is not None:
            self.beside.record(command)
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
            case promise_commands.ReportPromise():
                self._promises.record(command)
            case _:
                pass

    def hear(self, event: AnyEvent) -> None:
        """Note an event that the engine has taken and that no command tells of."""
        self._senior_call_backs.hear(event)
        self._talks.hear(event)
        self._fallback.hear(event)
        if self.beside is not None:
            self.beside.hear()

    def set_gauges(self, state: State, now: float) -> None:
        """Show what there is at this instant."""
        own_now = now + state.set_back_seconds
        self._metrics.ami_connected.set(state.pbx_up)
        self._floor.show(state, own_now)
        self._promises.show(state, own_now)

    def look_ahead(self, state: State, now: float) -> None:
        """Tell how likely each line's next call is missed."""
        self._outlook.look(state, now)

    def tell_violations(self, found: Sequence[str]) -> None:
        """Say loudly that something is as it must never be."""
        for words in found:
            self._metrics.invariant_violations.inc()
            log.error("invariant_violated", what=words)

    def _rung(self, command: commands.RingListener, now: float) -> None:
        self._rings.rung(command)
        self._metrics.free_to_ring_seconds.observe(max(0.0, now - command.possible_since))
        log.info(
            "listener_rung",
            call=command.call,
            offer=command.offer,
            listener=command.listener,
            line=command.line,
        )

    def _answered(self, command: commands.ReportAnswer) -> None:
        self._rings.answered(command)
        if command.begin_seen:
            self._metrics.answer_wait_seconds.labels(command.line).observe(command.waited_seconds)
        else:
            self._metrics.answers_unseen.labels(command.line).inc()
        log.info(
            "call_answered",
            call=command.call,
            line=command.line,
            listener=command.listener or "fallback",
            waited_seconds=round(command.waited_seconds, 3),
            begin_seen=command.begin_seen,
        )

    def _offer_over(self, command: commands.ReportOffer) -> None:
        self._rings.offer_over(command)
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

    def _ended(self, command: commands.ReportOutcome) -> None:
        self._rings.ended(command)
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
            begin_seen=command.begin_seen,
            offers=command.offers,
        )
