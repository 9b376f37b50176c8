"""The usual listener: whom a caller knows, or asks for, is rung first and for a while alone.

The while is the line's ceiling on the extra wait, from the caller's arrival or their asking on. A
caller whose usual listener is busy may choose to wait for them, within a ceiling too.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from router.core import offers
from router.core.call import Call
from router.core.floor import Floor
from router.core.ladder import next_step_at
from router.core.listener import ListenerState
from router.core.matching import fits

GOOD_CHANCE: Final = 0.5
"""Whoever takes fewer of the rings at that hour is rung first, and the others along with them: ten
seconds are too long to wait for a voicemail."""

STILL_SECONDS: Final = 30.0
"""After the wait for one listener, for the others to be rung before the fallback is asked."""


def ask_usual(floor: Floor, call: Call, now: float) -> list[str]:
    """Ring a call's usual listener, and nobody else yet, if that can be; give whom was rung."""
    if call.usual is None:
        return []
    listener = floor.state.listeners.get(call.usual)
    if listener is None or not listener.available:
        return []
    if now >= call.alone_until or not fits(listener, call.ladder[call.rung]):
        floor.keep_for_nobody(call)
        return []
    is_alone = is_rung_alone(listener, now)
    if call.offers and (is_alone or call.is_kept_for_usual):
        return []
    offers.place(floor, call, listener, now)
    if is_alone:
        floor.keep_for_usual(call)
        floor.due_call(call, next_step_at(call))
    return [listener.name]


def is_rung_alone(listener: ListenerState, now: float) -> bool:
    """Say whether a listener takes enough of the rings at this hour for their phone to do."""
    return listener.habit.chance(now) >= GOOD_CHANCE


def is_busy(floor: Floor, name: str) -> bool:
    """Say whether it makes sense to wait for a listener: on duty, and with somebody or just so."""
    listener = floor.state.listeners.get(name)
    return (
        listener is not None
        and listener.duty == "on"
        and listener.activity in ("offered", "talking", "wrap_up")
    )


def may_wait(floor: Floor, call: Call) -> bool:
    """Say whether a call may be kept for its usual listener: there, and asked for by its rung."""
    listener = floor.state.listeners.get(call.usual or "")
    if listener is None or listener.duty != "on":
        return False
    return fits(listener, call.ladder[call.rung])


def wait_for_usual(floor: Floor, call: Call, now: float) -> None:
    """Keep a call for its usual listener, as its caller has chosen."""
    call.alone_until = now + call.line.wait_for_usual_seconds
    call.fallback_at = max(call.fallback_at, call.alone_until + STILL_SECONDS)
    call.fallback_put_off = True
    floor.keep_for_usual(call)


def first_kept_for(floor: Floor, listener: ListenerState) -> Call | None:
    """Give the call whose caller has waited longest for this listener."""
    kept = floor.kept.get(listener.name)
    if not kept:
        return None
    waiting = [call for call in kept.values() if call.state == "searching" and not call.offers]
    return min(waiting, key=attrgetter("place"), default=None)
