"""What follows when something happens to an offer."""

from __future__ import annotations

from router.core import calls, offers
from router.core.call import CALL_TABLE, Call, CallInput, CallState
from router.core.commands import ConnectCall, DismissListener, OfferResult
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
from router.core.offer import OFFER_TABLE, Offer, OfferInput, OfferState
from router.core.on_call import begin_grace

_RINGING_ENDED: dict[LegEnd, OfferResult] = {
    "hung_up": "no_answer",
    "busy": "busy",
    "no_answer": "no_answer",
    "rejected": "declined",
    "unreachable": "unreachable",
    "network": "unreachable",
}


def listener_rang(floor: Floor, event: ListenerRang, now: float) -> None:
    """The phone rings: nothing to do, unless the offer is none of ours any more."""
    offer = floor.state.offers.get(event.offer)
    if offer is None:
        _dismiss_unknown(floor, event.offer)
        return
    offer.state = follow(OFFER_TABLE, offer.state, OfferInput.RANG)


def listener_picked_up(floor: Floor, event: ListenerPickedUp, now: float) -> None:
    """Somebody or something answered: the accept key is awaited."""
    offer = floor.state.offers.get(event.offer)
    if offer is None:
        _dismiss_unknown(floor, event.offer)
        return
    offer.state = follow(OFFER_TABLE, offer.state, OfferInput.PICKED_UP)
    if offer.state is OfferState.PICKED_UP:
        floor.due_offer(offer, now + offer.accept_seconds)


def offer_accepted(floor: Floor, event: OfferAccepted, now: float) -> None:
    """The listener takes the call: the first to press the key has it."""
    offer = floor.state.offers.get(event.offer)
    if offer is None:
        _dismiss_unknown(floor, event.offer)
        return
    offer_state = follow(OFFER_TABLE, offer.state, OfferInput.ACCEPTED)
    if offer_state is OfferState.LEAVING:
        return
    call = floor.call(offer.call)
    call.state = follow(CALL_TABLE, call.state, CallInput.ACCEPTED)
    offer.state = offer_state
    floor.due_offer(offer, None)
    call.offers.remove(offer.name)
    for name in list(call.offers):
        offers.withdraw(floor, floor.state.offers[name], "lost_race", "taken", now)
    call.partner = offer.name
    floor.listener(offer.listener).misses = 0
    floor.due_call(call, now + call.line.connect_seconds)
    floor.touch_call(call)
    floor.order(ConnectCall(call.name, offer.name))


def offer_declined(floor: Floor, event: OfferDeclined, now: float) -> None:
    """The listener does not take this call."""
    _decline(floor, floor.offer(event.offer), "declined", now)


def offer_failed(floor: Floor, event: OfferFailed, now: float) -> None:
    """Nobody took this call: no key in time, or no leg at all."""
    offer = floor.offer(event.offer)
    if event.reason == "no_key":
        _decline(floor, offer, "no_key", now)
        return
    follow(OFFER_TABLE, offer.state, OfferInput.FAILED)
    offers.end(floor, offer, event.reason, now)


def listener_leg_ended(floor: Floor, event: ListenerLegEnded, now: float) -> None:
    """The listener's leg is gone; what that means depends on how far it had come."""
    offer = floor.offer(event.offer)
    before = offer.state
    follow(OFFER_TABLE, before, OfferInput.LEG_ENDED)
    leg_gone(floor, offer, _RINGING_ENDED[event.how], dropped=event.how != "hung_up", now=now)


def leg_gone(
    floor: Floor, offer: Offer, if_ringing: OfferResult, *, dropped: bool, now: float
) -> None:
    """End an offer whose leg is gone, and see to the caller who had it."""
    before = offer.state
    call = floor.state.calls.get(offer.call)
    offers.end(floor, offer, _result(before, if_ringing), now)
    if call is None:
        return
    if before is OfferState.ACCEPTED:
        call.state = follow(CALL_TABLE, call.state, CallInput.NOT_CONNECTED)
        calls.search_again(floor, call, now)
    elif before is OfferState.TALKING or call.state is CallState.AFTER_TALK:
        _talk_cut(floor, call, dropped=dropped, now=now)


def _talk_cut(floor: Floor, call: Call, *, dropped: bool, now: float) -> None:
    calls.end_talk(call, now)
    call.head_of_line = True
    if dropped:
        call.state = follow(CALL_TABLE, call.state, CallInput.LISTENER_DROPPED)
        calls.search_again(floor, call, now)
    elif call.state is CallState.TALKING:
        call.state = follow(CALL_TABLE, call.state, CallInput.LISTENER_LEFT)
        begin_grace(floor, call, now)


def _result(stage: OfferState, if_ringing: OfferResult) -> OfferResult:
    by_stage: dict[OfferState, OfferResult] = {
        OfferState.PICKED_UP: "no_key",
        OfferState.ACCEPTED: "listener_left",
        OfferState.TALKING: "talked",
    }
    return by_stage.get(stage, if_ringing)


def _decline(floor: Floor, offer: Offer, result: OfferResult, now: float) -> None:
    after = follow(OFFER_TABLE, offer.state, OfferInput.DECLINED)
    offer.state = after
    offers.let_leave(floor, offer, result, now)


def _dismiss_unknown(floor: Floor, name: str) -> None:
    if not name.startswith(offers.OFFER_PREFIX):
        raise IllegalTransition("this leg is none of ours")
    floor.order(DismissListener(name, "unknown"))
