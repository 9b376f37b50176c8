"""What follows when a deadline is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from router.core import calls, offers
from router.core.call import CALL_TABLE, Call
from router.core.commands import DismissListener, SendToFallback, TellListener
from router.core.consult import consult_over
from router.core.deadlines import Kind
from router.core.events import TimeReached
from router.core.floor import Floor
from router.core.help_search import end_search
from router.core.ladder import rung_at
from router.core.listeners import look_anew, rest_over
from router.core.machine import follow
from router.core.offer import OFFER_TABLE
from router.core.on_call import give_up_connecting

STILL_RINGING_SECONDS: Final = 5.0
"""Before the fallback is considered again for a call that somebody rings for, or is about to."""

RINGING_KEEPS_FALLBACKS: Final = 2.0
"""How many times the line's fallback time a caller may wait because phones ring and ring: with many
listeners and nobody awake, one after the other would ring for half an hour."""


def time_reached(floor: Floor, event: TimeReached, now: float) -> None:
    """Do all that is due. With Asterisk out of reach nothing is known, so nothing is due."""
    while floor.state.pbx_up and (due := floor.deadlines.first()) is not None and due[0] <= now:
        at, kind, name = due
        floor.deadlines.drop_first()
        _DUE[kind](floor, name, at, now)


def _call_due(floor: Floor, name: str, at: float, now: float) -> None:
    call = floor.state.calls[name]
    if call.state == "searching":
        if now >= call.fallback_at:
            _consider_fallback(floor, call, now)
        else:
            calls.ring_again(floor, call, now)
        if call.state == "searching":
            calls.keep_searching(floor, call, now)
    elif call.state == "connecting":
        give_up_connecting(floor, call, now)
    elif call.state == "consulting":
        consult_over(floor, call, now)
    elif call.state == "after_talk":
        call.state = follow(CALL_TABLE, call.state, "grace_over")
        calls.search_again(floor, call, now)


def _consider_fallback(floor: Floor, call: Call, now: float) -> None:
    if _may_still_be_taken(floor, call, now):
        call.fallback_at = now + STILL_RINGING_SECONDS
    elif call.help_wanted is not None:
        floor.order(TellListener(call.help_wanted.offer, "nobody"))
        end_search(floor, call, "nobody", now)
    else:
        call.fallback_at = now + calls.FALLBACK_AGAIN_SECONDS
        floor.order(SendToFallback(call.name))


def _may_still_be_taken(floor: Floor, call: Call, now: float) -> bool:
    """Say whether the fallback may wait for those who ring, which it does not do for ever."""
    open_offers = [floor.state.offers[name] for name in call.offers]
    if not open_offers:
        return floor.bench.best_for(call.ladder[rung_at(call, now)]) is not None
    if call.offers_made == len(open_offers):
        # The first to be rung have not rung out: an outage may have used up the time before.
        return True
    line = call.line
    sought_seconds = line.fallback_after_seconds if call.help_wanted is None else line.help_seconds
    ringing_until = call.arrived + RINGING_KEEPS_FALLBACKS * sought_seconds
    if any(offer.state == "picked_up" for offer in open_offers):
        ringing_until += line.accept_seconds
    return now < ringing_until


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
}
