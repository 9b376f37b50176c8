"""The listeners' legs: from the ring to the last word, as Asterisk and the dialplan have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from router.core.commands import RingListener
from router.core.events import (
    LegEnd,
    ListenerLegEnded,
    ListenerPickedUp,
    OfferAccepted,
    OfferFailed,
)
from router.core.seen import SeenOffer
from simulations.clock import Clock
from simulations.world.listeners import Home, Manner
from simulations.world.roster import Roster
from simulations.world.wire import Wire

NO_KEY_SECONDS = 12.0
"""From picking up to the dialplan ending a leg on which no key was pressed (its contract)."""

ACCEPTED_SECONDS = 10.0
"""For the bridge after the accept key, before the dialplan says that the call is taken."""

HOUR_SECONDS = 3600.0


def hour_of_day(now: float) -> int:
    """Give the hour of the day at a second of the run, which begins at midnight."""
    return int(now // HOUR_SECONDS) % 24


class Leg(Struct, eq=False, gc=False):
    """A listener's leg."""

    name: str
    home: Home
    call: str
    stage: Literal["ringing", "picked_up", "accepted", "talking"] = "ringing"
    leaving: bool = False
    """Nothing more but its end can happen to it."""
    confers: bool = False
    """With another leg, while their caller waits."""
    talking_since: float = 0.0
    manner: Manner | None = None
    """With a talk, begun or over: how it goes."""


class Legs:
    """All the listeners' legs."""

    def __init__(
        self, clock: Clock, wire: Wire, homes: dict[str, Home], roster: Roster, leave_seconds: float
    ) -> None:
        self.by_name: dict[str, Leg] = {}
        self.when_cut: Callable[[Leg], None] = lambda _: None
        """Told of a leg that went in the middle of a talk."""
        self._clock = clock
        self._wire = wire
        self._homes = homes
        self._roster = roster
        self._leave_seconds = leave_seconds

    def ring(self, order: RingListener) -> None:
        """Place a leg, and have happen to it what the listener makes of it."""
        home = self._homes[order.listener]
        answer = home.answer(hour_of_day(self._clock.now), away=self._roster.is_away(home))
        if home.offline:
            self._wire.tell(OfferFailed(order.offer, "unreachable"))
            return
        leg = Leg(order.offer, home, order.call)
        self.by_name[leg.name] = leg
        if answer.how == "human":
            self._after(answer.after_seconds, self._pick_up, leg, answer.key_seconds)
        elif answer.how == "voicemail":
            self._after(answer.after_seconds, self._pick_up, leg, None)
        elif answer.how == "declines":
            self._after(answer.after_seconds, self._reject, leg)

    def leave(self, leg: Leg) -> None:
        """End a leg in its own time, after its last words if it was picked up."""
        if leg.leaving:
            return
        cut = leg.stage == "talking"
        self._end_talk(leg)
        leg.leaving = True
        self._after(0.0 if leg.stage == "ringing" else self._leave_seconds, self.end, leg)
        if cut:
            self.when_cut(leg)

    def start_talk(self, leg: Leg) -> Manner:
        """Note that the leg is in one bridge with its caller, and give how the talk will go."""
        leg.stage, leg.talking_since, leg.manner = "talking", self._clock.now, leg.home.next_talk()
        leg.home.calls += 1
        return leg.manner

    def drop(self, leg: Leg) -> None:
        """End a leg by a fault of the network, whatever it was doing."""
        if self.by_name.get(leg.name) is leg:
            self.end(leg, "network")

    def end(self, leg: Leg, how: LegEnd = "hung_up") -> None:
        """End a leg now."""
        if self.by_name.pop(leg.name, None) is None:
            return
        cut = leg.stage == "talking" and not leg.leaving
        self._end_talk(leg)
        leg.leaving = True
        self._wire.tell(ListenerLegEnded(leg.name, how))
        if cut:
            self.when_cut(leg)
        if leg.manner is not None and leg.manner.pause_seconds is not None:
            self._roster.pause(leg.home, leg.manner.pause_seconds)

    def seen(self) -> tuple[SeenOffer, ...]:
        """Give all legs as a resync lists them."""
        return tuple(
            SeenOffer(leg.name, leg.home.name, leg.call, "accepted" if leg.confers else leg.stage)
            for leg in self.by_name.values()
        )

    def _pick_up(self, leg: Leg, key_seconds: float | None) -> None:
        if leg.leaving:
            return
        leg.stage = "picked_up"
        self._wire.tell(ListenerPickedUp(leg.name))
        if key_seconds is not None and key_seconds < NO_KEY_SECONDS:
            self._after(key_seconds, self._press_key, leg)
        else:
            self._after(NO_KEY_SECONDS, self._press_nothing, leg)

    def _press_key(self, leg: Leg) -> None:
        if leg.leaving:
            return
        leg.stage = "accepted"
        if not self._wire.is_faithful:
            # The engine, where it hears this, joins or dismisses the leg within the instant.
            self._clock.call_in(ACCEPTED_SECONDS, self._give_up, leg)
        self._wire.tell(OfferAccepted(leg.name))

    def _press_nothing(self, leg: Leg) -> None:
        if not leg.leaving:
            self._wire.tell(OfferFailed(leg.name, "no_key"))
            self.end(leg)

    def _reject(self, leg: Leg) -> None:
        if not leg.leaving:
            self.end(leg, "rejected")

    def _give_up(self, leg: Leg) -> None:
        if leg.stage == "accepted":
            self.leave(leg)

    def _end_talk(self, leg: Leg) -> None:
        if leg.stage == "talking" and not leg.leaving:
            leg.home.talking_seconds += self._clock.now - leg.talking_since

    def _after(self, seconds: float, act: Callable[..., None], *args: object) -> None:
        if seconds > 0.0:
            self._clock.call_in(seconds, act, *args)
        else:
            act(*args)
