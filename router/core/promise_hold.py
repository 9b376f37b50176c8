"""A promise and the calls of whom it is owed to: where it comes from, and who rings back."""

from __future__ import annotations

from typing import Final

from router.core import promises
from router.core.attempts import attempt_over
from router.core.call import CALL_TABLE, Call, CallState
from router.core.floor import Floor
from router.core.hours import AT_ANY_HOUR, terms
from router.core.in_touch import call_of
from router.core.promise import LEG_PREFIX, Promise, PromiseInput
from router.core.promise_commands import NotePromise
from router.core.promise_events import PromiseNoted, PromiseOrigin

_WITH_SOMEBODY: Final[frozenset[CallState]] = frozenset(
    {"talking", "consulting", "after_talk", "fallback_talking"}
)


def note_promise(floor: Floor, call: Call, caller: str, origin: PromiseOrigin, now: float) -> None:
    """Have a promise put on durable storage, to whom a call has shown or typed a number."""
    state, rules = floor.state, promises.rules_of(call.line)
    state.promises_made += 1
    clock = now - state.set_back_seconds
    not_before, due_by = terms(origin, clock, rules, state.policy.utc_offset_at)
    floor.order(
        NotePromise(
            promise=f"p-{state.boot}-{state.promises_made}",
            call=call.name,
            line=call.line.name,
            caller=caller,
            origin=origin,
            place_at=call.arrived - state.set_back_seconds,
            not_before=not_before,
            due_by=due_by,
            usual=call.usual,
        )
    )


def is_owed_by_leaving(call: Call, now: float) -> bool:
    """Say whether somebody who hangs up now is to be called back."""
    rules = call.line.call_back
    if rules is None or not rules.on_hang_up or call.caller is None or call.promise is not None:
        return False
    if not call.has_leg or "left_owed" not in CALL_TABLE[call.state]:
        return False
    return call.answered_at is None and now - call.arrived >= call.line.short_call_seconds


def hold_for_call(floor: Floor, promise: Promise, call: Call, now: float) -> None:
    """Let a call by whom a promise is owed to keep it, in the place of whichever is the earlier."""
    if promise.state == "dialling" and promise.leg != call.name:
        promises.drop_dial(floor, promise, "called_in", now)
    else:
        promises.take_step(promise, "called_in", now)
    promises.end_search(floor, promise, now)
    promise.leg = call.name
    call.promise = promise.name
    call.stands_since = min(call.stands_since, promise.place_at)
    floor.touch_call(call)


def owed_to(floor: Floor, caller: str | None, line: str) -> Promise | None:
    """Give what a line owes to a caller, and no call of theirs is about to keep.

    A number may be that of a whole ward: who is on the line may not be who is owed the call. What
    stands apart is kept by no call but its own, and a word with another line keeps nothing.
    """
    if caller is None:
        return None
    promised = floor.promises_of.get(caller, {}).values()
    owed = (one for one in promised if one.state not in ("rang_back", "talking"))
    return next((one for one in owed if one.line == line and not one.stands_apart), None)


def hold_if_owed(floor: Floor, call: Call, now: float) -> None:
    """Let a caller who rings us before we ring them have their promise kept by that.

    So has the leg by which we have rung somebody, of which no journal tells.
    """
    _ring_no_longer(floor, call, now)
    owed = owed_to(floor, call.caller, call.line.name)
    promise = _dialled_by(floor, call) if call.called_back else owed
    if promise is not None:
        floor.name_caller(call, promise.caller)
        hold_for_call(floor, promise, call, now)


def _ring_no_longer(floor: Floor, call: Call, now: float) -> None:
    """Put off what rings its caller, who has rung us at this moment for something else."""
    for promise in floor.promises_of.get(call.caller or "", {}).values():
        is_else = promise.stands_apart or promise.line != call.line.name
        if is_else and promise.state == "dialling" and promise.leg != call.name:
            promises.drop_dial(floor, promise, "put_off", now)
            promises.end_search(floor, promise, now)
            again_seconds = promises.rules_of(call.line).busy_again_seconds
            floor.due_promise(promise, now + again_seconds)


def _dialled_by(floor: Floor, call: Call) -> Promise | None:
    name, _, _ = call.name.removeprefix(LEG_PREFIX).rpartition("-")
    promise = floor.state.promises.get(name)
    return None if promise is None or promise.state in ("rang_back", "talking") else promise


def hold_own_leg(floor: Floor, promise: Promise, now: float) -> bool:
    """Let a leg that was dialled for a promise keep it, though no journal tells of that."""
    begins = f"{LEG_PREFIX}{promise.name}-"
    legs = (one for one in floor.state.calls.values() if one.name.startswith(begins))
    call = next((one for one in legs if one.promise is None), None)
    if call is None:
        return False
    promise.dials += 1
    promise.attempts += 1
    floor.name_caller(call, promise.caller)
    hold_for_call(floor, promise, call, now)
    if call.talking_since is not None:
        call_answered(floor, call, None, now)
    return True


def hold_for_any(floor: Floor, promise: Promise, now: float, *, since: float = 0.0) -> None:
    """Let whom it is owed to have it kept by the call by which they are on the line already.

    `since`: not by one that came before. While somebody talks on a phone, who rings from elsewhere
    and wants to be called back there is somebody else.
    """
    call = call_of(floor, promise.caller)
    if promise.stands_apart or call is None or call.promise is not None or call.arrived <= since:
        return
    if call.line.name == promise.line:
        hold_for_call(floor, promise, call, now)
        if call.state in _WITH_SOMEBODY:
            call_answered(floor, call, None, now)


def listener_left(floor: Floor, search: Call, now: float) -> None:
    """Stop ringing the caller, for whom the listener waits no longer."""
    promise = floor.state.promises.get(search.promise or "")
    if promise is not None and promise.state == "dialling":
        promises.drop_dial(floor, promise, "listener_left", now)


def call_answered(floor: Floor, call: Call, listener: str | None, now: float) -> None:
    """Note that whom a promise is owed to talks with somebody: it is kept."""
    promise = held_by(floor, call)
    if promise is not None and promise.state != "talking":
        promises.take_step(promise, "talked", now, listener or "fallback")
        promises.report(floor, promise, "kept", now, listener=listener)


def call_over(floor: Floor, call: Call, now: float) -> None:
    """Close the promise that a call has kept; what it has not kept is owed again, at once."""
    promise = held_by(floor, call)
    if promise is None:
        return
    if promise.state == "talking":
        promises.take_step(promise, "talk_over", now)
        _keep_besides(floor, promise, call, now)
        promises.close(floor, promise)
    elif call.called_back and _to_join(floor, promise) is None:
        attempt_over(floor, promise, "hung_up", now)
    else:
        owe_again(floor, promise, "left_again", now)
        if promise.state == "waiting":
            hold_for_any(floor, promise, now, since=promise.place_at)


def owe_again(floor: Floor, promise: Promise, what: PromiseInput, now: float) -> None:
    """Owe a call-back again; of two to one caller, who was on the line meanwhile, one is left."""
    other = _to_join(floor, promise)
    if other is None:
        promises.wait_again(floor, promise, what, now)
    else:
        join(floor, other, promise, now)
        promises.report(floor, promise, "joined", now, into=other.name)
        promises.close(floor, promise, into=other)


def _to_join(floor: Floor, promise: Promise) -> Promise | None:
    return None if promise.stands_apart else owed_to(floor, promise.caller, promise.line)


def _keep_besides(floor: Floor, promise: Promise, call: Call, now: float) -> None:
    """Have a talk that kept what stands apart keep what its line owed the caller before, too."""
    other = owed_to(floor, promise.caller, promise.line)
    if promise.stands_apart and other is not None and other.noted_at < call.arrived:
        take_in(floor, promise, other, now)


def take_in(floor: Floor, promise: Promise, other: Promise, now: float) -> None:
    """Make one of two promises to somebody; nobody is sought or rung for the other any more."""
    if other.state == "dialling":
        promises.drop_dial(floor, other, "cancelled", now)
    promises.end_search(floor, other, now)
    promises.report(floor, other, "joined", now, into=promise.name)
    promises.close(floor, other, into=promise)


def join(floor: Floor, promise: Promise, other: Promise | PromiseNoted, now: float) -> None:
    """Make one promise of two: it stands where the earlier stood, and is due as soon.

    One that is overdue is due anew with the other, and a senior's is tried again.
    """
    sooner = other.not_before < promise.not_before
    promise.place_at = min(promise.place_at, other.place_at)
    promise.not_before = min(promise.not_before, other.not_before)
    due = (one for one in (promise.due_by, other.due_by) if one > now)
    promise.due_by = min(due, default=promise.due_by)
    promise.usual = promise.usual or other.usual
    promise.history.append((now, "noted", other.origin))
    if isinstance(other, PromiseNoted) or not other.number_lost:
        # Whoever keeps the numbers gives it the other's.
        promise.number_lost = False
    if other.origin in AT_ANY_HOUR:
        promise.origin = other.origin
    if promise.state == "with_seniors":
        promises.give_anew(floor, promise, now)
    elif promise.state == "waiting" and sooner:
        floor.due_promise(promise, max(now, promise.not_before))


def held_by(floor: Floor, call: Call) -> Promise | None:
    """Give the promise that this call shall keep, or keeps."""
    promise = floor.state.promises.get(call.promise or "")
    return promise if promise is not None and promise.leg == call.name else None
