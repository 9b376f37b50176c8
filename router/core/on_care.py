"""What follows when a listener says how a talk was, and what it led to."""

from __future__ import annotations

from router.core.after_talk import OWES, promise_after_talk
from router.core.commands import ReportDisposition
from router.core.events import TalkDisposed, TalkMarkedHard
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


def talk_disposed(floor: Floor, event: TalkDisposed, now: float) -> None:
    """A listener says what the talk they are in, or their last one, has led to."""
    listener = floor.listener(event.listener)
    if listener.last_talk is None:
        raise IllegalTransition("this listener has had no talk that could have led to anything")
    if event.disposition in listener.led_to:
        return
    if event.disposition in OWES:
        promise_after_talk(floor, listener, event, now)
    listener.led_to.append(event.disposition)
    call, line = listener.last_talk
    floor.order(ReportDisposition(call, line, listener.name, event.disposition, event.orientation))
