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
from router.core.command import Command
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


FOLLOWS: dict[type[Command], Callable[[Any], events.AnyEvent]] = {
    commands.RingListener: lambda ring: events.OfferAccepted(ring.offer),
    commands.ConnectCall: lambda connect: events.TalkStarted(connect.call, connect.offer),
    commands.DismissListener: lambda leave: events.ListenerLegEnded(leave.offer, "hung_up"),
}
"""What the listeners and their phones do at once when the engine orders something."""


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
        care=Care(wrap_up_seconds=0.0, bends=()),
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
        self._note: dict[type[Command], Callable[[Any, float], None]] = {
            commands.ReportAnswer: self._note_answer,
            commands.ReportOutcome: self._note_end,
        }
        self._open(listeners)

    def run(self) -> Fates:
        """Let everybody call, and the last talk end."""
        to_come, happens = self._to_come, self._happens
        for caller, arrived in enumerate(self._trace.arrived):
            while to_come and to_come[0][0] <= arrived:
                self._next()
            happens(events.CallArrived(str(caller), LINE, None, arrived), arrived)
            if not self._fates.answered[caller] and self._trace.patience[caller] < inf:
                gives_up = arrived + self._trace.patience[caller]
                heappush(to_come, (gives_up, GIVES_UP, caller))
        while to_come:
            self._next()
        _refuse(self._look_at_everybody(), self.steps)
        return self._fates

    def _open(self, listeners: int) -> None:
        self._happens(events.EngineStarted("oracle"), 0.0)
        self._happens(events.PolicyLoaded(policy(listeners)), 0.0)
        self._happens(events.PbxResynced((), ()), 0.0)
        for name in self._engine.state.policy.listeners:
            self._happens(events.ListenerCameOn(name), 0.0)

    def _next(self) -> None:
        now, what, caller = heappop(self._to_come)
        if what == TALK_ENDS or not self._fates.answered[caller]:
            self._happens(events.CallerHungUp(str(caller)), now)

    def _happens(self, event: events.AnyEvent, now: float) -> None:
        """Tell the engine of an event, and of all that follows from what it orders."""
        engine, follows, note = self._engine, FOLLOWS, self._note
        coming = [event]
        for told in coming:
            said = engine.step(told, now)
            broken = engine.violations()
            if broken:
                _refuse(broken, self.steps)
            for command in said:
                kind = type(command)
                if kind in follows:
                    coming.append(follows[kind](command))
                elif kind in note:
                    note[kind](command, now)
        self.steps += len(coming)
        if self.steps >= self._look_at_step:
            _refuse(self._look_at_everybody(), self.steps)

    def _look_at_everybody(self) -> list[str]:
        state = self._engine.state
        self._look_at_step += STEPS_BETWEEN_LOOKS_AT_EVERYBODY + 20 * len(state.listeners)
        due = self._engine.next_deadline()
        overdue = [f"nothing came at {due}, when it was due"] if due and due < state.now else []
        return violations(state) + overdue

    def _note_answer(self, answer: commands.ReportAnswer, now: float) -> None:
        caller = int(answer.call)
        self._fates.answered[caller] = True
        heappush(self._to_come, (now + self._trace.talks[caller], TALK_ENDS, caller))

    def _note_end(self, end: commands.ReportOutcome, _: float) -> None:
        self._fates.waited_seconds[int(end.call)] = end.waited_seconds


def _refuse(broken: list[str], step: int) -> None:
    if broken:
        raise BrokenInvariant(f"after step {step}: {broken[0]}")
