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
from simulations.world.talks import Talks
from simulations.world.wire import Wire

MOST_LEFT = 1_000
"""Of those who have left so many are remembered, for what is noted of them a moment later."""


class Pbx:
    """All the callers, and what the dialplan does with each."""

    def __init__(
        self, clock: Clock, wire: Wire, legs: Legs, group: FallbackGroup, goodbyes: Goodbyes
    ) -> None:
        self.legs = legs
        self.callers: dict[str, Caller] = {}
        self.dialled: dict[str, str] = {}
        """Callers' legs that we ring, by whom nobody has said yet that it is them; the promise."""
        self.when_gone: Callable[[Caller], None] = lambda _: None
        """Told of each caller who has left."""
        self.when_refused: Callable[[], None] = lambda: None
        """Told of each order that is about a leg which is not there."""
        self._clock = clock
        self._wire = wire
        self._group = group
        self.talks = Talks(clock, legs, goodbyes, self.hang_up)
        self._hold = HoldLoop(clock, wire, self._begin_fallback)
        self._entered = 0
        self._left: dict[str, Try] = {}
        self._marks: list[str] = []
        """Callers who came out of a talk that no daemon has seen, as `talked.conf` notes them."""
        self.obeys: dict[type[AnyCommand], Callable[..., None]] = {
            commands.AcknowledgeCall: self._acknowledge,
            commands.RingListener: legs.ring,
            commands.DismissListener: self._dismiss,
            commands.ConnectCall: self._connect,
            commands.SendToFallback: self._hand_over,
        }
        legs.when_cut = self._cut_off

    def obey_also(self, kind: type[AnyCommand], act: Callable[..., None]) -> None:
        """Have something more happen at an order, or at a report."""
        before = self.obeys.get(kind)

        def both(command: AnyCommand) -> None:
            if before is not None:
                before(command)
            act(command)

        self.obeys[kind] = both

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

    def reach(self, leg: str, attempt: Try) -> None:
        """Have whom we called back be on the line: from here on they are a caller like any."""
        caller = Caller(
            name=leg,
            attempt=attempt,
            arrived=self._clock.now,
            talk_left_seconds=attempt.talk_seconds,
            unheard=not self._wire.is_faithful,
            in_doubt=not self._wire.noise.is_quiet,
            called_back=True,
            acknowledged=True,
        )
        self.callers[leg] = caller
        self._wait(caller)

    def attempt_of(self, call: str) -> Try:
        """Give who made a call that is on the line, or whose caller has just left."""
        caller = self.callers.get(call)
        return caller.attempt if caller is not None else self._left[call]

    def be_patient(self, caller: Caller, seconds: float) -> None:
        """Have a caller wait for so long from now on."""
        caller.gives_up_at = self._clock.now + seconds
        self._clock.call_at(caller.gives_up_at, self._lose_patience, caller)

    def hang_up(self, caller: Caller) -> None:
        """Have a caller leave, whatever their place is."""
        self._end_talk(caller)
        caller.move("gone")
        del self.callers[caller.name]
        self._left[caller.name] = caller.attempt
        if len(self._left) > MOST_LEFT:
            del self._left[next(iter(self._left))]
        self._wire.tell(CallerHungUp(caller.name))
        self._let_go(caller)
        self.when_gone(caller)

    def put_aside(self, caller: Caller, helper: Leg) -> int:
        """Have a caller in a talk wait while their listener confers with a helper."""
        self._end_talk(caller)
        caller.helper = helper
        _confer(caller, is_so=True)
        return caller.move("aside")

    def bring_in(self, caller: Caller) -> None:
        """Have a caller who was put aside talk on, with whoever is there."""
        if caller.place == "aside":
            _confer(caller, is_so=False)
            moves = self._start_talk(caller, "talking")
            self.talks.end_later(caller, moves)

    def look_at_daemon(self) -> None:
        """Have all who wait notice, in their time, that the daemon is silent."""
        self.doubt_engine()
        for caller in list(self.callers.values()):
            if caller.place in ("waiting", "aside"):
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
        """Give all that there is to a daemon, which then has seen it, and takes the marks away."""
        for caller in self.callers.values():
            caller.talk_seen = True
        marks, self._marks = tuple(dict.fromkeys(self._marks)), []
        callers = tuple(map(seen, self.callers.values()))
        return PbxResynced(callers, self.legs.seen(), tuple(self.dialled), marks)

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
        caller.partner, leg.call = leg, caller.name
        manner = self.legs.start_talk(leg)
        moves = self._start_talk(caller, "talking")
        self._wire.tell(TalkStarted(caller.name, leg.name))
        self.talks.plan(caller, moves, manner)

    def _take_away(self, caller: Caller) -> None:
        """Take a caller out of wherever they are, which a Redirect asks nobody about."""
        self._end_talk(caller)
        self._let_go(caller)

    def _let_go(self, caller: Caller) -> None:
        """Have whoever talks with a caller, or was to, leave."""
        legs = (caller.partner, caller.helper)
        caller.partner = caller.helper = None
        for leg in legs:
            if leg is not None:
                self.legs.leave(leg)

    def _cut_off(self, leg: Leg) -> None:
        caller = self.callers.get(leg.call)
        if caller is None or leg not in (caller.partner, caller.helper):
            return
        if caller.helper is not None:
            caller.stay_with(caller.helper if caller.partner is leg else caller.partner)
        else:
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
        self._let_go(caller)
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
            self.talks.end_later(caller, talking)
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
        caller.talk_seen = self._wire.linked
        if caller.answered_at is None:
            caller.answered_at = self._clock.now
            caller.answered_by = caller.partner.home.name if caller.partner is not None else None
        return moves

    def _end_talk(self, caller: Caller) -> None:
        if caller.place == "fallback_talking":
            self._group.free()
        if caller.place in ("talking", "fallback_talking"):
            caller.talk_left_seconds -= self._clock.now - caller.talking_since
            if caller.acknowledged and not caller.talk_seen:
                self._marks.append(caller.name)


def _confer(caller: Caller, *, is_so: bool) -> None:
    for leg in (caller.partner, caller.helper):
        if leg is not None:
            leg.confers = is_so
