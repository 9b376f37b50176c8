"""Whom each caller has talked with, and whether that listener could take their call."""

from __future__ import annotations

from collections.abc import Callable

from router.core.events import CallArrived, CallerAskedFor
from simulations.scenario.shape import Scenario
from simulations.world.caller import Caller
from simulations.world.world import World

OTHERS_TAKE_SECONDS = 5.0
"""From the others being rung to the first of them having the call, hardly ever less: so much longer
than it rings alone the usual listener's phone can still be answered first."""

CanTake = Callable[[str, str], bool]
"""Whether a listener is free and somebody whom a line asks for at first: given both names."""


class LastListeners:
    """Knows of each person with whom they talked last."""

    def __init__(self, scenario: Scenario, world: World, can_take: CanTake) -> None:
        self._world = world
        self._can_take = can_take
        self._alone_seconds = {
            name: line.same_listener_seconds
            for name, line in scenario.lines.items()
            if line.same_listener_seconds > 0.0
        }
        self._last: dict[str, str] = {}

    def of(self, person: str) -> str | None:
        """Give the listener with whom somebody talked last."""
        return self._last.get(person)

    def remember(self, person: str, listener: str) -> None:
        """Note that they talk."""
        self._last[person] = listener

    def could_take(self, caller: Caller, event: CallArrived | CallerAskedFor) -> bool:
        """Say whether the listener whom this caller knows could take the call, and in time."""
        if isinstance(event, CallerAskedFor):
            known: str | None = event.listener
        else:
            known = None if caller.shown is None else self.of(caller.shown)
        line = caller.attempt.line
        alone_seconds = self._alone_seconds.get(line)
        if alone_seconds is None or known is None or not self._can_take(known, line):
            return False
        seconds = self._world.takes_after_seconds(known)
        return seconds is not None and seconds <= alone_seconds + OTHERS_TAKE_SECONDS
