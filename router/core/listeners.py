"""What the engine does with a listener: reserve, free, rest."""

from __future__ import annotations

from router.core.commands import OfferResult
from router.core.floor import Floor
from router.core.listener import ACTIVITY_TABLE, ActivityInput, ListenerState
from router.core.machine import follow
from router.core.offer import MISSES, REFUSALS


def reserve(floor: Floor, listener: ListenerState, offer: str) -> None:
    """Hold a listener for one offer."""
    listener.activity = follow(ACTIVITY_TABLE, listener.activity, "offered")
    listener.offer = offer
    floor.touch_listener(listener)


def release(floor: Floor, listener: ListenerState, result: OfferResult, now: float) -> None:
    """Let a listener go from an offer that has ended: to wrap-up, to a rest, or free at once."""
    care = floor.state.policy.care
    listener.offer = None
    if result == "talked":
        _step(listener, "talk_over")
        if care.wrap_up_seconds > 0.0:
            floor.due_listener(listener, now + care.wrap_up_seconds)
        else:
            rest_over(floor, listener, now)
    elif result in MISSES or result in REFUSALS:
        _step(listener, "missed")
        floor.due_listener(listener, now + _rest_seconds(floor, listener, result))
    else:
        _step(listener, "released")
        seat_anew(floor, listener, now)
    floor.touch_listener(listener)
    forget_if_retired(floor, listener)


def rest_over(floor: Floor, listener: ListenerState, at: float) -> None:
    """End a wrap-up or a rest; `at` is when it was over, which may be a little before now."""
    _step(listener, "rested")
    listener.deadline = None
    seat_anew(floor, listener, at)
    floor.touch_listener(listener)


def seat_anew(floor: Floor, listener: ListenerState, at: float) -> None:
    """Give a listener who becomes free the last place among the idle."""
    floor.state.idle_orders += 1
    listener.idle_order = floor.state.idle_orders
    listener.free_since = at


def forget_if_retired(floor: Floor, listener: ListenerState) -> None:
    """Drop a listener whom the config no longer names, unless a call is in progress."""
    if listener.retired and listener.offer is None:
        listener.deadline = None
        del floor.state.listeners[listener.name]


def _step(listener: ListenerState, what: ActivityInput) -> None:
    listener.activity = follow(ACTIVITY_TABLE, listener.activity, what)


def _rest_seconds(floor: Floor, listener: ListenerState, result: OfferResult) -> float:
    rests = floor.state.policy.care.missed_rest_seconds
    if result in REFUSALS:
        return rests[0]
    listener.misses += 1
    return rests[min(listener.misses, len(rests)) - 1]
