"""A call-back that a listener promises after a talk: by a senior, or at a time agreed on."""

from __future__ import annotations

from typing import Final

from router.core.commands import PromiseWords, TellListener
from router.core.events import Disposition, TalkDisposed
from router.core.floor import Floor
from router.core.listener import ListenerState
from router.core.machine import IllegalTransition
from router.core.promise_commands import NotePromise

OWES: Final[frozenset[Disposition]] = frozenset({"senior_call_back", "follow_up"})
"""What a talk can lead to that is a promise."""

FURTHEST_SECONDS: Final = 30 * 86_400.0
"""No call-back is agreed on for later than this: a clock or a message is wrong."""


def promise_after_talk(
    floor: Floor, listener: ListenerState, event: TalkDisposed, now: float
) -> None:
    """Have a promise noted to whom a listener has talked with, or tell them that it cannot be."""
    at = _agreed_on(event, now - floor.state.set_back_seconds)
    call, name = listener.last_talk or ("", "")
    rules = floor.line(name).call_back
    if listener.last_caller is None or rules is None:
        _tell(floor, listener, "not_promised")
        return
    by_senior = event.disposition == "senior_call_back"
    within_seconds = rules.within_seconds if by_senior else rules.appointment_seconds
    floor.state.promises_made += 1
    promise = f"p-{floor.state.boot}-{floor.state.promises_made}"
    listener.noting.append(promise)
    floor.order(
        NotePromise(
            promise=promise,
            call=call,
            line=name,
            caller=listener.last_caller,
            origin="listener",
            place_at=at,
            not_before=at,
            due_by=at + within_seconds,
            usual=None if by_senior else listener.name,
            by_senior=by_senior,
        )
    )


def tell_whether_noted(floor: Floor, promise: str, *, noted: bool) -> bool:
    """Tell the listener who promised it after a talk; say whether anybody did.

    What could not be noted may be keyed once more.
    """
    known = floor.state.listeners.values()
    listener = next((one for one in known if promise in one.noting), None)
    if listener is None:
        return False
    listener.noting.remove(promise)
    if not noted:
        listener.led_to = [one for one in listener.led_to if one not in OWES]
    _tell(floor, listener, "promised" if noted else "not_promised")
    return True


def _agreed_on(event: TalkDisposed, now: float) -> float:
    if event.disposition == "senior_call_back":
        return now
    if event.at is None or event.at > now + FURTHEST_SECONDS:
        raise IllegalTransition("a call-back at a time that was agreed on has one, within 30 days")
    return max(event.at, now)


def _tell(floor: Floor, listener: ListenerState, words: PromiseWords) -> None:
    if listener.offer is not None:
        floor.order(TellListener(listener.offer, words))
