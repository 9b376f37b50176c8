"""The callers of a replay: who called then calls again, and does what the book says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from msgspec import Struct

from router.core import commands
from router.core.commands import AnyCommand
from router.core.events import (
    CallerHungUp,
    CallWaiting,
    ConnectFailed,
    FallbackAnswered,
    FallbackBegan,
    PbxResynced,
    TalkStarted,
)
from router.core.seen import SeenCall
from simulations.clock import Clock
from simulations.replay.book import Book
from simulations.replay.legs import Leg, Legs
from simulations.replay.past import KeyPressed, PastCall
from simulations.replay.scripts import Scripts
from simulations.replay.wire import Wire

Place = Literal["waiting", "fallback", "talking", "gone"]


class Caller(Struct, eq=False):
    """A caller on the line."""

    past: PastCall
    place: Place = "waiting"
    moves: int = 0
    """Rises with each change of place: what was to happen in the place before does not."""
    waits: int = -1
    """Which of the waits it is in, or was in last: 0 for the first."""
    talks: int = 0
    """How many talks have begun."""
    partner: Leg | None = None


class Callers:
    """All the callers, in the hands of a dialplan that obeys the engine."""

    def __init__(self, clock: Clock, wire: Wire, book: Book, scripts: Scripts, legs: Legs) -> None:
        self.by_name: dict[str, Caller] = {}
        self.expected = 0
        """How many have yet to call."""
        self._unheard: list[Caller] = []
        """Whose talk began while the engine heard nothing."""
        self._clock = clock
        self._wire = wire
        self._book = book
        self._scripts = scripts
        self._legs = legs
        self._obey: dict[type[AnyCommand], Callable[..., None]] = {
            commands.RingListener: legs.ring,
            commands.DismissListener: lambda order: legs.dismiss(order.offer),
            commands.ConnectCall: self._connect,
            commands.SendToFallback: self._hand_over,
        }
        legs.when_cut = self._cut_off

    def plan(self, calls: Iterable[PastCall]) -> None:
        """Put all calls into the clock."""
        for call in calls:
            self.expected += 1
            self._clock.call_at(call.entered, self._arrive, call)

    def carry_out(self, command: AnyCommand) -> None:
        """Obey; what is only said about a call asks for nothing."""
        act = self._obey.get(type(command))
        if act is not None:
            act(command)

    def truth(self) -> PbxResynced:
        """Give all that there is, and who has talked unheard, as the dialplan leaves a mark of."""
        talked = tuple(one.past.name for one in self._unheard if one.place != "talking")
        self._unheard.clear()
        seen = tuple(map(_seen, self.by_name.values()))
        return PbxResynced(seen, self._legs.seen(), talked=talked)

    def _arrive(self, past: PastCall) -> None:
        self.expected -= 1
        caller = self.by_name[past.name] = Caller(past)
        self._wire.tell(past.first_word)
        self._wait(caller, past.arrived)
        for at in past.self_begun_fallbacks:
            self._clock.call_at(at, self._fall_back, caller)
        for at, key in past.keys:
            self._clock.call_at(at, self._press, caller, key)

    def _press(self, caller: Caller, key: KeyPressed) -> None:
        if caller.place == "waiting":
            self._wire.tell(key)

    def _wait(self, caller: Caller, since: float) -> None:
        self._move(caller, "waiting")
        caller.waits += 1
        gives_up_at = self._book.gives_up_at(caller.past, caller.waits, since)
        self._clock.call_at(gives_up_at, self._lose_patience, caller, caller.waits)

    def _lose_patience(self, caller: Caller, waits: int) -> None:
        if caller.waits == waits and caller.place in ("waiting", "fallback"):
            self._hang_up(caller)

    def _hang_up(self, caller: Caller) -> None:
        self._move(caller, "gone")
        del self.by_name[caller.past.name]
        self._wire.tell(CallerHungUp(caller.past.name))
        if caller.partner is not None:
            self._legs.leave(caller.partner)

    def _connect(self, order: commands.ConnectCall) -> None:
        caller, leg = self.by_name.get(order.call), self._legs.by_name.get(order.offer)
        if leg is None:
            self._wire.tell(ConnectFailed(order.call, order.offer))
            return
        at, works = self._scripts.connected_at(leg.script, self._clock.now)
        if at <= self._clock.now:
            self._join(order, caller, leg, works)
        else:
            self._clock.call_at(at, self._join, order, caller, leg, works)

    def _join(
        self,
        order: commands.ConnectCall,
        caller: Caller | None,
        leg: Leg,
        works: bool,  # noqa: FBT001 - given by the clock
    ) -> None:
        ready = leg.stage == "accepted" and not leg.leaving and leg.name in self._legs.by_name
        if caller is None or not ready or not works or caller.place != "waiting":
            self._wire.tell(ConnectFailed(order.call, order.offer))
            return
        caller.partner = leg
        leg.stage, leg.talked = "talking", True
        self._talk(caller)
        self._wire.tell(TalkStarted(order.call, order.offer))

    def _talk(self, caller: Caller) -> None:
        moves = self._move(caller, "talking")
        ends_at, cut = self._book.talk(caller.past, caller.talks, self._clock.now)
        caller.talks += 1
        if not self._wire.linked:
            self._unheard.append(caller)
        if cut is not None and caller.partner is not None:
            self._clock.call_at(ends_at, self._legs.cut, caller.partner, cut)
        else:
            self._clock.call_at(ends_at, self._say_goodbye, caller, moves)

    def _say_goodbye(self, caller: Caller, moves: int) -> None:
        if caller.moves == moves:
            self._hang_up(caller)

    def _cut_off(self, leg: Leg) -> None:
        caller = self.by_name.get(leg.call)
        if caller is not None and caller.partner is leg:
            caller.partner = None
            self._wait(caller, self._clock.now)
            self._announce(caller)

    def _hand_over(self, order: commands.SendToFallback) -> None:
        caller = self.by_name.get(order.call)
        if caller is not None:
            self._fall_back(caller)

    def _fall_back(self, caller: Caller) -> None:
        if caller.place != "waiting":
            return
        moves = self._move(caller, "fallback")
        word = caller.past.first_word
        self._wire.tell(FallbackBegan(word.call, word.line, word.caller, word.arrived))
        ends_at, answered = self._book.fallback_round(word.call, self._clock.now)
        self._clock.call_at(ends_at, self._end_round, caller, moves, answered)

    def _end_round(self, caller: Caller, moves: int, answered: bool) -> None:  # noqa: FBT001 - given by the clock
        if caller.moves != moves:
            return
        if answered:
            self._talk(caller)
            self._wire.tell(FallbackAnswered(caller.past.name))
        else:
            self._move(caller, "waiting")
            self._announce(caller)

    def _announce(self, caller: Caller) -> None:
        word = caller.past.first_word
        self._wire.tell(CallWaiting(word.call, word.line, word.caller, word.arrived))

    def _move(self, caller: Caller, place: Place) -> int:
        caller.place = place
        caller.moves += 1
        return caller.moves


def _seen(caller: Caller) -> SeenCall:
    word = caller.past.first_word
    place = "talking" if caller.place == "gone" else caller.place
    offer = caller.partner.name if caller.partner is not None else None
    return SeenCall(word.call, word.line, word.caller, word.arrived, place, offer)
