"""The made Asterisk: callers' legs in the hands of the dialplan, obeying the engine."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Literal

from msgspec import Struct

from router.core import commands
from router.core.commands import AnyCommand
from router.core.events import (
    CallArrived,
    CallerHungUp,
    CallWaiting,
    ConnectFailed,
    FallbackAnswered,
    FallbackBegan,
    PbxResynced,
    SeenCall,
    TalkStarted,
)
from simulations.clock import Clock
from simulations.world.callers import Try
from simulations.world.fallback import FallbackGroup
from simulations.world.legs import Leg, Legs
from simulations.world.wire import Wire

WELCOME_SECONDS = 10.0
"""The welcome and the words on confidentiality; then the hold loop begins."""

WELCOME_SHORT_SECONDS = 3.0
"""What is said instead to a caller who arrives when the daemon is known to be silent."""

TURN_SECONDS = 5.0
"""One turn of the hold loop; at its end the dialplan looks whether the daemon lives."""


class Caller(Struct, eq=False):
    """A caller's leg."""

    name: str
    attempt: Try
    arrived: float
    talk_left_seconds: float
    place: Literal["waiting", "fallback", "fallback_talking", "talking", "gone"] = "waiting"
    partner: Leg | None = None
    moves: int = 0
    """Rises with each change of place: what was to happen in the place before does not."""
    gives_up_at: float = 0.0
    """When patience is over, begun anew by a talk that was cut."""
    talking_since: float = 0.0
    answered_at: float | None = None
    answered_by: str | None = None
    """The listener; with an answer and no listener it was one of the fallback group."""
    unheard: bool = False
    """The wire was cut or late while the caller was on the line: the engine knows it otherwise."""


class Pbx:
    """All the callers, and what the dialplan does with each."""

    def __init__(self, clock: Clock, wire: Wire, legs: Legs, group: FallbackGroup) -> None:
        self.legs = legs
        self.callers: dict[str, Caller] = {}
        self.when_gone: Callable[[Caller], None] = lambda _: None
        """Told of each caller who has left."""
        self._clock = clock
        self._wire = wire
        self._group = group
        self._entered = 0
        self._obey: dict[type[AnyCommand], Callable[..., None]] = {
            commands.RingListener: legs.ring,
            commands.DismissListener: lambda order: legs.dismiss(order.offer),
            commands.ConnectCall: self._connect,
            commands.SendToFallback: self._hand_over,
        }
        legs.when_cut = self._cut_off

    def carry_out(self, command: AnyCommand) -> None:
        """Obey; what is only said about a call asks for nothing."""
        act = self._obey.get(type(command))
        if act is not None:
            act(command)

    def arrive(self, attempt: Try) -> None:
        """Answer a caller."""
        self._entered += 1
        now = self._clock.now
        caller = Caller(
            name=f"{int(now)}.{self._entered}",
            attempt=attempt,
            arrived=now,
            talk_left_seconds=attempt.talk_seconds,
            unheard=not self._wire.is_faithful,
        )
        self.callers[caller.name] = caller
        self._wire.tell(CallArrived(caller.name, attempt.line, shown(attempt), now))
        self._wait(caller)

    def hang_up(self, caller: Caller) -> None:
        """Have a caller leave, whatever their place is."""
        self._end_talk(caller)
        self._move(caller, "gone")
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
                self._look_later(caller)

    def doubt_engine(self) -> None:
        """Note that from now on the engine knows these callers otherwise than it is."""
        for caller in self.callers.values():
            caller.unheard = True

    def truth(self) -> PbxResynced:
        """Give all that there is."""
        return PbxResynced(tuple(map(_seen, self.callers.values())), self.legs.seen())

    def _wait(self, caller: Caller) -> None:
        self._move(caller, "waiting")
        caller.gives_up_at = self._clock.now + caller.attempt.patience_seconds
        self._clock.call_at(caller.gives_up_at, self._lose_patience, caller)
        if not self._wire.linked:
            self._look_later(caller)

    def _lose_patience(self, caller: Caller) -> None:
        is_due = self._clock.now >= caller.gives_up_at
        if is_due and caller.place in ("waiting", "fallback"):
            self.hang_up(caller)

    def _look_later(self, caller: Caller) -> None:
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

    def _connect(self, order: commands.ConnectCall) -> None:
        caller, leg = self.callers.get(order.call), self.legs.by_name.get(order.offer)
        ready = leg is not None and leg.stage == "accepted" and not leg.leaving
        if caller is None or leg is None or not ready or caller.place != "waiting":
            self._wire.tell(ConnectFailed(order.call, order.offer))
            return
        caller.partner = leg
        self.legs.start_talk(leg)
        self._start_talk(caller, "talking")
        self._wire.tell(TalkStarted(caller.name, leg.name))
        drops_after = leg.home.drops_after(caller.talk_left_seconds)
        if drops_after is not None:
            self._clock.call_in(drops_after, self.legs.drop, leg)

    def _cut_off(self, leg: Leg) -> None:
        caller = self.callers.get(leg.call)
        if caller is not None and caller.partner is leg:
            self._end_talk(caller)
            caller.partner = None
            self._wait(caller)
            self._announce(caller)

    def _hand_over(self, order: commands.SendToFallback) -> None:
        caller = self.callers.get(order.call)
        if caller is not None and caller.place == "waiting":
            self._begin_fallback(caller)

    def _begin_fallback(self, caller: Caller) -> None:
        moves = self._move(caller, "fallback")
        attempt = caller.attempt
        self._wire.tell(FallbackBegan(caller.name, attempt.line, shown(attempt), caller.arrived))
        seconds, answered = self._group.ring()
        self._clock.call_in(seconds, self._end_round, caller, moves, answered)

    def _end_round(self, caller: Caller, moves: int, answered: bool) -> None:  # noqa: FBT001 - given by the clock
        if caller.moves != moves:
            if answered:
                self._group.free()
        elif answered:
            self._start_talk(caller, "fallback_talking")
            self._wire.tell(FallbackAnswered(caller.name))
        elif self._wire.linked:
            self._move(caller, "waiting")
            self._announce(caller)
        else:
            self._begin_fallback(caller)

    def _start_talk(self, caller: Caller, place: Literal["talking", "fallback_talking"]) -> None:
        moves = self._move(caller, place)
        caller.talking_since = self._clock.now
        if caller.answered_at is None:
            caller.answered_at = self._clock.now
            caller.answered_by = caller.partner.home.name if caller.partner is not None else None
        self._clock.call_in(caller.talk_left_seconds, self._say_goodbye, caller, moves)

    def _say_goodbye(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves:
            self.hang_up(caller)

    def _end_talk(self, caller: Caller) -> None:
        if caller.place == "fallback_talking":
            self._group.free()
        if caller.place in ("talking", "fallback_talking"):
            caller.talk_left_seconds -= self._clock.now - caller.talking_since

    def _announce(self, caller: Caller) -> None:
        attempt = caller.attempt
        self._wire.tell(CallWaiting(caller.name, attempt.line, shown(attempt), caller.arrived))

    def _move(
        self,
        caller: Caller,
        place: Literal["waiting", "fallback", "fallback_talking", "talking", "gone"],
    ) -> int:
        caller.place = place
        caller.moves += 1
        return caller.moves


def shown(attempt: Try) -> str | None:
    """Give what the engine knows the person by; None where the number is withheld."""
    return None if attempt.person.withheld else attempt.person.name


def _seen(caller: Caller) -> SeenCall:
    attempt = caller.attempt
    place: Literal["waiting", "fallback", "talking"]
    if caller.place in ("waiting", "fallback"):
        place = "waiting" if caller.place == "waiting" else "fallback"
    else:
        place = "talking"
    return SeenCall(
        call=caller.name,
        line=attempt.line,
        caller=shown(attempt),
        arrived=caller.arrived,
        place=place,
        offer=caller.partner.name if caller.partner is not None else None,
    )
