"""What the engine does with an offer: place it, withdraw it, end it."""

from __future__ import annotations

from typing import Final, Literal

from router.core.call import Call
from router.core.commands import DismissListener, OfferResult, ReportOffer, RingListener
from router.core.floor import Floor, State
from router.core.listener import ListenerState
from router.core.listeners import rang_in_vain, release, reserve
from router.core.machine import follow
from router.core.offer import (
    CUT_SHORT,
    LEAVE_AFTER_TALK_SECONDS,
    LEAVE_SECONDS,
    NOT_TAKEN,
    OFFER_TABLE,
    Offer,
)

OFFER_PREFIX: Final = "dcr-"
"""Begins the unique id of every listener's leg, so that ours are told from others' at sight."""

Farewell = Literal["taken", "caller_left", "timeout", "talk_over", "not_reached", "unknown"]


def place(floor: Floor, call: Call, listener: ListenerState, now: float) -> None:
    """Reserve a listener and have their phone rung for a call."""
    state, line = floor.state, call.line
    name = _new_name(state)
    reserve(floor, listener, name)
    offer = Offer(
        name=name,
        call=call.name,
        listener=listener.name,
        line=line.name,
        placed_at=now,
        accept_seconds=line.accept_seconds,
        deadline=None,
    )
    state.offers[name] = offer
    floor.due_offer(offer, now + line.ring_seconds)
    call.offers.append(name)
    call.offers_made += 1
    floor.touch_call(call)
    promise = state.promises.get(call.promise or "") if not call.has_leg else None
    floor.order(
        RingListener(
            offer=name,
            call=_about(call),
            listener=listener.name,
            line=line.name,
            known_caller=call.usual == listener.name,
            ring_seconds=line.ring_seconds,
            possible_since=_possible_since(floor, call, listener) - state.set_back_seconds,
            to_call_back=promise is not None,
            due_by=promise.due_by - state.set_back_seconds if promise is not None else None,
            attempt=promise.attempts + 1 if promise is not None else 0,
            to_help=call.help_wanted is not None,
        )
    )


def _possible_since(floor: Floor, call: Call, listener: ListenerState) -> float:
    """Give since when this ring could be: what is meant to come later is not late.

    No ring that was possible is left over from a step, so it is this step's cause that made it so.
    """
    return max(floor.caused_at, listener.free_since, call.searching_since)


def _about(call: Call) -> str:
    """Name what a listener is rung for: a caller's call, or the promise that is owed."""
    if call.help_wanted is not None:
        return call.help_wanted.call
    return call.name if call.has_leg else call.promise or call.name


def withdraw(
    floor: Floor, offer: Offer, result: OfferResult, farewell: Farewell, now: float
) -> None:
    """Give an offer its result and have the listener's leg ended.

    The listener stays reserved until the leg is really gone, so that the next ring finds a phone
    that is free.
    """
    offer.state = follow(OFFER_TABLE, offer.state, "withdrawn")
    floor.order(DismissListener(offer.name, farewell))
    let_leave(floor, offer, result, now)


def let_leave(floor: Floor, offer: Offer, result: OfferResult, now: float) -> None:
    """Give an offer its result and wait for the listener's leg to go."""
    _settle_result(floor, offer, result, now)
    seconds = LEAVE_AFTER_TALK_SECONDS if result == "talked" else LEAVE_SECONDS
    floor.due_offer(offer, now + seconds)


def end(floor: Floor, offer: Offer, result: OfferResult, now: float) -> None:
    """End an offer whose leg is gone, and let the listener go. An earlier result stands."""
    offer.state = "ended"
    _settle_result(floor, offer, result, now)
    offer.deadline = None
    del floor.state.offers[offer.name]
    release(floor, floor.state.listeners[offer.listener], offer.result or result, now)


def _new_name(state: State) -> str:
    """Name an offer as none is that is held: a journal read by other rules has made its own.

    No name begins with another one: Asterisk's Bridge takes the first leg whose id does.
    """
    name = ""
    while not name or name in state.offers:
        state.offers_made += 1
        name = f"{OFFER_PREFIX}{state.offers_made}-{state.boot}"
    return name


def _settle_result(floor: Floor, offer: Offer, result: OfferResult, now: float) -> None:
    if offer.result is not None:
        return
    offer.result = result
    _learn(floor, offer, result, now)
    floor.order(ReportOffer(offer.name, offer.call, offer.listener, offer.line, result))
    call = floor.state.calls.get(offer.call)
    if call is not None and offer.name in call.offers:
        call.offers.remove(offer.name)
        call.searching_since = now
        if offer.listener == call.usual:
            floor.keep_for_nobody(call)
            if call.fallback_put_off and call.state == "searching":
                floor.due_call(call, now)
        floor.touch_call(call)


def _learn(floor: Floor, offer: Offer, result: OfferResult, now: float) -> None:
    """Let a ring that was not taken tell of its listener's habits."""
    listener = floor.state.listeners[offer.listener]
    if result in NOT_TAKEN:
        listener.habit.missed(offer.placed_at)
    elif result in CUT_SHORT:
        listener.habit.cut_short(offer.placed_at, now)
    if result == "lost_race":
        rang_in_vain(floor, listener, now)
