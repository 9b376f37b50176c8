"""What follows when a deadline is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from router.core import calls, offers
from router.core.call import CALL_TABLE
from router.core.climbing import keep_searching, ring_again
from router.core.commands import DismissListener
from router.core.consult import consult_over
from router.core.deadlines import Kind
from router.core.events import TimeReached
from router.core.fallback import consider_fallback
from router.core.floor import Floor
from router.core.listeners import look_anew, rest_over
from router.core.machine import follow
from router.core.offer import OFFER_TABLE
from router.core.on_call import give_up_connecting
from router.core.on_promise import promise_due


def time_reached(floor: Floor, event: TimeReached, now: float) -> None:
    """Do all that is due. With Asterisk out of reach nothing is known, so nothing is due."""
    while floor.state.pbx_up and (due := floor.deadlines.take(now)) is not None:
        at, kind, name = due
        floor.caused_at = min(floor.caused_at, at)
        _DUE[kind](floor, name, at, now)


def _call_due(floor: Floor, name: str, at: float, now: float) -> None:
    call = floor.state.calls[name]
    if call.state == "searching":
        if now >= call.fallback_at:
            consider_fallback(floor, call, now)
        else:
            ring_again(floor, call, now)
        if call.state == "searching":
            keep_searching(floor, call, now)
    elif call.state == "connecting":
        give_up_connecting(floor, call, now)
    elif call.state == "consulting":
        consult_over(floor, call, now)
    elif call.state == "noting":
        calls.end(floor, call, now)
    elif call.state == "after_talk":
        call.state = follow(CALL_TABLE, call.state, "grace_over")
        calls.search_again(floor, call, now)


def _promise_due(floor: Floor, name: str, at: float, now: float) -> None:
    promise_due(floor, floor.state.promises[name], now)


def _offer_due(floor: Floor, name: str, at: float, now: float) -> None:
    offer = floor.state.offers[name]
    if offer.state == "ringing":
        offers.withdraw(floor, offer, "no_answer", "timeout", now)
    elif offer.state == "picked_up":
        offers.withdraw(floor, offer, "no_key", "timeout", now)
    elif offer.state == "leaving":
        # Nothing was heard of its end; should it be there still, this ends it.
        floor.order(DismissListener(offer.name, "unknown"))
        offer.state = follow(OFFER_TABLE, offer.state, "leg_ended")
        offers.end(floor, offer, "vanished", now)


def _listener_due(floor: Floor, name: str, at: float, now: float) -> None:
    listener = floor.state.listeners[name]
    if listener.activity == "free":
        look_anew(floor, listener, at)
    else:
        rest_over(floor, listener, at)


_DUE: Final[dict[Kind, Callable[[Floor, str, float, float], None]]] = {
    "call": _call_due,
    "offer": _offer_due,
    "listener": _listener_due,
    "promise": _promise_due,
}
