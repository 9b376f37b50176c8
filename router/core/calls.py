"""What the engine does with a call: let it in, search for it, talk, end it."""

from __future__ import annotations

from typing import Final

from router.core.call import Call
from router.core.climbing import FALLBACK_AGAIN_SECONDS, keep_searching, ring_again, say_words
from router.core.commands import (
    AcknowledgeCall,
    OfferResult,
    ReportAnswer,
    ReportOutcome,
    SendToFallback,
)
from router.core.events import CallArrived, CallWaiting, FallbackBegan
from router.core.fallback import hurry_if_nobody_is_there
from router.core.floor import Floor
from router.core.help_search import end_search, search_for_help
from router.core.offers import Farewell, withdraw
from router.core.promise import LEG_PREFIX
from router.core.promise_hold import call_answered, call_over, hold_if_owed, listener_left
from router.core.same_number import line_up, make_way
from router.core.seen import SeenCall

JOINS_FAILED_TO_FALLBACK: Final = 2
"""In a row, of one call."""


def enter(
    floor: Floor, seen: CallArrived | CallWaiting | FallbackBegan | SeenCall, now: float
) -> Call:
    """Take a call into the engine's hands, with the place that its arrival gives it."""
    state = floor.state
    line = floor.line(seen.line)
    state.calls_entered += 1
    arrived = min(seen.arrived + state.set_back_seconds, now)
    call = Call(
        name=seen.call,
        line=line,
        caller=seen.caller,
        arrived=arrived,
        entered=state.calls_entered,
        stands_since=arrived - line.head_start_seconds,
        searching_since=now,
        fallback_at=arrived + line.fallback_after_seconds,
        ladder=line.ladder,
        usual=state.acquaintances.listener_of(seen.caller, now, state.policy.known_caller_days),
        alone_until=arrived + line.same_listener_seconds,
        called_back=seen.call.startswith(LEG_PREFIX),
    )
    floor.hold_call(call)
    line_up(floor, call)
    floor.order(AcknowledgeCall(call.name))
    if state.promises:
        hold_if_owed(floor, call, now)
    if call.ladder[0].words:
        say_words(floor, call, call.ladder[:1])
    hurry_if_nobody_is_there(floor, call, now)
    keep_searching(floor, call, now)
    return call


def search_again(floor: Floor, call: Call, now: float) -> None:
    """Search anew for a call that was in somebody's hands, in the place it had."""
    call.fallback_at = max(call.fallback_at, now + FALLBACK_AGAIN_SECONDS)
    search_on(floor, call, now)


def search_on(floor: Floor, call: Call, now: float) -> None:
    """Search on for a call that nobody has had after all: the fallback is not put off for that."""
    call.partner = None
    if not call.has_leg:
        listener_left(floor, call, now)
    call.searching_since = now
    ring_again(floor, call, now)
    keep_searching(floor, call, now)


def join_failed(floor: Floor, call: Call, now: float) -> None:
    """Search on for a call that could not be joined with a listener who has accepted it.

    Where it fails again, that is not the listener: the fallback needs no daemon.
    """
    call.joins_failed += 1
    if call.has_leg and call.joins_failed >= JOINS_FAILED_TO_FALLBACK:
        call.fallback_at = now + FALLBACK_AGAIN_SECONDS
        floor.order(SendToFallback(call.name))
    search_on(floor, call, now)


def begin_talk(
    floor: Floor, call: Call, listener: str | None, now: float, *, seen: bool = True
) -> None:
    """Note that a caller and a human are together; `listener` is None for the fallback's.

    Where it was not `seen`, they are found so now, and nobody knows since when.
    """
    call.resume_talk(now)
    call.joins_failed = 0
    if call.promise is not None:
        call_answered(floor, call, listener, now)
    if call.answered_at is None:
        call.answered_at = now
        call.by_fallback, call.begin_seen = listener is None, seen
        if not call.called_back:
            waited_seconds = now - call.arrived
            floor.order(ReportAnswer(call.name, call.line.name, listener, waited_seconds, seen))
    if listener is not None:
        known_days = floor.state.policy.known_caller_days
        floor.state.acquaintances.remember(call.caller, listener, now, known_days)


def end_talk(floor: Floor, call: Call, now: float) -> None:
    """Add the talk that is over to what was talked; nobody is sought for it any more."""
    call.pause_talk(now)
    search = search_for_help(floor, call)
    if search is not None:
        end_search(floor, search, "talk_over", now)


def release_all(floor: Floor, call: Call, result: OfferResult, now: float) -> None:
    """Withdraw every offer of a call, and the listener whom it is or was talking with."""
    for name in list(call.offers):
        withdraw(floor, floor.state.offers[name], result, _farewell(result), now)
    release_partner(floor, call, result, now)


def release_partner(floor: Floor, call: Call, result: OfferResult, now: float) -> None:
    """Let the listener go who had accepted this call, and whoever came to help."""
    if call.partner is not None:
        _let_go(floor, call.partner, result, now)
    if call.helper is not None:
        _let_go(floor, call.helper, result, now)
    call.partner = call.helper = None


def _let_go(floor: Floor, name: str, result: OfferResult, now: float) -> None:
    offer = floor.state.offers.get(name)
    if offer is None or offer.state == "leaving":
        return
    if offer.state == "talking":
        withdraw(floor, offer, "talked", "talk_over", now)
    else:
        withdraw(floor, offer, result, _farewell(result), now)


def end(floor: Floor, call: Call, now: float) -> None:
    """End a call: its outcome is told, and whoever was held for it is let go."""
    call.state = "ended"
    floor.keep_for_nobody(call)
    end_talk(floor, call, now)
    release_all(floor, call, "caller_left", now)
    call.deadline = None
    floor.touch_call(call)
    floor.drop_call(call)
    make_way(floor, call, now)
    if call.promise is not None:
        call_over(floor, call, now)
    if call.called_back:
        return
    waited_until = call.answered_at if call.answered_at is not None else now
    floor.order(
        ReportOutcome(
            call=call.name,
            line=call.line.name,
            outcome=call.outcome(now),
            waited_seconds=waited_until - call.arrived,
            talked_seconds=call.talked_seconds,
            offers=call.offers_made,
            promise=call.promise,
            begin_seen=call.begin_seen,
        )
    )


def _farewell(result: OfferResult) -> Farewell:
    return "caller_left" if result == "caller_left" else "taken"
