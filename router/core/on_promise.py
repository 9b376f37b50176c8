"""What follows when something happens about a promise or a call-back."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import calls, promises
from router.core.after_talk import tell_whether_noted
from router.core.attempts import attempt_over, leave_to_seniors
from router.core.call import Call
from router.core.commands import ConnectCall
from router.core.floor import Floor
from router.core.machine import IllegalTransition, follow
from router.core.promise import LEG_PREFIX, NUMBER_LOST, PROMISE_TABLE, Promise
from router.core.promise_commands import CloseNumber, DropCallBack, SayNotPromised
from router.core.promise_events import (
    CallBackAsked,
    CallBackEnded,
    CallBackTaken,
    PbxBooted,
    PromiseCancelled,
    PromiseGiven,
    PromiseNoted,
    PromiseNotNoted,
)
from router.core.promise_hold import (
    call_answered,
    held_by,
    hold_for_any,
    hold_for_call,
    hold_own_leg,
    join,
    note_promise,
    owe_again,
    owed_to,
)
from router.core.promise_terms import terms_of


def call_back_asked(floor: Floor, event: CallBackAsked, now: float) -> None:
    """A caller who waits wants to be called back: it is noted first, and then said."""
    call = floor.call(event.call)
    if call.state != "searching" or not call.has_leg:
        raise IllegalTransition(f"nobody is called back from a call that is {call.state}")
    if call.line.call_back is None:
        floor.order(SayNotPromised(call.name, "not_offered"))
        return
    held = held_by(floor, call)
    if held is not None and held.caller != call.caller:
        # At a number that they have typed just now.
        _say_held(floor, call, held, now)
    elif call.caller is not None:
        # Also where something is owed already: they ask for now, and hear of that.
        note_promise(floor, call, call.caller, "key", now)
    else:
        floor.order(SayNotPromised(call.name, "number_unknown"))


def _say_held(floor: Floor, call: Call, held: Promise, now: float) -> None:
    if held.number_lost:
        floor.order(SayNotPromised(call.name, "number_unknown"))
    else:
        promises.say_promised(floor, call, held, now)


def promise_noted(floor: Floor, event: PromiseNoted, now: float) -> None:
    """A promise is durable. A second one to the same caller becomes one with the first."""
    if event.promise in floor.state.promises:
        raise IllegalTransition("this promise is known already")
    event = _at_own_time(floor, event)
    if event.by_senior or event.origin == "listener":
        _take_apart(floor, event, now)
        return
    call = floor.state.calls.get(event.call or "")
    promise = _owed_already(floor, event, call)
    if promise is not None:
        join(floor, promise, event, now)
        _close_joined(floor, event, promise)
    else:
        promise = _add(floor, event, now)
    if call is not None and call.has_leg:
        _hold_for_this(floor, promise, call, now)
        return
    if call is not None:
        call.promise = promise.name
        calls.end(floor, call, now)
    if promise.state not in ("rang_back", "talking") and not hold_own_leg(floor, promise, now):
        hold_for_any(floor, promise, now, since=promise.place_at if call is not None else 0.0)


def _take_apart(floor: Floor, event: PromiseNoted, now: float) -> None:
    """Take a promise for a talk of its own; a senior calls somebody back once for all who ask."""
    theirs = floor.promises_of.get(event.caller, {}).values()
    others = (one for one in theirs if one.by_senior and one.line == event.line)
    same = next((one for one in others if one.state not in ("rang_back", "talking")), None)
    if event.by_senior and same is not None:
        join(floor, same, event, now)
        _close_joined(floor, event, same)
    else:
        hold_own_leg(floor, _add(floor, event, now), now)
    tell_whether_noted(floor, event.promise, noted=True)


def _close_joined(floor: Floor, event: PromiseNoted, promise: Promise) -> None:
    joined = terms_of(promise, floor.state.set_back_seconds)
    floor.order(CloseNumber(event.promise, joined))


def _owed_already(floor: Floor, event: PromiseNoted, call: Call | None) -> Promise | None:
    """Give the promise that is one with this: of the same call, or of the same caller and line."""
    held = held_by(floor, call) if call is not None else None
    promised = (one for one in floor.state.promises.values() if not one.stands_apart)
    free = (one for one in promised if one.state not in ("rang_back", "talking"))
    of_call = (one for one in free if one.call == event.call)
    same_call = next(of_call, None) if event.call is not None else None
    return held or same_call or owed_to(floor, event.caller, event.line)


def _at_own_time(floor: Floor, event: PromiseNoted) -> PromiseNoted:
    """Give its times, which are the clock's, as those by which the engine goes."""
    shift_seconds = floor.state.set_back_seconds
    if not shift_seconds:
        return event
    return replace(
        event,
        place_at=event.place_at + shift_seconds,
        not_before=event.not_before + shift_seconds,
        due_by=event.due_by + shift_seconds,
    )


def _hold_for_this(floor: Floor, promise: Promise, call: Call, now: float) -> None:
    """Tell the caller that it is noted; should they stay, this very call keeps it."""
    if held_by(floor, call) is None:
        hold_for_call(floor, promise, call, now)
    if call.talking_since is not None:
        call_answered(floor, call, None, now)
    elif call.state == "searching":
        promises.say_promised(floor, call, promise, now)


def promise_not_noted(floor: Floor, event: PromiseNotNoted, now: float) -> None:
    """It could not be noted: who is on the line hears why, and keeps their place."""
    if tell_whether_noted(floor, event.promise, noted=False):
        return
    call = floor.state.calls.get(event.call or "")
    if call is not None and call.has_leg:
        floor.order(SayNotPromised(call.name, event.why))
    elif call is not None:
        calls.end(floor, call, now)


def promise_cancelled(floor: Floor, event: PromiseCancelled, now: float) -> None:
    """The caller, or a senior by hand, closes a promise."""
    promise = floor.promise(event.promise)
    follow(PROMISE_TABLE, promise.state, "cancelled")
    call = floor.state.calls.get(promise.leg or "")
    if call is not None and call.promise == promise.name:
        call.promise = None
    if promise.state == "dialling":
        promises.drop_dial(floor, promise, "cancelled", now)
    else:
        promises.take_step(promise, "cancelled", now, event.by)
    promises.end_search(floor, promise, now)
    promises.report(floor, promise, "cancelled", now)
    promises.close(floor, promise)


def promise_given(floor: Floor, event: PromiseGiven, now: float) -> None:
    """A senior has a promise tried anew."""
    promise = floor.promise(event.promise)
    follow(PROMISE_TABLE, promise.state, "given_anew")
    if promise.number_lost:
        raise IllegalTransition("its number is lost: nobody can be rung for it")
    promises.give_anew(floor, promise, now)


def call_back_taken(floor: Floor, event: CallBackTaken, now: float) -> None:
    """The caller is there: both legs are put into one bridge."""
    promise = _dialled(floor, event.leg)
    search = promises.search_of(floor, promise)
    if search is None or search.partner is None:
        raise IllegalTransition("nobody is there any more to talk with them")
    offer = floor.offer(search.partner)
    call = Call(
        name=event.leg,
        line=search.line,
        caller=promise.caller,
        arrived=now,
        entered=0,
        stands_since=promise.place_at,
        searching_since=now,
        fallback_at=now + search.line.fallback_after_seconds,
        ladder=search.line.ladder,
        state="connecting",
        partner=offer.name,
        promise=promise.name,
        called_back=True,
    )
    offer.call = call.name
    search.partner, search.state, search.deadline = None, "ended", None
    floor.touch_call(search)
    floor.drop_call(search)
    floor.hold_call(call)
    promises.take_step(promise, "called_in", now)
    floor.order(ConnectCall(call.name, offer.name))
    floor.due_call(call, now + search.line.connect_seconds)
    floor.touch_call(call)


def call_back_ended(floor: Floor, event: CallBackEnded, now: float) -> None:
    """Nobody was reached this time."""
    attempt_over(floor, _dialled(floor, event.leg), event.how, now)


def pbx_booted(floor: Floor, event: PbxBooted, now: float) -> None:
    """Asterisk has died meanwhile: a talk that was to keep a promise was cut, and is owed again."""
    since = event.at + floor.state.set_back_seconds
    for promise in list(floor.state.promises.values()):
        call = floor.state.calls.get(promise.leg or "")
        cut = promise.state == "talking" and call is not None and call.called_back
        if call is not None and cut and call.arrived < since:
            call.promise = None
            promises.report(floor, promise, "cut_off", now)
            owe_again(floor, promise, "cut_off", now)


def promise_due(floor: Floor, promise: Promise, now: float) -> None:
    """A promise's time has come: for its next attempt, or to give one up that hangs."""
    if promise.state == "waiting" and promise.number_lost:
        leave_to_seniors(floor, promise, NUMBER_LOST, now)
    elif promise.state == "waiting":
        promises.begin_search(floor, promise, now)
    elif promise.state == "dialling":
        floor.order(DropCallBack(promise.leg or ""))
        attempt_over(floor, promise, "unreachable", now)


def _dialled(floor: Floor, leg: str) -> Promise:
    name, _, _ = leg.removeprefix(LEG_PREFIX).rpartition("-")
    promise = floor.promise(name)
    if promise.state != "dialling" or promise.leg != leg:
        raise IllegalTransition("nobody is called back on this leg now")
    return promise


def _add(floor: Floor, event: PromiseNoted, now: float) -> Promise:
    promise = Promise(
        name=event.promise,
        line=event.line,
        caller=event.caller,
        origin=event.origin,
        noted_at=now,
        place_at=event.place_at,
        not_before=event.not_before,
        due_by=event.due_by,
        call=event.call,
        usual=event.usual,
        by_senior=event.by_senior,
    )
    promise.history.append((now, "noted", event.origin))
    floor.hold_promise(promise)
    floor.due_promise(promise, max(now, promise.not_before))
    promises.report(floor, promise, "noted", now)
    return promise
