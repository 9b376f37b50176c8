"""What follows when something happens to an offer."""

from __future__ import annotations

from typing import Final

from router.core import calls, offers
from router.core.call import CALL_TABLE, Call
from router.core.commands import ConnectCall, DismissListener, OfferResult
from router.core.consult import begin_consult, go_on_without
from router.core.events import (
    LegEnd,
    ListenerLegEnded,
    ListenerPickedUp,
    ListenerRang,
    OfferAccepted,
    OfferDeclined,
    OfferFailed,
)
from router.core.floor import Floor
from router.core.machine import IllegalTransition, follow
from router.core.offer import OFFER_TABLE, Offer, OfferState
from router.core.on_call import begin_grace
from router.core.promises import begin_dial

_RINGING_ENDED: Final[dict[LegEnd, OfferResult]] = {
    "hung_up": "no_answer",
    "busy": "busy",
    "no_answer": "no_answer",
    "rejected": "declined",
    "unreachable": "unreachable",
    "network": "unreachable",
}
_TAKEN_ENDED: Final[dict[OfferState, OfferResult]] = {
    "accepted": "listener_left",
    "talking": "talked",
}


def listener_rang(floor: Floor, event: ListenerRang, now: float) -> None:
    """The phone rings: nothing to do, unless the offer is none of ours any more."""
    offer = floor.state.offers.get(event.offer)
    if offer is None:
        _dismiss_unknown(floor, event.offer)
        return
    offer.state = follow(OFFER_TABLE, offer.state, "rang")


def listener_picked_up(floor: Floor, event: ListenerPickedUp, now: float) -> None:
    """Somebody or something answered: the accept key is awaited."""
    offer = floor.state.offers.get(event.offer)
    if offer is None:
        _dismiss_unknown(floor, event.offer)
        return
    offer.state = follow(OFFER_TABLE, offer.state, "picked_up")
    if offer.state == "picked_up":
        floor.due_offer(offer, now + offer.accept_seconds)


def offer_accepted(floor: Floor, event: OfferAccepted, now: float) -> None:
    """The listener takes the call: the first to press the key has it."""
    offer = floor.state.offers.get(event.offer)
    if offer is None:
        _dismiss_unknown(floor, event.offer)
        return
    if follow(OFFER_TABLE, offer.state, "accepted") == "leaving":
        return
    connect(floor, take_call(floor, offer, now), now)


def take_call(floor: Floor, offer: Offer, now: float) -> Call:
    """Give the call to the listener of this offer; whoever else rings for it is let go."""
    call = floor.call(offer.call)
    offer_state = follow(OFFER_TABLE, offer.state, "accepted")
    call.state = follow(CALL_TABLE, call.state, "accepted")
    offer.state = offer_state
    offer.deadline = None
    call.offers.remove(offer.name)
    for name in list(call.offers):
        offers.withdraw(floor, floor.state.offers[name], "lost_race", "taken", now)
    call.partner = offer.name
    floor.keep_for_nobody(call)
    listener = floor.listener(offer.listener)
    listener.misses = 0
    listener.habit.took(offer.placed_at, now)
    floor.touch_call(call)
    return call


def connect(floor: Floor, call: Call, now: float) -> None:
    """Have a call and the listener who took it put into one bridge."""
    assert call.partner is not None, "somebody has taken the call"
    if call.help_wanted is not None:
        begin_consult(floor, call, now)
        return
    if not call.has_leg:
        begin_dial(floor, call, now)
        return
    floor.due_call(call, now + call.line.connect_seconds)
    floor.order(ConnectCall(call.name, call.partner))


def offer_declined(floor: Floor, event: OfferDeclined, now: float) -> None:
    """The listener does not take this call."""
    _decline(floor, floor.offer(event.offer), "declined", now)


def offer_failed(floor: Floor, event: OfferFailed, now: float) -> None:
    """Nobody took this call: no key in time, or no leg at all."""
    offer = floor.offer(event.offer)
    if event.reason == "no_key":
        _decline(floor, offer, "no_key", now)
        return
    follow(OFFER_TABLE, offer.state, "failed")
    offers.end(floor, offer, event.reason, now)


def listener_leg_ended(floor: Floor, event: ListenerLegEnded, now: float) -> None:
    """The listener's leg is gone; what that means depends on how far it had come."""
    offer = floor.offer(event.offer)
    follow(OFFER_TABLE, offer.state, "leg_ended")
    picked_up = offer.state == "picked_up"
    unaccepted = "no_key" if picked_up else _RINGING_ENDED[event.how]
    leg_gone(floor, offer, unaccepted, dropped=event.how != "hung_up", now=now)


def leg_gone(
    floor: Floor, offer: Offer, if_unaccepted: OfferResult, *, dropped: bool, now: float
) -> None:
    """End an offer whose leg is gone, and see to the caller who had it."""
    before = offer.state
    call = floor.state.calls.get(offer.call)
    offers.end(floor, offer, _TAKEN_ENDED.get(before, if_unaccepted), now)
    if call is None:
        return
    if call.helper is not None and offer.name in (call.partner, call.helper):
        go_on_without(floor, call, offer, now)
    elif before == "accepted" or (before == "talking" and call.state == "connecting"):
        call.state = follow(CALL_TABLE, call.state, "not_connected")
        calls.search_on(floor, call, now)
    elif before == "talking" or (call.state == "after_talk" and offer.result == "talked"):
        _talk_cut(floor, call, dropped=dropped, now=now)


def _talk_cut(floor: Floor, call: Call, *, dropped: bool, now: float) -> None:
    calls.end_talk(floor, call, now)
    if dropped:
        call.head_of_line = True
        call.state = follow(CALL_TABLE, call.state, "listener_dropped")
        calls.search_again(floor, call, now)
    elif call.state == "talking":
        call.state = follow(CALL_TABLE, call.state, "listener_left")
        begin_grace(floor, call, now)


def _decline(floor: Floor, offer: Offer, result: OfferResult, now: float) -> None:
    after = follow(OFFER_TABLE, offer.state, "declined")
    offer.state = after
    offers.let_leave(floor, offer, result, now)


def _dismiss_unknown(floor: Floor, name: str) -> None:
    if not name.startswith(offers.OFFER_PREFIX):
        raise IllegalTransition("this leg is none of ours")
    floor.order(DismissListener(name, "unknown"))
