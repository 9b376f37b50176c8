"""The made Asterisk: callers' legs in the hands of the dialplan, obeying the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from router.core import commands
from router.core.commands import AnyCommand
from router.core.events import (
    CallArrived,
    CallerHungUp,
    ConnectFailed,
    FallbackAnswered,
    FallbackBegan,
    PbxResynced,
    TalkStarted,
)
from simulations.clock import Clock
from simulations.world.caller import Caller, seen
from simulations.world.callers import Try
from simulations.world.fallback import FallbackGroup
from simulations.world.goodbyes import Goodbyes
from simulations.world.hold import HoldLoop
from simulations.world.legs import Leg, Legs
from simulations.world.listeners import Manner
from simulations.world.wire import Wire

MORE_TO_SAY_SECONDS = 10.0
"""Who has less than that left to say does not wait for somebody else: the talk was over."""


class Pbx:
    """All the callers, and what the dialplan does with each."""

    def __init__(
        self, clock: Clock, wire: Wire, legs: Legs, group: FallbackGroup, goodbyes: Goodbyes
    ) -> None:
        self.legs = legs
        self.callers: dict[str, Caller] = {}
        self.when_gone: Callable[[Caller], None] = lambda _: None
        """Told of each caller who has left."""
        self.when_refused: Callable[[], None] = lambda: None
        """Told of each order that is about a leg which is not there."""
        self._clock = clock
        self._wire = wire
        self._group = group
        self._goodbyes = goodbyes
        self._hold = HoldLoop(clock, wire, self._begin_fallback)
        self._entered = 0
        self.obeys: dict[type[AnyCommand], Callable[..., None]] = {
            commands.AcknowledgeCall: self._acknowledge,
            commands.RingListener: legs.ring,
            commands.DismissListener: self._dismiss,
            commands.ConnectCall: self._connect,
            commands.SendToFallback: self._hand_over,
        }
        legs.when_cut = self._cut_off

    def carry_out(self, command: AnyCommand) -> None:
        """Obey; what is only said about a call asks for nothing."""
        act = self.obeys.get(type(command))
        if act is not None:
            act(command)

    def arrive(self, attempt: Try) -> Caller:
        """Answer a caller."""
        self._entered += 1
        now = self._clock.now
        caller = Caller(
            name=f"{int(now)}.{self._entered}",
            attempt=attempt,
            arrived=now,
            talk_left_seconds=attempt.talk_seconds,
            unheard=not self._wire.is_faithful,
            in_doubt=not self._wire.noise.is_quiet,
        )
        self.callers[caller.name] = caller
        self._wire.tell(CallArrived(caller.name, attempt.line, caller.shown, now))
        self._wait(caller)
        return caller

    def be_patient(self, caller: Caller, seconds: float) -> None:
        """Have a caller wait for so long from now on."""
        caller.gives_up_at = self._clock.now + seconds
        self._clock.call_at(caller.gives_up_at, self._lose_patience, caller)

    def hang_up(self, caller: Caller) -> None:
        """Have a caller leave, whatever their place is."""
        self._end_talk(caller)
        caller.move("gone")
        del self.callers[caller.name]
        self._wire.tell(CallerHungUp(caller.name))
        if caller.partner is not None:
            self.legs.leave(caller.partner)
        self.when_gone(caller)

    def look_at_daemon(self) -> None:
        """Have all who wait notice, in their time, that the daemon is silent."""
        self.doubt_engine()
        for caller in list(self.callers.values()):
            if caller.place == "waiting":
                self._hold.look_later(caller)

    def doubt_engine(self) -> None:
        """Note that from now on the engine knows these callers otherwise than it is."""
        for caller in self.callers.values():
            caller.unheard = True

    def listen_closely(self) -> None:
        """Have each turn of the hold loop count for these callers: words can be lost."""
        self.doubt_engine()
        for caller in self.callers.values():
            self._hold.doubt(caller)

    def truth(self) -> PbxResynced:
        """Give all that there is."""
        return PbxResynced(tuple(map(seen, self.callers.values())), self.legs.seen())

    def names(self) -> frozenset[str]:
        """Name every leg that there is."""
        return frozenset((*self.callers, *self.legs.by_name))

    def _wait(self, caller: Caller) -> None:
        caller.move("waiting")
        self.be_patient(caller, caller.attempt.patience_seconds)
        self._hold.enter(caller)

    def _lose_patience(self, caller: Caller) -> None:
        is_due = self._clock.now >= caller.gives_up_at
        if is_due and caller.place in ("waiting", "fallback"):
            self.hang_up(caller)

    def _acknowledge(self, order: commands.AcknowledgeCall) -> None:
        caller = self.callers.get(order.call)
        if caller is None:
            self.when_refused()
        else:
            caller.acknowledged = True

    def _dismiss(self, order: commands.DismissListener) -> None:
        if order.why == "talk_over":
            return  # the daemon does nothing about it: the leg has gone on by itself
        leg = self.legs.by_name.get(order.offer)
        if leg is None:
            self.when_refused()
        else:
            self.legs.leave(leg)

    def _connect(self, order: commands.ConnectCall) -> None:
        caller, leg = self.callers.get(order.call), self.legs.by_name.get(order.offer)
        if caller is None or leg is None or leg.stage != "accepted" or leg.leaving:
            self.when_refused()
            self._wire.tell_surely(ConnectFailed(order.call, order.offer))
            return
        self._take_away(caller)
        caller.partner = leg
        manner = self.legs.start_talk(leg)
        moves = self._start_talk(caller, "talking")
        self._wire.tell(TalkStarted(caller.name, leg.name))
        self._plan_end(caller, moves, manner)

    def _take_away(self, caller: Caller) -> None:
        """Take a caller out of wherever they are, which a Redirect asks nobody about."""
        self._end_talk(caller)
        partner, caller.partner = caller.partner, None
        if partner is not None:
            self.legs.leave(partner)

    def _plan_end(self, caller: Caller, moves: int, manner: Manner) -> None:
        """Have a talk with a listener end as the listener, the caller or the network has it."""
        talk_seconds, leg = caller.talk_left_seconds, caller.partner
        cut_at = talk_seconds * (manner.drops_at or manner.hangs_up_at or 0.0)
        is_cut = talk_seconds - cut_at >= MORE_TO_SAY_SECONDS
        if manner.drops_at is not None and is_cut:
            self._clock.call_in(cut_at, self.legs.drop, leg)
        elif manner.hangs_up_at is None:
            self._clock.call_in(talk_seconds, self._say_goodbye, caller, moves)
        else:
            goodbye = self._goodbyes.of(caller.attempt, caller.talks)
            if goodbye.stays and is_cut:
                self._clock.call_in(cut_at, self._be_left, caller, moves, None)
            else:
                after_seconds = goodbye.after_seconds
                self._clock.call_in(talk_seconds, self._be_left, caller, moves, after_seconds)

    def _be_left(self, caller: Caller, moves: int, hangs_up_after_seconds: float | None) -> None:
        """Have the listener hang up; the caller soon does too, or has more to say."""
        if caller.moves != moves or caller.partner is None:
            return
        self.legs.end(caller.partner)
        if hangs_up_after_seconds is not None:
            self._clock.call_in(hangs_up_after_seconds, self._say_goodbye, caller, caller.moves)

    def _cut_off(self, leg: Leg) -> None:
        caller = self.callers.get(leg.call)
        if caller is not None and caller.partner is leg:
            self._end_talk(caller)
            caller.partner = None
            self._wait(caller)
            self._hold.announce(caller)

    def _hand_over(self, order: commands.SendToFallback) -> None:
        caller = self.callers.get(order.call)
        if caller is None:
            self.when_refused()
        else:
            self._take_away(caller)
            self._begin_fallback(caller)

    def _begin_fallback(self, caller: Caller) -> None:
        moves = caller.move("fallback")
        line = caller.attempt.line
        self._wire.tell(FallbackBegan(caller.name, line, caller.shown, caller.arrived))
        seconds, answered = self._group.ring()
        self._clock.call_in(seconds, self._end_round, caller, moves, answered)

    def _end_round(self, caller: Caller, moves: int, answered: bool) -> None:  # noqa: FBT001 - given by the clock
        if caller.moves != moves:
            if answered:
                self._group.free()
        elif answered:
            talking = self._start_talk(caller, "fallback_talking")
            self._wire.tell(FallbackAnswered(caller.name))
            self._clock.call_in(caller.talk_left_seconds, self._say_goodbye, caller, talking)
        elif self._wire.linked:
            caller.move("waiting")
            self._hold.announce(caller)
            self._hold.enter(caller)
        else:
            self._begin_fallback(caller)

    def _start_talk(self, caller: Caller, place: Literal["talking", "fallback_talking"]) -> int:
        moves = caller.move(place)
        caller.talking_since = self._clock.now
        caller.talks += 1
        if caller.answered_at is None:
            caller.answered_at = self._clock.now
            caller.answered_by = caller.partner.home.name if caller.partner is not None else None
        return moves

    def _say_goodbye(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves:
            self.hang_up(caller)

    def _end_talk(self, caller: Caller) -> None:
        if caller.place == "fallback_talking":
            self._group.free()
        if caller.place in ("talking", "fallback_talking"):
            caller.talk_left_seconds -= self._clock.now - caller.talking_since
