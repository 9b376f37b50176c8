"""The listeners' legs of a replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
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
from simulations.replay.duties import Duties
from simulations.replay.past import OfferEvent
from simulations.replay.scripts import Script, Scripts
from simulations.replay.wire import Wire


class Leg(Struct, eq=False):
    """A listener's leg."""

    name: str
    listener: str
    call: str
    script: Script
    stage: Literal["ringing", "picked_up", "accepted", "talking"] = "ringing"
    leaving: bool = False
    """Nothing more but its end can happen to it."""
    talked: bool = False


class Legs:
    """All the listeners' legs."""

    def __init__(self, clock: Clock, wire: Wire, scripts: Scripts, duties: Duties) -> None:
        self.by_name: dict[str, Leg] = {}
        self.when_cut: Callable[[Leg], None] = lambda _: None
        """Told of a leg that went in the middle of a talk."""
        self._clock = clock
        self._wire = wire
        self._scripts = scripts
        self._duties = duties

    def ring(self, order: RingListener) -> None:
        """Place a leg, and have happen to it what its listener makes of it."""
        now = self._clock.now
        script = self._scripts.script(order.listener, now)
        leg = Leg(order.offer, order.listener, order.call, script)
        self.by_name[leg.name] = leg
        for at, act in script.acts:
            if at <= now:
                self._act(leg, act)
            else:
                self._clock.call_at(at, self._act, leg, act)

    def dismiss(self, name: str) -> None:
        """Have a leg end, after its last words if it was picked up."""
        leg = self.by_name.get(name)
        if leg is not None:
            self.leave(leg)

    def leave(self, leg: Leg) -> None:
        """End a leg in its own time."""
        if leg.leaving:
            return
        leg.leaving = True
        now = self._clock.now
        gone_at = self._scripts.gone_at(leg.script, now, up=leg.stage != "ringing")
        if gone_at <= now:
            self._end(leg, "hung_up")
        else:
            self._clock.call_at(gone_at, self._end, leg, "hung_up")

    def cut(self, leg: Leg, how: LegEnd) -> None:
        """End a talk from the listener's side, if it is still going on."""
        if leg.stage == "talking" and not leg.leaving:
            self._end(leg, how)

    def seen(self) -> tuple[SeenOffer, ...]:
        """Give all legs as a resync lists them."""
        return tuple(
            SeenOffer(leg.name, leg.listener, leg.call, leg.stage) for leg in self.by_name.values()
        )

    def _act(self, leg: Leg, act: OfferEvent) -> None:
        if leg.leaving or leg.stage == "talking" or leg.name not in self.by_name:
            return
        if isinstance(act, ListenerLegEnded):
            self._end(leg, act.how)
            return
        if isinstance(act, ListenerPickedUp):
            leg.stage = "picked_up"
        elif isinstance(act, OfferAccepted):
            leg.stage = "accepted"
        elif isinstance(act, OfferFailed) and act.reason != "no_key":
            del self.by_name[leg.name]
        self._wire.tell(msgspec.structs.replace(act, offer=leg.name))

    def _end(self, leg: Leg, how: LegEnd) -> None:
        if self.by_name.pop(leg.name, None) is None:
            return
        was_cut = leg.stage == "talking" and not leg.leaving
        leg.leaving = True
        self._wire.tell(ListenerLegEnded(leg.name, how))
        if was_cut:
            self.when_cut(leg)
        if leg.talked:
            self._duties.rest(leg.listener)
