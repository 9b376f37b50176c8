"""What follows when a listener says how a talk was."""

from __future__ import annotations

from router.core.events import TalkMarkedHard
from router.core.floor import Floor
from router.core.listeners import look_anew
from router.core.machine import IllegalTransition


def talk_marked_hard(floor: Floor, event: TalkMarkedHard, now: float) -> None:
    """A listener marks the talk they are in, or their last one, as hard: they shall have a rest."""
    listener = floor.listener(event.listener)
    shift = listener.shift
    if shift.talking_since is not None:
        shift.is_hard = True
        return
    if not shift.talk_ended_at:
        raise IllegalTransition("this listener has had no talk that could have been hard")
    shift.hard_rest_until = shift.talk_ended_at + floor.sparing.hard_rest_seconds
    if listener.activity == "free":
        look_anew(floor, listener, now)
