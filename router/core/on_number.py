"""What follows when a caller types the number at which they want to be called back."""

from __future__ import annotations

from router.core.attempts import leave_to_seniors
from router.core.floor import Floor
from router.core.machine import IllegalTransition
from router.core.promise import NUMBER_LOST, Promise
from router.core.promise_commands import ChangeNumber, DropCallBack, SayNotPromised
from router.core.promise_events import NumberChanged, NumberLost, NumberTyped
from router.core.promise_hold import held_by, join, note_promise, take_in
from router.core.promises import end_search, give_anew, say_promised


def number_typed(floor: Floor, event: NumberTyped, now: float) -> None:
    """The caller asks to be called back at this number, be it for one that is owed already."""
    call = floor.call(event.call)
    if call.state != "searching" or not call.has_leg:
        raise IllegalTransition(f"nobody types a number in a call that is {call.state}")
    promise = held_by(floor, call)
    if call.line.call_back is None:
        floor.order(SayNotPromised(call.name, "not_offered"))
    elif event.caller is None:
        floor.order(SayNotPromised(call.name, event.refused or "not_a_number"))
    elif promise is None:
        note_promise(floor, call, event.caller, "key", now)
    elif promise.caller == event.caller and not promise.number_lost:
        say_promised(floor, call, promise, now)
    else:
        floor.order(ChangeNumber(promise.name, call.name, event.caller))


def number_lost(floor: Floor, event: NumberLost, now: float) -> None:
    """Have nobody sought or rung for a promise whose number is gone; a senior sees to it."""
    promise = floor.promise(event.promise)
    promise.number_lost = True
    if promise.state in ("waiting", "searching", "dialling"):
        if promise.leg is not None:
            floor.order(DropCallBack(promise.leg))
            promise.leg = None
        end_search(floor, promise, now)
        leave_to_seniors(floor, promise, NUMBER_LOST, now)


def number_changed(floor: Floor, event: NumberChanged, now: float) -> None:
    """Whom the promise is owed to is who is at the new number; the caller hears it once more."""
    promise = floor.promise(event.promise)
    floor.owe_to(promise, event.caller)
    was_lost, promise.number_lost = promise.number_lost, False
    if was_lost and promise.state == "with_seniors":
        give_anew(floor, promise, now)
    for other in _others_owed(floor, promise):
        join(floor, promise, other, now)
        take_in(floor, promise, other, now)
    call = floor.state.calls.get(promise.leg or "")
    if call is not None and call.promise == promise.name and call.state == "searching":
        say_promised(floor, call, promise, now)


def _others_owed(floor: Floor, promise: Promise) -> list[Promise]:
    """Give what is owed at this number besides, and is in no call's hands."""
    return [
        one
        for one in floor.promises_of[promise.caller].values()
        if one is not promise
        and (one.line, one.stands_apart) == (promise.line, promise.stands_apart)
        and one.state not in ("rang_back", "talking")
    ]
