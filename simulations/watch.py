"""Holds the engine to its invariants: all that a step touched, and now and then everything."""

from __future__ import annotations

from collections.abc import Sequence

from router.core.call import Call
from router.core.commands import AcknowledgeCall, AnyCommand, ReportOutcome
from router.core.engine import Engine
from router.core.events import AnyEvent, CallArrived
from router.core.invariants import violations
from router.core.promise import LEG_PREFIX

STEPS_BETWEEN_LOOKS_AT_ALL = 1_000
STEPS_MORE_FOR_EACH = 10
"""For each listener, call and offer: a look at everything takes longer the more there is, and is
to stay a hundredth of the run."""


class InvariantBroken(Exception):  # noqa: N818 - said of the engine, and it ends the run
    """Something holds that must not; each of `args` says what."""

    def __str__(self) -> str:
        return "; ".join(self.args)


class Watch:
    """Looks at the engine after each step."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open = set(engine.state.calls)
        """Calls that have entered and have no outcome yet, by the engine's own word."""
        self._steps = 0
        self._look_at_step = STEPS_BETWEEN_LOOKS_AT_ALL

    def look(self, event: AnyEvent, said: Sequence[AnyCommand]) -> None:
        """Check what the last step touched, and every so often all there is.

        Parameters
        ----------
        event
            what the engine was told.
        said
            what it said to that; nothing if it refused.

        Raises
        ------
        InvariantBroken
            if something is found.

        """
        self._steps += 1
        found = [*self._engine.violations(), *self._miscounted(event, said)]
        if found:
            raise InvariantBroken(*found)
        if self._steps >= self._look_at_step:
            self.look_at_all()

    def look_at_all(self) -> None:
        """Check everything.

        Raises
        ------
        InvariantBroken
            if something is found.

        """
        state = self._engine.state
        many = len(state.listeners) + len(state.calls) + len(state.offers)
        wait_steps = STEPS_BETWEEN_LOOKS_AT_ALL + STEPS_MORE_FOR_EACH * many
        self._look_at_step = self._steps + wait_steps
        found = violations(state)
        if found:
            raise InvariantBroken(*found)

    def _miscounted(self, event: AnyEvent, said: Sequence[AnyCommand]) -> list[str]:
        """Name the calls that are forgotten, or end more than once.

        The state cannot show that: a call that is not there is nobody's. So it is counted, and a
        caller who is lost is never out of the figures as well.
        """
        calls, opened = self._engine.state.calls, self._open
        found: list[str] = []
        for command in said:
            if isinstance(command, AcknowledgeCall) and not command.call.startswith(LEG_PREFIX):
                opened.add(command.call)
            elif isinstance(command, ReportOutcome):
                if command.call not in opened:
                    found.append(f"call {command.call} is given an outcome and was not there")
                opened.discard(command.call)
        if len(opened) != len(calls):
            there = {name for name, call in calls.items() if _enters(call)}
            gone, not_entered = sorted(opened - there), sorted(there - opened)
            found += [f"call {name} is gone without an outcome" for name in gone]
            found += [f"call {name} is there and has not entered" for name in not_entered]
        if isinstance(event, CallArrived) and event.call not in calls:
            found.append(f"call {event.call} has arrived and is not there")
        return found


def _enters(call: Call) -> bool:
    """Say whether a call is a caller's own, who is or was on the line."""
    is_search = call.help_wanted is not None or (not call.has_leg and call.state != "noting")
    return not is_search and not call.called_back
