"""What the engine does to keep a promise: wait, find a listener, have the caller rung, close."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from router.core.call import Call
from router.core.climbing import keep_searching
from router.core.floor import Floor
from router.core.hours import AT_ANY_HOUR, left_of_hours, next_allowed
from router.core.in_touch import is_in_touch
from router.core.machine import follow
from router.core.offers import withdraw
from router.core.policy import CallBack, Line, Rung
from router.core.promise import LEG_PREFIX, PROMISE_TABLE, Promise, PromiseInput
from router.core.promise_commands import (
    CloseNumber,
    DialCaller,
    DropCallBack,
    PromiseResult,
    ReportPromise,
    SayPromised,
)
from router.core.promise_terms import terms_of
from router.core.usual import may_wait, wait_for_usual

_SUFFIX: Final = "/call-back"
"""No leg can be called so: no unique id of Asterisk's has a slash."""

DIAL_MARGIN_SECONDS: Final = 20.0
"""Beyond ring and words, for what the listener hears first, before an attempt is given up."""

PLAIN: Final = CallBack()
"""For promises of a line that makes none any more: what was promised is kept."""


def rules_of(line: Line) -> CallBack:
    """Give how a line calls back."""
    return line.call_back or PLAIN


def take_step(promise: Promise, what: PromiseInput, now: float, word: str = "") -> None:
    """Have a promise come to its next state, and its history tell so."""
    promise.state = follow(PROMISE_TABLE, promise.state, what)
    promise.deadline = None
    promise.history.append((now, what, word))


def search_of(floor: Floor, promise: Promise) -> Call | None:
    """Give the search for the listener who shall call back, if one runs."""
    return floor.state.calls.get(promise.name + _SUFFIX)


def begin_search(floor: Floor, promise: Promise, now: float) -> None:
    """Seek a listener for a promise that is due."""
    if put_off_if_need_be(floor, promise, now):
        return
    line, is_urgent = floor.line(promise.line), _urgent_at(floor, promise) <= now
    take_step(promise, "due", now)
    search = Call(
        name=promise.name + _SUFFIX,
        line=line,
        caller=promise.caller,
        arrived=now,
        entered=0,
        stands_since=_stands_since(promise, line, is_urgent=is_urgent),
        searching_since=now,
        fallback_at=_look_again_at(floor, promise, now),
        ladder=_ladder(promise, line, is_urgent=is_urgent),
        usual=promise.usual,
        promise=promise.name,
        has_leg=False,
    )
    floor.hold_call(search)
    _prefer_usual(floor, search, promise, now)
    keep_searching(floor, search, now)


def press_on(floor: Floor, search: Call, now: float) -> None:
    """Ask more listeners for a promise that is soon due, and let it stand before newcomers."""
    promise = floor.promise(search.promise)
    if put_off_if_need_be(floor, promise, now):
        return
    search.fallback_at = _look_again_at(floor, promise, now)
    if _urgent_at(floor, promise) <= now:
        search.ladder = _ladder(promise, search.line, is_urgent=True)
        search.rung = min(search.rung, len(search.ladder) - 1)
        search.stands_since = _stands_since(promise, search.line, is_urgent=True)
        floor.keep_for_nobody(search)
        search.alone_until = now


def begin_dial(floor: Floor, search: Call, now: float) -> None:
    """Have the caller rung, now that a listener has taken the promise and waits."""
    promise = floor.promise(search.promise)
    if promise.state == "dialling":
        return
    if put_off_if_need_be(floor, promise, now):
        return
    take_step(promise, "taken", now)
    promise.attempts += 1
    promise.dials += 1
    promise.leg = f"{LEG_PREFIX}{promise.name}-{promise.dials}"
    dial(floor, promise, search, now)


def dial(floor: Floor, promise: Promise, search: Call, now: float) -> None:
    """Have the caller rung on the leg of this attempt: Asterisk makes no second one of it."""
    assert promise.leg is not None, "the attempt has a leg"
    assert search.partner is not None, "somebody has taken it"
    rules = rules_of(search.line)
    lasts_seconds = rules.ring_seconds + rules.answer_seconds + DIAL_MARGIN_SECONDS
    floor.due_promise(promise, now + lasts_seconds)
    floor.due_call(search, now + lasts_seconds + DIAL_MARGIN_SECONDS)
    ring = DialCaller(
        promise.name, promise.leg, search.partner, search.line.name, rules.ring_seconds
    )
    floor.order(ring)


def drop_dial(floor: Floor, promise: Promise, what: PromiseInput, now: float) -> None:
    """Stop ringing the caller, for whom nobody is there any more, or who has called themselves."""
    if promise.leg is not None:
        floor.order(DropCallBack(promise.leg))
    promise.leg = None
    take_step(promise, what, now)


def end_search(floor: Floor, promise: Promise, now: float) -> None:
    """Stop seeking: whose phone rings, or who waits for the caller, is let go."""
    search = search_of(floor, promise)
    if search is None:
        return
    search.state, search.deadline = "ended", None
    floor.keep_for_nobody(search)
    for name in list(search.offers):
        withdraw(floor, floor.state.offers[name], "withdrawn", "taken", now)
    partner = floor.state.offers.get(search.partner or "")
    if partner is not None and partner.state == "accepted":
        withdraw(floor, partner, "not_reached", "not_reached", now)
    floor.touch_call(search)
    floor.drop_call(search)


def put_off_if_need_be(floor: Floor, promise: Promise, now: float) -> bool:
    """Let a promise be while its caller is with us for something else, or may not be rung."""
    at = allowed(floor, promise, now)
    if is_in_touch(floor, promise):
        busy_seconds = rules_of(floor.line(promise.line)).busy_again_seconds
        at = allowed(floor, promise, now + busy_seconds)
    if at <= now:
        return False
    end_search(floor, promise, now)
    take_step(promise, "put_off", now)
    floor.due_promise(promise, at)
    return True


def give_anew(floor: Floor, promise: Promise, now: float) -> None:
    """Have a promise tried as at first, now."""
    end_search(floor, promise, now)
    promise.attempts = 0
    promise.not_before = now
    take_step(promise, "given_anew", now)
    floor.due_promise(promise, now)


def say_promised(floor: Floor, call: Call, promise: Promise, now: float) -> None:
    """Tell the caller of a call by when they will be called back."""
    floor.order(SayPromised(call.name, max(0.0, promise.due_by - now)))


def wait_again(floor: Floor, promise: Promise, what: PromiseInput, now: float) -> None:
    """Have a promise be due as soon as it may be."""
    promise.leg = None
    take_step(promise, what, now)
    floor.due_promise(promise, allowed(floor, promise, max(now, promise.not_before)))


def close(floor: Floor, promise: Promise, *, into: Promise | None = None) -> None:
    """Forget a promise that is kept, cancelled, or one with another, and the number with it."""
    promise.deadline = None
    floor.drop_promise(promise)
    joined = terms_of(into, floor.state.set_back_seconds) if into is not None else None
    floor.order(CloseNumber(promise.name, joined))


def report(
    floor: Floor,
    promise: Promise,
    result: PromiseResult,
    now: float,
    *,
    listener: str | None = None,
    into: str | None = None,
) -> None:
    """Tell what has become of a promise."""
    floor.order(
        ReportPromise(
            promise=promise.name,
            line=promise.line,
            origin=promise.origin,
            result=result,
            late_seconds=now - promise.due_by,
            attempts=promise.attempts,
            listener=listener,
            into=into,
        )
    )


def _prefer_usual(floor: Floor, search: Call, promise: Promise, now: float) -> None:
    """Keep a promise for the listener whom the caller knows, for as long as it is not urgent."""
    until = min(_urgent_at(floor, promise), now + search.line.wait_for_usual_seconds)
    if may_wait(floor, search) and until > now:
        wait_for_usual(floor, search, now)
        search.alone_until = until
        search.fallback_at = _look_again_at(floor, promise, now)


def _ladder(promise: Promise, line: Line, *, is_urgent: bool) -> tuple[Rung, ...]:
    """Give whom to ask, one after the other; everybody only once it is urgent."""
    rungs = line.ladder if is_urgent else line.ladder[:-1] or line.ladder
    if promise.by_senior:
        rungs = line.senior_ladder or rungs
    return tuple(replace(one, ring_at_once=1, when=(), behind=None, words="") for one in rungs)


def _urgent_at(floor: Floor, promise: Promise) -> float:
    return promise.due_by - rules_of(floor.line(promise.line)).urgent_seconds


def _look_again_at(floor: Floor, promise: Promise, now: float) -> float:
    urgent_at = _urgent_at(floor, promise)
    again_at = urgent_at if urgent_at > now else now + LOOK_AGAIN_SECONDS
    if _is_at_any_hour(promise, now):
        return again_at
    rules, at = rules_of(floor.line(promise.line)), _by_the_clock(floor, now)
    left_seconds = left_of_hours(at, rules, floor.state.policy.utc_offset_at)
    return min(again_at, now + left_seconds)


STILL_UP_SECONDS: Final = 3600.0
"""Who asked to be rung now, whatever the hour, is so that much later too, if it is late."""

LOOK_AGAIN_SECONDS: Final = 3600.0
"""A search that goes on and on is looked at so often, though there is nothing more to try."""


def _stands_since(promise: Promise, line: Line, *, is_urgent: bool) -> float:
    """Give its place: who may be rung from the morning on has not waited all night."""
    yields_seconds = 0.0 if is_urgent else rules_of(line).yields_seconds
    since = max(promise.place_at, promise.not_before)
    return since + yields_seconds - line.head_start_seconds


def allowed(floor: Floor, promise: Promise, at: float) -> float:
    """Give when the caller may next be rung, from this moment on."""
    if _is_at_any_hour(promise, at):
        return at
    rules, policy = rules_of(floor.line(promise.line)), floor.state.policy
    clock = _by_the_clock(floor, at)
    return at - clock + next_allowed(clock, rules, policy.utc_offset_at)


def _is_at_any_hour(promise: Promise, at: float) -> bool:
    return promise.origin in AT_ANY_HOUR and at < promise.due_by + STILL_UP_SECONDS


def _by_the_clock(floor: Floor, at: float) -> float:
    """Give what the clock shows at a moment of own time: hours are those of the wall."""
    return at - floor.state.set_back_seconds
