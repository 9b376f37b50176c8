"""What follows when the link to Asterisk is lost, and when it is back: belief against truth."""

from __future__ import annotations

from typing import Final

from router.core import calls
from router.core.adopt import adopt_talk, send_away
from router.core.attempts import attempt_over
from router.core.call import CALL_TABLE, Call
from router.core.commands import AcknowledgeCall, DismissListener
from router.core.consult import bring_in, order_consult
from router.core.events import (
    CallWaiting,
    FallbackAnswered,
    FallbackBegan,
    ListenerPickedUp,
    PbxLost,
    PbxResynced,
    TalkStarted,
)
from router.core.floor import Floor
from router.core.machine import follow
from router.core.offer import LEAVE_SECONDS, Offer
from router.core.on_call import call_waiting, fallback_answered, fallback_began, talk_started
from router.core.on_offer import connect, leg_gone, listener_picked_up, take_call
from router.core.on_promise import call_back_taken
from router.core.promise_commands import DropCallBack
from router.core.promise_events import CallBackTaken
from router.core.promises import dial, search_of
from router.core.seen import SeenCall, SeenOffer

BRIEFED_SECONDS: Final = 20.0
"""So long after a listener has taken a promise the caller's phone has not rung: they hear first
what it is. Later a leg that is not there has ended, and who knows how."""


def pbx_lost(floor: Floor, event: PbxLost, now: float) -> None:
    """Ring nobody and end nothing until the resync."""
    floor.state.pbx_up = False


def pbx_resynced(floor: Floor, event: PbxResynced, now: float) -> None:
    """Make the floor what Asterisk holds, keeping each caller's place.

    Where callers are comes before what their listeners' legs do, so that nobody is connected to a
    caller who has gone on to the fallback. A talk that is going on is never cut.
    """
    floor.state.pbx_up = True
    _catch_up_unseen(floor, event.talked, now)
    _end_gone_calls(floor, {seen.call for seen in event.calls}, now)
    _take_up_called_back(floor, event.calls, now)
    _end_gone_dials(floor, event, now)
    _end_gone_legs(floor, {seen.offer for seen in event.offers}, now)
    _dismiss_again(floor, event.offers, now)
    for call in sorted(event.calls, key=lambda one: (one.arrived, natural(one.call))):
        if call.call not in floor.state.calls:
            calls.enter(floor, call, now)
        else:
            floor.order(AcknowledgeCall(call.call))
    for call in event.calls:
        _catch_up_call(floor, call, now)
    for leg in sorted(event.offers, key=lambda one: one.stage != "talking"):
        _catch_up_leg(floor, leg, now)
    for call in event.calls:
        if call.place == "talking":
            _catch_up_talk(floor, call, now)
        elif floor.state.calls[call.call].state == "talking":
            _end_consult(floor, floor.state.calls[call.call], now)
    floor.touched_listeners.update(floor.state.listeners)


def natural(call: str) -> tuple[int, ...]:
    """Give the numbers in a unique id, so that 1700000000.9 comes before 1700000000.10."""
    parts = "".join(letter if letter.isascii() and letter.isdigit() else " " for letter in call)
    return tuple(int(part) for part in parts.split())


def _catch_up_unseen(floor: Floor, talked: tuple[str, ...], now: float) -> None:
    """Have those talks begin that nobody was there to see: with whom we ordered, or the fallback.

    That they are over follows as ever from where caller and listener are now.
    """
    for name in talked:
        _take_unseen_leg(floor, name, now)
        call = floor.state.calls.get(name)
        if call is None:
            continue
        if call.state == "connecting" and call.partner is not None:
            talk_started(floor, TalkStarted(name, call.partner), now, seen=False)
        elif call.state in ("searching", "fallback"):
            fallback_answered(floor, FallbackAnswered(name), now, seen=False)


def _take_unseen_leg(floor: Floor, leg: str, now: float) -> None:
    held = floor.state.promises.values()
    promise = next((one for one in held if (one.leg, one.state) == (leg, "dialling")), None)
    search = search_of(floor, promise) if promise is not None else None
    if search is not None and search.partner is not None:
        call_back_taken(floor, CallBackTaken(leg), now)


def _end_consult(floor: Floor, call: Call, now: float) -> None:
    """Bring a caller in who waits while legs of theirs, of which no journal tells, confer."""
    call.state = follow(CALL_TABLE, call.state, "put_aside")
    call.pause_talk(now)
    bring_in(floor, call, now)


def _end_gone_calls(floor: Floor, seen: set[str], now: float) -> None:
    for name, call in list(floor.state.calls.items()):
        if name not in seen and call.has_leg:
            calls.end(floor, call, now)


def _take_up_called_back(floor: Floor, seen: tuple[SeenCall, ...], now: float) -> None:
    """Take up those whom we have called back, and who said that it is them as nobody heard it.

    Whoever of them is with somebody else by now is let in like any caller.
    """
    legs = {one.call: one for one in seen if one.call not in floor.state.calls}
    for promise in list(floor.state.promises.values()):
        leg = legs.get(promise.leg or "")
        if promise.state != "dialling" or leg is None:
            continue
        search = search_of(floor, promise)
        if search is None or search.partner is None:
            continue
        if leg.place == "waiting" or leg.offer == search.partner:
            call_back_taken(floor, CallBackTaken(leg.call), now)


def _end_gone_dials(floor: Floor, event: PbxResynced, now: float) -> None:
    """Ring those once more whose leg Asterisk does not have, while a listener waits for them.

    Without one the attempt is given up; the legs that we know nothing of are ended.
    """
    there = {*event.dialled, *(seen.call for seen in event.calls)}
    waiting = {seen.offer for seen in event.offers if seen.stage == "accepted"}
    wanted: set[str] = set()
    for promise in list(floor.state.promises.values()):
        if promise.state != "dialling" or promise.leg is None:
            continue
        wanted.add(promise.leg)
        search = search_of(floor, promise)
        if promise.leg in there:
            continue
        taken_at = promise.history[-1][0]
        if search is not None and search.partner in waiting and now - taken_at < BRIEFED_SECONDS:
            dial(floor, promise, search, now)
        else:
            attempt_over(floor, promise, "unreachable", now)
    for leg in event.dialled:
        if leg not in wanted:
            floor.order(DropCallBack(leg))


def _end_gone_legs(floor: Floor, seen: set[str], now: float) -> None:
    for name, offer in list(floor.state.offers.items()):
        if name not in seen:
            leg_gone(floor, offer, "vanished", dropped=True, now=now)


def _dismiss_again(floor: Floor, seen: tuple[SeenOffer, ...], now: float) -> None:
    """Repeat what may not have reached Asterisk, and give those legs the time to go once more."""
    for leg in seen:
        offer = floor.state.offers.get(leg.offer)
        talks = leg.stage == "talking" and leg.call in floor.state.calls
        if offer is None or offer.state != "leaving" or talks:
            continue
        if offer.result == "talked":
            # Its listener may be keying what the talk has led to.
            floor.order(DismissListener(offer.name, "talk_over"))
        else:
            floor.order(DismissListener(offer.name, "unknown"))
            floor.due_offer(offer, now + LEAVE_SECONDS)


def _catch_up_call(floor: Floor, seen: SeenCall, now: float) -> None:
    call = floor.state.calls[seen.call]
    if seen.place == "waiting":
        waiting = CallWaiting(seen.call, seen.line, seen.caller, seen.arrived)
        call_waiting(floor, waiting, now)
    elif seen.place == "fallback" and call.state != "fallback":
        began = FallbackBegan(seen.call, seen.line, seen.caller, seen.arrived)
        fallback_began(floor, began, now)
    elif seen.place == "talking" and seen.offer is None:
        _catch_up_talk(floor, seen, now)


def _catch_up_leg(floor: Floor, seen: SeenOffer, now: float) -> None:
    offer = floor.state.offers.get(seen.offer)
    if offer is not None:
        _catch_up_offer(floor, offer, seen, now)
    elif seen.stage == "talking" and seen.call in floor.state.calls:
        adopt_talk(floor, seen, now)
    else:
        send_away(floor, seen, now)


def _catch_up_offer(floor: Floor, offer: Offer, seen: SeenOffer, now: float) -> None:
    if seen.stage == "picked_up" and offer.state == "ringing":
        listener_picked_up(floor, ListenerPickedUp(offer.name), now)
    taken = seen.stage in ("accepted", "talking")
    if taken and offer.state in ("ringing", "picked_up"):
        take_call(floor, offer, now)
    if taken and offer.state == "accepted":
        call = floor.call(offer.call)
        if call.state == "consulting":
            order_consult(floor, call, now)
        elif seen.stage == "talking" and call.has_leg:
            talk_started(floor, TalkStarted(call.name, offer.name), now, seen=False)
        else:
            connect(floor, call, now)


def _catch_up_talk(floor: Floor, seen: SeenCall, now: float) -> None:
    """Note that a caller talks with somebody who is none of our offers, and leave them to it."""
    call = floor.state.calls[seen.call]
    if seen.offer is not None and seen.offer in (call.partner, call.helper):
        if call.state == "connecting":
            talk_started(floor, TalkStarted(call.name, seen.offer), now, seen=False)
        return
    if call.state != "fallback_talking":
        fallback_answered(floor, FallbackAnswered(seen.call), now, seen=False)
