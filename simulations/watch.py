"""Holds the engine to its invariants: all that a step touched, and now and then everything."""

from __future__ import annotations

from router.core.engine import Engine
from router.core.invariants import violations

STEPS_BETWEEN_LOOKS_AT_ALL = 1_000
STEPS_MORE_FOR_EACH = 10
"""For each listener, call and offer: a look at everything takes longer the more there is, and is
to stay a hundredth of the run."""


class InvariantBroken(Exception):  # noqa: N818 - said of the engine, and it ends the run
    """Something holds that must not; the message says what."""


class Watch:
    """Looks at the engine after each step."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._steps = 0
        self._look_at_step = STEPS_BETWEEN_LOOKS_AT_ALL

    def look(self) -> None:
        """Check what the last step touched, and every so often all there is.

        Raises
        ------
        InvariantBroken
            if something is found.

        """
        self._steps += 1
        found = self._engine.violations()
        if found:
            raise InvariantBroken("; ".join(found))
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
            raise InvariantBroken("; ".join(found))
