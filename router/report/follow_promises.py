"""Promises in a journal: noted, tried, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from router.core.command import Command
from router.core.floor import State
from router.core.promise import Promise
from router.core.promise_commands import PromiseResult, ReportPromise
from router.report.facts import Facts, PromiseFact

OVER: Final[tuple[PromiseResult, ...]] = ("kept", "joined", "cancelled")
"""What is said of a promise after these changes nothing in what became of it."""

DONE: Final = ("kept", "cancelled")
"""The states of a promise that is over."""


class PromisesSoFar:
    """Follows every promise through the journal."""

    def __init__(self, facts: Facts, state: State) -> None:
        self.follow: dict[type[Command], Callable[[Any, float], None]] = {
            ReportPromise: self._note,
        }
        self._promises = facts.promises
        self.go_on(state)

    def go_on(self, state: State) -> None:
        """Take what is owed from a state. What is held as over, but is not, is told anew."""
        self._state = state
        for promise in state.promises.values():
            found = self._promises.get(promise.name)
            if found is None or (found.result in OVER and promise.state not in DONE):
                self._begin(promise)

    def _begin(self, promise: Promise) -> None:
        back = self._state.set_back_seconds
        self._promises[promise.name] = PromiseFact(
            promise=promise.name,
            line=promise.line,
            origin=promise.origin,
            caller=promise.caller,
            call=promise.call,
            noted=promise.noted_at - back,
            not_before=promise.not_before - back,
            due_by=promise.due_by - back,
            by_senior=promise.by_senior,
            attempts=promise.attempts,
        )

    def _note(self, report: ReportPromise, now: float) -> None:
        fact = self._promises.get(report.promise)
        if fact is None:
            promise = self._state.promises.get(report.promise)
            if promise is None:
                return
            self._begin(promise)
            fact = self._promises[report.promise]
        if fact.result in OVER:
            return
        fact.due_by = now - report.late_seconds
        fact.kept = now if report.result == "kept" else None
        fact.attempts = report.attempts
        fact.result = report.result
        fact.into = report.into
