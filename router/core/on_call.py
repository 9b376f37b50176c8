"""What follows when something happens to a call."""

from __future__ import annotations

from typing import Final

from router.core import calls
from router.core.call import CALL_TABLE, Call
from router.core.commands import AcknowledgeCall, OfferChoice
from router.core.consult import rejoin
from router.core.events import (
    CallArrived,
    CallerForgotten,
    CallerHungUp,
    CallerPutThrough,
    CallWaiting,
    ConnectFailed,
    FallbackAnswered,
    FallbackBegan,
    TalkStarted,
)
from router.core.floor import Floor
from router.core.listener import ACTIVITY_TABLE
from router.core.listeners import give_call
from router.core.machine import IllegalTransition, follow
from router.core.offer import OFFER_TABLE, Offer
from router.core.promise_hold import is_owed_by_leaving, note_promise
from router.core.usual import is_busy, may_wait

NOTING_SECONDS: Final = 5.0
"""For a promise to be noted to somebody who has left; the store has 2 s, and a word comes of it."""


def call_arrived(floor: Floor, event: CallArrived, now: float) -> None:
    """A caller is on the line: the search starts."""
    if event.call in floor.state.calls:
        raise IllegalTransition("this call has already arrived")
    call = calls.enter(floor, event, now)
    if call.usual is not None and is_busy(floor, call.usual) and may_wait(floor, call):
        floor.order(OfferChoice(call.name))


def call_waiting(floor: Floor, event: CallWaiting, now: float) -> None:
    """The dialplan says that a caller waits: adopt, or go back to the search."""
    call = floor.state.calls.get(event.call)
    if call is None:
        calls.enter(floor, event, now)
        return
    before, call.state = call.state, follow(CALL_TABLE, call.state, "announced")
    if before == "talking":
        calls.end_talk(floor, call, now)
        calls.release_partner(floor, call, "talked", now)
        begin_grace(floor, call, now)
    elif before in ("fallback", "fallback_talking", "noting"):
        call.has_leg = True
        calls.end_talk(floor, call, now)
        floor.order(AcknowledgeCall(call.name))
        calls.search_again(floor, call, now)


def caller_forgotten(floor: Floor, event: CallerForgotten, now: float) -> None:
    """A caller wants to be known to nobody any more."""
    floor.state.acquaintances.forget(event.caller)
    for listener in floor.state.listeners.values():
        if listener.last_caller == event.caller:
            listener.last_caller = None


def caller_hung_up(floor: Floor, event: CallerHungUp, now: float) -> None:
    """The caller is gone."""
    call = floor.call(event.call)
    if is_owed_by_leaving(call, now):
        call.state = follow(CALL_TABLE, call.state, "left_owed")
        _note(floor, call, now)
    else:
        follow(CALL_TABLE, call.state, "caller_left")
        calls.end(floor, call, now)


def _note(floor: Floor, call: Call, now: float) -> None:
    """Let a caller go who is to be called back, and end the call once that is noted."""
    call.has_leg = False
    floor.keep_for_nobody(call)
    calls.end_talk(floor, call, now)
    calls.release_all(floor, call, "caller_left", now)
    floor.due_call(call, now + NOTING_SECONDS)
    floor.touch_call(call)
    assert call.caller is not None, "who is owed it by leaving shows a number"
    note_promise(floor, call, call.caller, "hang_up", now)


def fallback_began(floor: Floor, event: FallbackBegan, now: float) -> None:
    """The dialplan has taken the call: nobody of ours is to be rung for it."""
    call = floor.state.calls.get(event.call) or calls.enter(floor, event, now)
    _leave_to_others(floor, call, now)


def caller_put_through(floor: Floor, event: CallerPutThrough, now: float) -> None:
    """Somebody else is rung for a caller: whoever comes back from there is again the first."""
    call = floor.call(event.call)
    _leave_to_others(floor, call, now)
    call.head_of_line = True


def _leave_to_others(floor: Floor, call: Call, now: float) -> None:
    call.state = follow(CALL_TABLE, call.state, "fallback_began")
    call.has_leg = True
    floor.keep_for_nobody(call)
    calls.end_talk(floor, call, now)
    calls.release_all(floor, call, "withdrawn", now)
    call.deadline = None
    floor.touch_call(call)


def fallback_answered(
    floor: Floor, event: FallbackAnswered, now: float, *, seen: bool = True
) -> None:
    """A human of the fallback group has the call, or one to whom its listener has handed it on."""
    call = floor.call(event.call)
    call.state = follow(CALL_TABLE, call.state, "fallback_answered")
    call.has_leg = True
    call.deadline = None
    floor.keep_for_nobody(call)
    calls.end_talk(floor, call, now)
    calls.release_all(floor, call, "withdrawn", now)
    floor.touch_call(call)
    calls.begin_talk(floor, call, None, now, seen=seen)


def talk_started(floor: Floor, event: TalkStarted, now: float, *, seen: bool = True) -> None:
    """Both legs are in one bridge: the call is answered."""
    call, offer = _couple(floor, event.call, event.offer)
    listener = floor.listener(offer.listener)
    if offer.state == "talking":
        rejoin(floor, call, now)
        return
    call_state = follow(CALL_TABLE, call.state, "connected")
    offer_state = follow(OFFER_TABLE, offer.state, "connected")
    activity = follow(ACTIVITY_TABLE, listener.activity, "connected")
    call.state, offer.state, listener.activity = call_state, offer_state, activity
    floor.touch_call(call)
    give_call(floor, listener, offer, now)
    calls.begin_talk(floor, call, listener.name, now, seen=seen)


def connect_failed(floor: Floor, event: ConnectFailed, now: float) -> None:
    """The two legs could not be joined: the caller is searched for again."""
    call, _ = _couple(floor, event.call, event.offer)
    give_up_connecting(floor, call, now)


def give_up_connecting(floor: Floor, call: Call, now: float) -> None:
    """Search again for a call whose connection has failed or takes too long."""
    call.state = follow(CALL_TABLE, call.state, "not_connected")
    calls.release_partner(floor, call, "not_connected", now)
    calls.join_failed(floor, call, now)


def begin_grace(floor: Floor, call: Call, now: float) -> None:
    """Leave a caller whose listener hung up a moment to do the same."""
    call.partner = None
    call.head_of_line = True
    floor.due_call(call, now + call.line.after_talk_seconds)


def _couple(floor: Floor, call_name: str, offer_name: str) -> tuple[Call, Offer]:
    call, offer = floor.call(call_name), floor.offer(offer_name)
    if offer_name not in (call.partner, call.helper):
        raise IllegalTransition("this listener has not accepted this call")
    return call, offer
