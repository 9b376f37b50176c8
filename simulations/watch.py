"""Holds the engine to its invariants: all that a step touched, and now and then everything."""

from __future__ import annotations

from router.core.engine import Engine
from router.core.invariants import violations

ALL_EVERY_STEPS = 1_000
"""Between two looks at everything, which cost as much as the state is large."""


class InvariantBroken(Exception):  # noqa: N818 - said of the engine, and it ends the run
    """Something holds that must not; the message says what."""


class Watch:
    """Looks at the engine after each step."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._steps = 0

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
        if self._steps % ALL_EVERY_STEPS == 0:
            self.look_at_all()

    def look_at_all(self) -> None:
        """Check everything.

        Raises
        ------
        InvariantBroken
            if something is found.

        """
        found = violations(self._engine.state)
        if found:
            raise InvariantBroken("; ".join(found))
