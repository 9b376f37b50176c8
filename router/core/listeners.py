"""What the engine does with a listener: reserve, free, rest."""

from __future__ import annotations

from typing import Final

from router.core.commands import OfferResult
from router.core.floor import Floor
from router.core.listener import ACTIVITY_TABLE, ActivityInput, ListenerState
from router.core.machine import follow
from router.core.offer import MISSES, REFUSALS

DOUBTFUL_CHANCE: Final = 0.2
"""Who takes fewer of the rings is asked after all others: somebody who waits needs a voice."""

HOUR_SECONDS: Final = 3_600.0


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
    listener.reluctance = _reluctance(floor, listener, at)


def forget_if_retired(floor: Floor, listener: ListenerState) -> None:
    """Drop a listener whom the config no longer names, unless a call is in progress."""
    if listener.retired and listener.offer is None:
        listener.deadline = None
        del floor.state.listeners[listener.name]


def rang_in_vain(floor: Floor, listener: ListenerState, now: float) -> None:
    """Note that somebody else took what this listener's phone rang for."""
    budget = floor.state.policy.care.rings_in_vain_an_hour
    listener.rung_in_vain.append(now)
    del listener.rung_in_vain[:-budget]


def _reluctance(floor: Floor, listener: ListenerState, at: float) -> int:
    budget = floor.state.policy.care.rings_in_vain_an_hour
    vain = listener.rung_in_vain
    spent = len(vain) >= budget and vain[0] > at - HOUR_SECONDS
    doubtful = listener.habit.chance(at) < DOUBTFUL_CHANCE
    return spent + 2 * doubtful


def _step(listener: ListenerState, what: ActivityInput) -> None:
    listener.activity = follow(ACTIVITY_TABLE, listener.activity, what)


def _rest_seconds(floor: Floor, listener: ListenerState, result: OfferResult) -> float:
    rests = floor.state.policy.care.missed_rest_seconds
    if result in REFUSALS:
        return rests[0]
    listener.misses += 1
    return rests[min(listener.misses, len(rests)) - 1]
