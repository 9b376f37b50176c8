"""What follows when listeners come and go, or the rules change."""

from __future__ import annotations

from router.core.climbing import keep_searching
from router.core.events import (
    EngineStarted,
    ListenerCameOn,
    ListenerPaused,
    ListenerWentOff,
    PolicyLoaded,
)
from router.core.floor import Floor
from router.core.listener import DutyInput, ListenerState
from router.core.listeners import (
    change_duty,
    forget_if_retired,
    look_anew,
    rest_over,
    seat_anew,
    take_new_rules,
)
from router.core.machine import IllegalTransition, UnknownId
from router.core.policy import Policy
from router.core.presence_events import DutyWord, ListenerHeard, ListenerUnheard


def engine_started(floor: Floor, event: EngineStarted, now: float) -> None:
    """Begin the ids of new offers anew; what the link to Asterisk holds is not known yet."""
    floor.state.boot = event.boot
    floor.state.pbx_up = False


def policy_loaded(floor: Floor, event: PolicyLoaded, now: float) -> None:
    """Take the new rules. A call in progress keeps the rules of its line as it came in."""
    state = floor.state
    state.policy = event.policy
    for name, person in event.policy.listeners.items():
        known = state.listeners.get(name)
        if known is None:
            state.listeners[name] = ListenerState(name, person.skills, person.pool)
        else:
            known.skills, known.pool = person.skills, person.pool
            known.retired = False
    _retire_missing(floor, event.policy, now)
    take_new_rules(floor, now)
    floor.reindex()
    floor.touched_listeners.update(state.listeners)


def listener_came_on(floor: Floor, event: ListenerCameOn, now: float) -> None:
    """A listener is ready: on duty, and out of any wrap-up or rest by their own word."""
    listener = _named_by_config(floor, event.listener)
    was_available = listener.available
    _take_word(floor, listener, event, "came_on", now)
    listener.misses = 0
    listener.unheard = False
    listener.shift.hard_rest_until = 0.0
    if listener.activity in ("wrap_up", "resting"):
        rest_over(floor, listener, now)
    elif not was_available:
        seat_anew(floor, listener, now)
        floor.touch_listener(listener)
    else:
        look_anew(floor, listener, now)


def listener_paused(floor: Floor, event: ListenerPaused, now: float) -> None:
    """A listener wants no more calls for now."""
    _leave(floor, event, "paused", now)


def listener_went_off(floor: Floor, event: ListenerWentOff, now: float) -> None:
    """A listener has finished; a call in progress goes on."""
    _leave(floor, event, "went_off", now)


def listener_unheard(floor: Floor, event: ListenerUnheard, now: float) -> None:
    """Count less on a listener whose app is gone; they are rung all the same."""
    _hear(floor, event.listener, now, unheard=True)


def listener_heard(floor: Floor, event: ListenerHeard, now: float) -> None:
    """Count on a listener as before."""
    _hear(floor, event.listener, now, unheard=False)


def _hear(floor: Floor, name: str, now: float, *, unheard: bool) -> None:
    listener = _named_by_config(floor, name)
    listener.unheard = unheard
    if listener.available:
        look_anew(floor, listener, now)


def _leave(floor: Floor, event: DutyWord, what: DutyInput, now: float) -> None:
    listener = _named_by_config(floor, event.listener)
    _take_word(floor, listener, event, what, now)
    floor.touch_listener(listener)
    _let_go_of_callers(floor, listener.name, now)


def _take_word(
    floor: Floor, listener: ListenerState, event: DutyWord, what: DutyInput, now: float
) -> None:
    """Go by what was said, unless something that was said after it is known already."""
    said_at = now
    if event.said_at is not None:
        # An app whose clock is ahead shall not outrank what is said after it.
        said_at = min(event.said_at + floor.state.set_back_seconds, now)
    if listener.duty_said_at is not None and said_at < listener.duty_said_at:
        raise IllegalTransition("a later word of this listener is known")
    change_duty(floor, listener, what, now)
    listener.duty_said_at = said_at


def _let_go_of_callers(floor: Floor, name: str, now: float) -> None:
    """Have others be asked for those who were kept for a listener who leaves."""
    for call in list(floor.kept.get(name, {}).values()):
        floor.keep_for_nobody(call)
        if call.state == "searching":
            keep_searching(floor, call, now)


def _named_by_config(floor: Floor, name: str) -> ListenerState:
    listener = floor.listener(name)
    if listener.retired:
        raise UnknownId("no longer a listener")
    return listener


def _retire_missing(floor: Floor, policy: Policy, now: float) -> None:
    for name, listener in list(floor.state.listeners.items()):
        if name not in policy.listeners:
            listener.retired = True
            change_duty(floor, listener, "went_off", now)
            _let_go_of_callers(floor, name, now)
            forget_if_retired(floor, listener)
