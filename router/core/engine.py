"""The engine: events in, commands out. No clock, no randomness, no input or output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from router.core import (
    events,
    on_call,
    on_care,
    on_duty,
    on_help,
    on_key,
    on_number,
    on_offer,
    on_pbx,
    on_promise,
    on_time,
    presence_events,
    promise_events,
)
from router.core.commands import AnyCommand
from router.core.event import Event
from router.core.explain import Decision
from router.core.floor import Floor, State
from router.core.invariants import violations_of_step
from router.core.machine import EventRefused
from router.core.own_time import set_back_by
from router.core.search import settle

_HANDLERS: Final[dict[type[Event], Callable[[Floor, Any, float], None]]] = {
    events.EngineStarted: on_duty.engine_started,
    events.PolicyLoaded: on_duty.policy_loaded,
    events.ListenerCameOn: on_duty.listener_came_on,
    presence_events.ListenerUnheard: on_duty.listener_unheard,
    presence_events.ListenerHeard: on_duty.listener_heard,
    events.ListenerPaused: on_duty.listener_paused,
    events.ListenerWentOff: on_duty.listener_went_off,
    events.CallArrived: on_call.call_arrived,
    events.CallWaiting: on_call.call_waiting,
    events.CallerInShock: on_key.caller_in_shock,
    events.CallerAskedFor: on_key.caller_asked_for,
    events.CallerChoseSkills: on_key.caller_chose_skills,
    events.CallerChose: on_key.caller_chose,
    events.CallerForgotten: on_call.caller_forgotten,
    events.CallerHungUp: on_call.caller_hung_up,
    events.FallbackBegan: on_call.fallback_began,
    events.FallbackAnswered: on_call.fallback_answered,
    events.CallerPutThrough: on_call.caller_put_through,
    events.TalkStarted: on_call.talk_started,
    events.ConnectFailed: on_call.connect_failed,
    events.ListenerRang: on_offer.listener_rang,
    events.ListenerPickedUp: on_offer.listener_picked_up,
    events.OfferAccepted: on_offer.offer_accepted,
    events.OfferDeclined: on_offer.offer_declined,
    events.OfferFailed: on_offer.offer_failed,
    events.ListenerLegEnded: on_offer.listener_leg_ended,
    events.TalkMarkedHard: on_care.talk_marked_hard,
    events.TalkDisposed: on_care.talk_disposed,
    events.HelpAsked: on_help.help_asked,
    events.ConsultStarted: on_help.consult_started,
    promise_events.CallBackAsked: on_promise.call_back_asked,
    promise_events.PromiseNoted: on_promise.promise_noted,
    promise_events.PromiseNotNoted: on_promise.promise_not_noted,
    promise_events.NumberTyped: on_number.number_typed,
    promise_events.NumberChanged: on_number.number_changed,
    promise_events.PromiseCancelled: on_promise.promise_cancelled,
    promise_events.PromiseGiven: on_promise.promise_given,
    promise_events.CallBackTaken: on_promise.call_back_taken,
    promise_events.CallBackEnded: on_promise.call_back_ended,
    promise_events.PbxBooted: on_promise.pbx_booted,
    promise_events.NumberLost: on_number.number_lost,
    events.PbxLost: on_pbx.pbx_lost,
    events.PbxResynced: on_pbx.pbx_resynced,
    events.TimeReached: on_time.time_reached,
}


class Engine:
    """A deterministic state machine: the same events at the same times give the same commands."""

    def __init__(self, state: State | None = None) -> None:
        self._floor = Floor(state if state is not None else State())

    @property
    def state(self) -> State:
        """All that the engine holds. To be looked at, never changed, from outside."""
        return self._floor.state

    def step(self, event: events.AnyEvent, now: float) -> list[AnyCommand]:
        """Take one event and give what is to be done about it, in order.

        Parameters
        ----------
        event
            what has happened.
        now
            epoch seconds. A clock that was set back is read as having stood still, and as going
            on from there.

        Raises
        ------
        EventRefused
            if the event does not fit what the engine holds; then nothing has changed.

        """
        floor, state = self._floor, self._floor.state
        known_seconds = state.set_back_seconds
        if now < state.now or known_seconds:
            floor.follow_clock(set_back_by(now, state.now, known_seconds))
            now = max(now + state.set_back_seconds, state.now)
        floor.begin_step(now)
        try:
            _HANDLERS[type(event)](floor, event, now)
        except EventRefused:
            floor.follow_clock(known_seconds)
            raise
        state.now = now
        settle(floor, now)
        return floor.commands

    def violations(self) -> list[str]:
        """Name what must not be, among what the last step has touched; empty where all holds.

        Cheap enough to be asked after every step. `invariants.violations` looks at everybody.
        """
        return violations_of_step(self._floor)

    def next_deadline(self) -> float | None:
        """Give the epoch second at which a TimeReached is wanted; None if nothing is due."""
        state = self._floor.state
        due = self._floor.deadlines.first() if state.pbx_up else None
        return due[0] - state.set_back_seconds if due is not None else None

    def watch(self, call: str) -> list[Decision]:
        """Record every decision about one call from now on, in the list that is given."""
        self._floor.watched = call
        self._floor.decisions = []
        return self._floor.decisions

    def snapshot(self) -> bytes:
        """Give the whole state in its wire form."""
        return msgspec.json.encode(self._floor.state)

    @classmethod
    def restore(cls, snapshot: bytes) -> Engine:
        """Make an engine that goes on exactly where the snapshot was taken.

        Raises
        ------
        msgspec.DecodeError
            if the bytes are not a snapshot of this version.

        """
        return cls(msgspec.json.decode(snapshot, type=State))
