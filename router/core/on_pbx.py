"""What follows when the link to Asterisk is lost, and when it is back: belief against truth."""

from __future__ import annotations

from router.core import calls
from router.core.call import CALL_TABLE, Call, CallInput, CallState
from router.core.commands import AcknowledgeCall, ConnectCall, DismissListener
from router.core.events import (
    CallWaiting,
    FallbackAnswered,
    FallbackBegan,
    ListenerPickedUp,
    OfferAccepted,
    PbxLost,
    PbxResynced,
    SeenCall,
    SeenOffer,
    TalkStarted,
)
from router.core.floor import Floor
from router.core.listener import Activity, ListenerState
from router.core.listeners import reserve, rest_over
from router.core.machine import follow
from router.core.offer import Offer, OfferState
from router.core.on_call import call_waiting, fallback_answered, fallback_began, talk_started
from router.core.on_offer import leg_gone, listener_picked_up, offer_accepted


def pbx_lost(floor: Floor, event: PbxLost, now: float) -> None:
    """Ring nobody and end nothing until the resync."""
    floor.state.pbx_up = False


def pbx_resynced(floor: Floor, event: PbxResynced, now: float) -> None:
    """Make the floor what Asterisk holds, keeping each caller's place."""
    seen_calls = {seen.call: seen for seen in event.calls}
    seen_offers = {seen.offer: seen for seen in event.offers}
    floor.state.pbx_up = True
    _end_gone_calls(floor, seen_calls, now)
    _end_gone_legs(floor, seen_offers, now)
    for call in sorted(event.calls, key=lambda one: (one.arrived, natural(one.call))):
        if call.call not in floor.state.calls:
            calls.enter(floor, call, now)
        else:
            floor.order(AcknowledgeCall(call.call))
    for leg in event.offers:
        _catch_up_leg(floor, leg, now)
    for seen in event.calls:
        _catch_up_call(floor, seen, now)
    for name in floor.state.listeners:
        floor.touched_listeners[name] = None


def natural(call: str) -> tuple[int, ...]:
    """Give the numbers in a unique id, so that 1700000000.9 comes before 1700000000.10."""
    parts = "".join(letter if letter.isascii() and letter.isdigit() else " " for letter in call)
    return tuple(int(part) for part in parts.split())


def _end_gone_calls(floor: Floor, seen: dict[str, SeenCall], now: float) -> None:
    for name, call in list(floor.state.calls.items()):
        if name not in seen:
            calls.end(floor, call, now)


def _end_gone_legs(floor: Floor, seen: dict[str, SeenOffer], now: float) -> None:
    for name, offer in list(floor.state.offers.items()):
        if name not in seen and name in floor.state.offers:
            leg_gone(floor, offer, "vanished", dropped=True, now=now)


def _catch_up_leg(floor: Floor, seen: SeenOffer, now: float) -> None:
    offer = floor.state.offers.get(seen.offer)
    if offer is None:
        _adopt_talk(floor, seen, now)
        return
    if offer.state is OfferState.RINGING and seen.stage == "picked_up":
        listener_picked_up(floor, ListenerPickedUp(seen.offer), now)
    if offer.state in (OfferState.RINGING, OfferState.PICKED_UP) and seen.stage in (
        "accepted",
        "talking",
    ):
        offer_accepted(floor, OfferAccepted(seen.offer), now)
    elif offer.state is OfferState.ACCEPTED and seen.stage == "accepted":
        floor.order(ConnectCall(offer.call, offer.name))
    if offer.state is OfferState.ACCEPTED and seen.stage == "talking":
        talk_started(floor, TalkStarted(offer.call, offer.name), now)
    if offer.state is OfferState.LEAVING:
        floor.order(DismissListener(offer.name, "unknown"))


def _adopt_talk(floor: Floor, seen: SeenOffer, now: float) -> None:
    """Take over a talk that no journal tells of; any other unknown leg is sent away."""
    listener = floor.state.listeners.get(seen.listener)
    call = floor.state.calls.get(seen.call)
    free = listener is not None and listener.offer is None
    if seen.stage != "talking" or call is None or listener is None or not free:
        floor.order(DismissListener(seen.offer, "unknown"))
        return
    if call.state is not CallState.SEARCHING or call.offers:
        floor.order(DismissListener(seen.offer, "unknown"))
        return
    _seat_in_talk(floor, call, listener, seen.offer, now)


def _seat_in_talk(floor: Floor, call: Call, listener: ListenerState, name: str, now: float) -> None:
    if listener.activity is not Activity.FREE:
        rest_over(floor, listener, now)
    reserve(floor, listener, name)
    floor.state.offers[name] = Offer(
        name=name,
        call=call.name,
        listener=listener.name,
        line=call.line.name,
        placed_at=now,
        accept_seconds=call.line.accept_seconds,
        deadline=None,
        state=OfferState.ACCEPTED,
    )
    call.offers_made += 1
    call.state = follow(CALL_TABLE, call.state, CallInput.ACCEPTED)
    call.partner = name
    floor.touch_call(call)
    talk_started(floor, TalkStarted(call.name, name), now)


def _catch_up_call(floor: Floor, seen: SeenCall, now: float) -> None:
    call = floor.state.calls[seen.call]
    in_fallback = call.state in (CallState.FALLBACK, CallState.FALLBACK_TALKING)
    if seen.place == "waiting":
        waiting = CallWaiting(seen.call, seen.line, seen.caller, seen.arrived)
        call_waiting(floor, waiting, now)
    elif seen.place == "fallback" and not in_fallback:
        began = FallbackBegan(seen.call, seen.line, seen.caller, seen.arrived)
        fallback_began(floor, began, now)
    elif seen.place == "talking" and call.state in (CallState.SEARCHING, CallState.FALLBACK):
        fallback_answered(floor, FallbackAnswered(seen.call), now)
