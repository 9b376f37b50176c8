"""The dialplan's hold loop: what it says each turn, and when it gives up on the daemon."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

from router.core.events import CallWaiting
from simulations.clock import Clock
from simulations.world.caller import Caller
from simulations.world.wire import Wire

WELCOME_SECONDS = 8.0
"""The welcome and the words on confidentiality; then the hold loop begins."""

WELCOME_SHORT_SECONDS = 3.9
"""What is said instead to a caller who arrives when the daemon is known to be silent."""

TURN_SECONDS = 5.0
"""One turn of the hold loop; at its end the dialplan looks whether the daemon lives."""


class HoldLoop:
    """Has the turns that matter happen: those while the daemon is silent, or may not have heard."""

    def __init__(self, clock: Clock, wire: Wire, begin_fallback: Callable[[Caller], None]) -> None:
        self._clock = clock
        self._wire = wire
        self._begin_fallback = begin_fallback

    def enter(self, caller: Caller) -> None:
        """Have a caller wait from now on."""
        if not self._wire.linked:
            self.look_later(caller)
        if caller.in_doubt:
            self._turn_later(caller)

    def doubt(self, caller: Caller) -> None:
        """Have every turn of this caller's count from now on."""
        if not caller.in_doubt:
            caller.in_doubt = True
            if caller.place == "waiting":
                self._turn_later(caller)

    def announce(self, caller: Caller) -> None:
        """Say that a caller is waiting."""
        line = caller.attempt.line
        self._wire.tell(CallWaiting(caller.name, line, caller.shown, caller.arrived))

    def look_later(self, caller: Caller) -> None:
        """Have a caller go on to the fallback once the silence of the daemon shows."""
        stale_at = self._wire.stale_at
        if caller.arrived >= stale_at:
            at = caller.arrived + WELCOME_SHORT_SECONDS
        else:
            hold_since = caller.arrived + WELCOME_SECONDS
            turns = ceil(max(0.0, stale_at - hold_since) / TURN_SECONDS)
            at = hold_since + turns * TURN_SECONDS
        self._clock.call_at(at, self._look, caller, caller.moves)

    def _look(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves and not self._wire.linked:
            self._begin_fallback(caller)

    def _turn_later(self, caller: Caller) -> None:
        hold_since = caller.arrived + WELCOME_SECONDS
        turns = max(0, floor((self._clock.now - hold_since) / TURN_SECONDS) + 1)
        at = hold_since + turns * TURN_SECONDS
        self._clock.call_at(at, self._turn, caller, caller.moves, turns)

    def _turn(self, caller: Caller, moves: int, turns: int) -> None:
        if caller.moves != moves:
            return
        if turns and not caller.acknowledged:
            self._begin_fallback(caller)
            return
        self.announce(caller)
        self._clock.call_in(TURN_SECONDS, self._turn, caller, moves, turns + 1)
