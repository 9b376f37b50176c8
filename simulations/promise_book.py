"""Makes the records of promises from what the engine says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from router.core.commands import AnyCommand
from router.core.promise_commands import NotePromise, PromiseResult, ReportPromise
from simulations.records import KeptBy, PromiseRecord
from simulations.world.caller import Caller
from simulations.world.pbx import Pbx

TALKING = ("talking", "fallback_talking")

OVER: tuple[PromiseResult, ...] = ("kept", "joined", "cancelled")
"""What is said of a promise after these changes nothing in what became of it."""


class PromiseBook:
    """Follows each promise from being noted to its end.

    One that is ordered is none yet: it may not be noted, or be one with another from the start.
    """

    def __init__(self, pbx: Pbx) -> None:
        self.records: dict[str, PromiseRecord] = {}
        self.follow: dict[type[AnyCommand], Callable[[Any, float], None]] = {
            NotePromise: self._order,
            ReportPromise: self._note,
        }
        self._pbx = pbx
        self._ordered: dict[str, tuple[NotePromise, str]] = {}
        """With the person whom it is to be owed to."""

    def _order(self, order: NotePromise, _: float) -> None:
        self._ordered[order.promise] = order, self._pbx.attempt_of(order.call).person.name

    def _note(self, report: ReportPromise, now: float) -> None:
        if report.result == "noted":
            self._begin(report.promise, now)
            return
        noted = self.records[report.promise]
        if noted.result in OVER:
            return
        is_kept = report.result == "kept"
        self.records[report.promise] = replace(
            noted,
            due_by=now - report.late_seconds,
            kept=now if is_kept else None,
            kept_by=self._kept_by(noted) if is_kept else None,
            attempts=report.attempts,
            result=report.result,
            into=report.into,
        )

    def _begin(self, name: str, now: float) -> None:
        order, person = self._ordered.pop(name)
        self.records[name] = PromiseRecord(
            promise=name,
            line=order.line,
            person=person,
            origin=order.origin,
            call=order.call,
            noted=now,
            not_before=order.not_before,
            due_by=order.due_by,
        )

    def _kept_by(self, promise: PromiseRecord) -> KeptBy | None:
        """Look in which call whom it was owed to talks now."""
        for caller in self._pbx.callers.values():
            if caller.attempt.person.name == promise.person and caller.place in TALKING:
                return _how(caller, promise)
        return None


def _how(caller: Caller, promise: PromiseRecord) -> KeptBy:
    if caller.called_back:
        return "call_back"
    return "same_call" if caller.name == promise.call else "ringing_back"
