"""The daemon's own engine as a plain first-come line: one skill, no wrap-up, no fallback.

Listeners accept at once. Ties go as in the recursion: at one instant talks end first, then callers
give up, then callers arrive.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf
from typing import Any

from router.core import commands, events
from router.core.engine import Engine
from router.core.invariants import violations
from router.core.policy import Care, Line, Listener, Policy, Rung
from simulations.oracle.trace import Fates, Trace

STEPS_BETWEEN_LOOKS_AT_EVERYBODY = 500
"""And 20 more for each listener: such a look takes longer the more there are, and is to cost a
small share of the run in all. What a step has touched is looked at after every one."""

LINE, SKILL = "line", "listening"

TALK_ENDS, GIVES_UP = 0, 1
"""What comes first at one instant comes first here."""


class BrokenInvariant(Exception):  # noqa: N818 - the engine is in error, not its caller
    """Something that must always hold did not."""


def plain(trace: Trace, listeners: int) -> Fates:
    """Give the fate of each caller at the engine's hands, its invariants checked at every step."""
    return PlainQueue(trace, listeners).run()


def policy(listeners: int) -> Policy:
    """Make the rules of a plain queue."""
    names = [f"l{number}" for number in range(listeners)]
    return Policy(
        lines={
            LINE: Line(
                LINE,
                ladder=(Rung(0.0, {SKILL: 1}),),
                short_call_seconds=0.0,
                fallback_after_seconds=inf,
            )
        },
        listeners={name: Listener(name, {SKILL: 1}) for name in names},
        care=Care(wrap_up_seconds=0.0),
    )


class PlainQueue:
    """One engine and the callers of one trace."""

    def __init__(self, trace: Trace, listeners: int) -> None:
        self.steps = 0
        self._look_at_step = 0
        self._trace = trace
        self._engine = Engine()
        self._fates = Fates([False] * len(trace.arrived), [0.0] * len(trace.arrived))
        self._to_come: list[tuple[float, int, int]] = []
        self._follow: dict[type[commands.Command], Callable[[Any, float], None]] = {
            commands.RingListener: self._accept,
            commands.ConnectCall: self._join,
            commands.ReportAnswer: self._note_answer,
            commands.DismissListener: self._leave,
            commands.ReportOutcome: self._note_end,
        }
        self._open(listeners)

    def run(self) -> Fates:
        """Let everybody call, and the last talk end."""
        to_come, step = self._to_come, self._step
        for caller, arrived in enumerate(self._trace.arrived):
            while to_come and to_come[0][0] <= arrived:
                self._next()
            step(events.CallArrived(str(caller), LINE, None, arrived), arrived)
            if not self._fates.answered[caller] and self._trace.patience[caller] < inf:
                gives_up = arrived + self._trace.patience[caller]
                heappush(to_come, (gives_up, GIVES_UP, caller))
        while to_come:
            self._next()
        _refuse(self._look_at_everybody(), self.steps)
        return self._fates

    def _open(self, listeners: int) -> None:
        self._step(events.EngineStarted("oracle"), 0.0)
        self._step(events.PolicyLoaded(policy(listeners)), 0.0)
        self._step(events.PbxResynced((), ()), 0.0)
        for name in self._engine.state.policy.listeners:
            self._step(events.ListenerCameOn(name), 0.0)

    def _next(self) -> None:
        now, what, caller = heappop(self._to_come)
        if what == TALK_ENDS or not self._fates.answered[caller]:
            self._step(events.CallerHungUp(str(caller)), now)

    def _step(self, event: events.AnyEvent, now: float) -> None:
        self.steps += 1
        told = self._engine.step(event, now)
        broken = self._engine.violations()
        if self.steps >= self._look_at_step:
            broken += self._look_at_everybody()
        if broken:
            _refuse(broken, self.steps)
        for command in told:
            kind = type(command)
            if kind in self._follow:
                self._follow[kind](command, now)

    def _look_at_everybody(self) -> list[str]:
        state = self._engine.state
        self._look_at_step += STEPS_BETWEEN_LOOKS_AT_EVERYBODY + 20 * len(state.listeners)
        due = self._engine.next_deadline()
        overdue = [f"nothing came at {due}, when it was due"] if due and due < state.now else []
        return violations(state) + overdue

    def _accept(self, ring: commands.RingListener, now: float) -> None:
        self._step(events.OfferAccepted(ring.offer), now)

    def _join(self, connect: commands.ConnectCall, now: float) -> None:
        self._step(events.TalkStarted(connect.call, connect.offer), now)

    def _note_answer(self, answer: commands.ReportAnswer, now: float) -> None:
        caller = int(answer.call)
        self._fates.answered[caller] = True
        heappush(self._to_come, (now + self._trace.talks[caller], TALK_ENDS, caller))

    def _leave(self, dismissed: commands.DismissListener, now: float) -> None:
        self._step(events.ListenerLegEnded(dismissed.offer, "hung_up"), now)

    def _note_end(self, end: commands.ReportOutcome, _: float) -> None:
        self._fates.waited_seconds[int(end.call)] = end.waited_seconds


def _refuse(broken: list[str], step: int) -> None:
    if broken:
        raise BrokenInvariant(f"after step {step}: {broken[0]}")
