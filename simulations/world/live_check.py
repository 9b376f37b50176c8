"""The daemon's look, now and then, whether a leg that it believes in is gone without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from router.ami.mirror import CallerLeg, Mirror, is_offer
from router.core import events
from router.core.commands import AnyCommand, RingListener
from router.core.events import AnyEvent, PbxResynced
from router.core.promise_events import CallBackTaken
from router.core.seen import SeenCall
from simulations.clock import Clock
from simulations.world.wire import Wire

CHECK_EVERY_SECONDS = 30.0
"""As the daemon does where nothing seems wrong."""

DOUBTFUL_SECONDS = 2.0
"""From one of the daemon's beats to the next: where something seems wrong, each of them looks."""


class LiveCheck:
    """The daemon's own mirror, held against what Asterisk has while events may go astray."""

    def __init__(self, clock: Clock, wire: Wire, names: Callable[[], frozenset[str]]) -> None:
        self._clock = clock
        self._wire = wire
        self._names = names
        self._mirror = Mirror()
        self.is_wanted = False
        """Something can go astray in this run, so that it is told of all that comes."""
        self._is_running = False
        self._next_at = 0.0
        self._read: dict[type[AnyEvent], Callable[[Any], bool]] = {
            events.CallArrived: self._add_call,
            events.CallWaiting: self._add_call,
            CallBackTaken: self._add_called_back,
            events.FallbackBegan: self._add_call,
            events.CallerHungUp: self._end_call,
            events.ListenerPickedUp: self._add_leg,
            events.OfferAccepted: self._add_leg,
            events.OfferFailed: self._fail_leg,
            events.ListenerLegEnded: self._end_leg,
            events.TalkStarted: self._join,
        }

    @property
    def believes(self) -> bool:
        """Say whether the daemon believes in any leg at all."""
        return bool(self._mirror.calls or self._mirror.offers)

    def reads(self, event: AnyEvent) -> bool:
        """Note what an event tells; False where the daemon makes nothing of it."""
        read = self._read.get(type(event))
        return read is None or read(event)

    def note(self, command: AnyCommand) -> None:
        """Note a leg that was ordered."""
        if type(command) is RingListener:
            self._mirror.offer(command.offer)

    def forget_all(self) -> None:
        """Believe in nothing: the link is down."""
        self._mirror.forget_all()

    def take(self, truth: PbxResynced) -> None:
        """Believe in what a new link's listing says."""
        if not self.is_wanted:
            return
        for call in truth.calls:
            self._add_call(call)
        for leg in truth.offers:
            self._mirror.offer(leg.offer)
        self._mirror.end_resync()

    def begin(self) -> None:
        """Look from now on, until belief is truth again and nothing can be lost."""
        if not self._is_running:
            self._is_running = True
            self._look_at(self._clock.now + CHECK_EVERY_SECONDS)

    def doubt(self) -> None:
        """Look at the next beat: Asterisk has refused an order."""
        beat_at = (self._clock.now // DOUBTFUL_SECONDS + 1.0) * DOUBTFUL_SECONDS
        if self._is_running and beat_at < self._next_at:
            self._look_at(beat_at)

    def _look_at(self, at: float) -> None:
        self._next_at = at
        self._clock.call_at(at, self._ask, at)

    def _ask(self, at: float) -> None:
        if at != self._next_at:
            return
        wire = self._wire
        self._next_at = wire.in_order_at
        asked = (self._mirror.legs(), self._names(), wire.times_cut)
        self._clock.call_at(self._next_at, self._compare, *asked)

    def _compare(self, asked: list[str], named: frozenset[str], times_cut: int) -> None:
        mirror, wire = self._mirror, self._wire
        if wire.linked and times_cut == wire.times_cut:
            for leg in mirror.missed(asked, named):
                wire.say(
                    events.ListenerLegEnded(leg, "network")
                    if is_offer(leg)
                    else events.CallerHungUp(leg)
                )
        if self._is_needed():
            wait_seconds = DOUBTFUL_SECONDS if mirror.suspicious else CHECK_EVERY_SECONDS
            self._look_at(self._clock.now + wait_seconds)
        else:
            self._is_running = False

    def _is_needed(self) -> bool:
        if not self._wire.is_faithful or self._mirror.suspicious:
            return True
        return not self._names().issuperset(self._mirror.legs())

    def _add_call(self, told: events.CallArrived | SeenCall) -> bool:
        self._mirror.add_call(told.call, CallerLeg(told.line, told.caller, told.arrived))
        return True

    def _add_called_back(self, told: CallBackTaken) -> bool:
        self._mirror.add_call(told.leg, CallerLeg(line="", caller=None, arrived=0.0))
        return True

    def _end_call(self, told: events.CallerHungUp) -> bool:
        was_known = told.call in self._mirror.calls
        self._mirror.hang_up(told.call)
        return was_known

    def _add_leg(self, told: events.ListenerPickedUp) -> bool:
        self._mirror.offer(told.offer)
        return True

    def _fail_leg(self, told: events.OfferFailed) -> bool:
        if told.reason == "no_key":
            self._mirror.offer(told.offer)
            return True
        was_known = told.offer in self._mirror.offers
        self._mirror.hang_up(told.offer)
        return was_known

    def _end_leg(self, told: events.ListenerLegEnded) -> bool:
        self._mirror.hang_up(told.offer)
        return True

    def _join(self, told: events.TalkStarted) -> bool:
        self._mirror.offer(told.offer)
        return told.call in self._mirror.calls
