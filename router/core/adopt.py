"""Legs that Asterisk holds and no journal tells of: a talk is taken over, others are sent away."""

from __future__ import annotations

from router.core import calls
from router.core.call import CALL_TABLE, Call
from router.core.commands import DismissListener
from router.core.consult import join_helper
from router.core.events import CallWaiting, TalkStarted
from router.core.floor import Floor
from router.core.listener import ListenerState
from router.core.listeners import reserve, rest_over
from router.core.machine import follow
from router.core.offer import LEAVE_SECONDS, Offer
from router.core.on_call import call_waiting, talk_started
from router.core.seen import SeenOffer


def adopt_talk(floor: Floor, seen: SeenOffer, now: float) -> None:
    """Take over the talk of a call that is held; leave it alone where the listener is not ours."""
    call = floor.state.calls[seen.call]
    listener = floor.state.listeners.get(seen.listener)
    if listener is None or listener.offer is not None:
        return
    if call.state == "talking" and call.helper is None:
        _join(floor, call, _hold(floor, listener, seen, call.line.name, now), now)
        return
    if call.state in ("fallback", "fallback_talking"):
        back = CallWaiting(call.name, call.line.name, call.caller, call.arrived)
        call_waiting(floor, back, now)
    if call.state != "searching":
        return
    floor.keep_for_nobody(call)
    calls.release_all(floor, call, "lost_race", now)
    offer = _hold(floor, listener, seen, call.line.name, now)
    _seat(floor, call, offer, now)


def send_away(floor: Floor, seen: SeenOffer, now: float) -> None:
    """Dismiss a leg; its listener is not rung for anybody else before it is gone."""
    floor.order(DismissListener(seen.offer, "unknown"))
    listener = floor.state.listeners.get(seen.listener)
    if listener is None or listener.offer is not None:
        return
    call = floor.state.calls.get(seen.call)
    offer = _hold(floor, listener, seen, call.line.name if call is not None else "", now)
    offer.state, offer.result = "leaving", "withdrawn"
    floor.due_offer(offer, now + LEAVE_SECONDS)


def _hold(floor: Floor, listener: ListenerState, seen: SeenOffer, line: str, now: float) -> Offer:
    if listener.activity != "free":
        rest_over(floor, listener, now)
    reserve(floor, listener, seen.offer)
    offer = Offer(
        name=seen.offer,
        call=seen.call,
        listener=listener.name,
        line=line,
        placed_at=now,
        accept_seconds=0.0,
        deadline=None,
        state="accepted",
    )
    floor.state.offers[offer.name] = offer
    return offer


def _join(floor: Floor, call: Call, offer: Offer, now: float) -> None:
    """Take over a leg that was found in a talk with a caller and a listener: it came to help."""
    call.helper = offer.name
    join_helper(floor, offer, now)
    floor.touch_call(call)


def _seat(floor: Floor, call: Call, offer: Offer, now: float) -> None:
    call.offers_made += 1
    call.state = follow(CALL_TABLE, call.state, "accepted")
    call.partner = offer.name
    floor.touch_call(call)
    talk_started(floor, TalkStarted(call.name, offer.name), now, seen=False)
