"""What callers key about being called back: that they want it, at which number, or to stay."""

from __future__ import annotations

from router.core.promise_commands import SayNotPromised, SayPromised
from router.core.promise_events import CallBackAsked, NumberTyped
from simulations.clock import Clock
from simulations.scenario.shape import Callers
from simulations.world.caller import Caller
from simulations.world.pbx import Pbx
from simulations.world.sampling import sampler
from simulations.world.streams import stream
from simulations.world.wire import Wire

NOTED_SAID_SECONDS = 16.0
""""It is noted, we call you back before ... at ...; for another number ...; to stay ...": then a
key, or the dialplan says goodbye and hangs up."""

GOODBYE_SECONDS = 5.0
"""For the key that is not pressed, and the goodbye."""

ASKED_FOR_SECONDS = 5.0
"""Your number does not show: please type it."""

TYPED_SECONDS = 12.0
"""Ten digits and the hash key."""


class PromiseKeys:
    """Has callers who wait press what they press, each attempt alike in every run."""

    def __init__(self, clock: Clock, wire: Wire, pbx: Pbx, habits: Callers) -> None:
        self._clock = clock
        self._wire = wire
        self._pbx = pbx
        self._habits = habits
        self._asks_after = sampler(habits.asks_call_back_after)
        pbx.obeys[SayPromised] = self._hear
        pbx.obeys[SayNotPromised] = self._hear_why_not

    def greet(self, caller: Caller) -> None:
        """Have a caller who arrives ask for a call-back after a while, if they are one who does."""
        if not self._habits.asks_call_back:
            return
        chance = stream(caller.attempt.luck, "call back")
        if chance.random() < self._habits.asks_call_back:
            self._clock.call_in(self._asks_after(chance), self._ask, caller, caller.moves)

    def _ask(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves:
            self._wire.tell(CallBackAsked(caller.name))

    def _hear(self, order: SayPromised) -> None:
        """Have a caller who is promised a call leave, stay, or type another number, but once."""
        caller = self._pbx.callers.get(order.call)
        if caller is None:
            return
        habits, is_first = self._habits, not caller.was_promised
        luck = stream(caller.attempt.luck, "noted").random()
        caller.was_promised = True
        if is_first and luck < habits.changes_number:
            other = f"{caller.attempt.person.name}, elsewhere"
            after_seconds = NOTED_SAID_SECONDS + TYPED_SECONDS
            self._clock.call_in(after_seconds, self._type, caller, caller.moves, other)
        elif 0.0 <= luck - habits.changes_number < habits.stays_in_line:
            return
        else:
            after_seconds = NOTED_SAID_SECONDS + GOODBYE_SECONDS
            self._clock.call_in(after_seconds, self._leave, caller, caller.moves)

    def _hear_why_not(self, order: SayNotPromised) -> None:
        """Have a caller whose number is withheld type one, or wait on."""
        caller = self._pbx.callers.get(order.call)
        if caller is None or order.why != "number_unknown":
            return
        if stream(caller.attempt.luck, "number").random() < self._habits.types_number:
            number = caller.attempt.person.name
            after_seconds = ASKED_FOR_SECONDS + TYPED_SECONDS
            self._clock.call_in(after_seconds, self._type, caller, caller.moves, number)

    def _type(self, caller: Caller, moves: int, number: str) -> None:
        if caller.moves == moves:
            self._wire.tell(NumberTyped(caller.name, number))

    def _leave(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves:
            self._pbx.hang_up(caller)
