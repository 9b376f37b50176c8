"""How a talk with a listener goes on and ends: by the listener, the caller or the network."""

from __future__ import annotations

from collections.abc import Callable

from simulations.clock import Clock
from simulations.world.caller import Caller
from simulations.world.goodbyes import Goodbyes
from simulations.world.legs import Legs
from simulations.world.listeners import Consult, Manner

MORE_TO_SAY_SECONDS = 10.0
"""Who has less than that left to say does not wait for somebody else: the talk was over."""


class Talks:
    """Has happen in a talk, in its time, what was drawn for it."""

    def __init__(
        self, clock: Clock, legs: Legs, goodbyes: Goodbyes, hang_up: Callable[[Caller], None]
    ) -> None:
        self.when_help_is_due: Callable[[Caller, int, Consult], None] = lambda *_: None
        """Told when a listener, in this talk, wants a senior."""
        self._clock = clock
        self._legs = legs
        self._goodbyes = goodbyes
        self._hang_up = hang_up

    def plan(self, caller: Caller, moves: int, manner: Manner) -> None:
        """Plan a talk that begins now with the caller's partner."""
        talk_seconds, leg = caller.talk_left_seconds, caller.partner
        if manner.consult is not None:
            asked_at = talk_seconds * manner.consult.asked_at
            self._clock.call_in(asked_at, self.when_help_is_due, caller, moves, manner.consult)
        cut_at = talk_seconds * (manner.drops_at or manner.hangs_up_at or 0.0)
        is_cut = talk_seconds - cut_at >= MORE_TO_SAY_SECONDS
        if manner.drops_at is not None and is_cut:
            self._clock.call_in(cut_at, self._legs.drop, leg)
        elif manner.hangs_up_at is None:
            self.end_later(caller, moves)
        else:
            goodbye = self._goodbyes.of(caller.attempt, caller.talks)
            if goodbye.stays and is_cut:
                self._clock.call_in(cut_at, self._be_left, caller, moves, None)
            else:
                after_seconds = goodbye.after_seconds
                self._clock.call_in(talk_seconds, self._be_left, caller, moves, after_seconds)

    def end_later(self, caller: Caller, moves: int) -> None:
        """Have a caller who talks hang up when all is said, and not before."""
        self._clock.call_in(caller.talk_left_seconds, self._say_goodbye, caller, moves)

    def _be_left(self, caller: Caller, moves: int, hangs_up_after_seconds: float | None) -> None:
        """Have the listener hang up; the caller soon does too, or has more to say."""
        if caller.moves != moves or caller.partner is None:
            return
        self._legs.end(caller.partner)
        if hangs_up_after_seconds is not None:
            self._clock.call_in(hangs_up_after_seconds, self._say_goodbye, caller, caller.moves)

    def _say_goodbye(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves:
            self._hang_up(caller)
