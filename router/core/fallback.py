"""When the dialplan's fallback group is asked for a caller, or a search is given up."""

from __future__ import annotations

from typing import Final

from router.core.call import Call
from router.core.climbing import FALLBACK_AGAIN_SECONDS
from router.core.commands import SendToFallback, TellListener
from router.core.floor import Floor
from router.core.help_search import end_search
from router.core.ladder import rung_at
from router.core.promises import press_on

STILL_RINGING_SECONDS: Final = 5.0
"""Before the fallback is considered again for a call that somebody rings for, or is about to."""

RINGING_KEEPS_FALLBACKS: Final = 2.0
"""How many times the line's fallback time a caller may wait because phones ring and ring: with many
listeners and nobody awake, one after the other would ring for half an hour."""


def hurry_if_nobody_is_there(floor: Floor, call: Call, now: float) -> None:
    """Have the fallback asked soon for a caller whom nobody on duty could take."""
    within_seconds = call.line.nobody_on_duty_seconds
    if within_seconds is not None and not _is_anybody_on_duty(floor, call):
        call.hurried = True
        call.fallback_at = min(call.fallback_at, now + within_seconds)


def consider_fallback(floor: Floor, call: Call, now: float) -> None:
    """Do what is due for a call that has waited for as long as its line allows."""
    if not call.has_leg and call.promise is not None:
        press_on(floor, call, now)
    elif _is_hurried_for_nothing(floor, call):
        call.fallback_at = max(now, call.arrived + call.line.fallback_after_seconds)
    elif _may_still_be_taken(floor, call, now):
        call.fallback_at = now + STILL_RINGING_SECONDS
    elif call.help_wanted is not None:
        floor.order(TellListener(call.help_wanted.offer, "nobody"))
        end_search(floor, call, "nobody", now)
    else:
        call.fallback_at = now + FALLBACK_AGAIN_SECONDS
        floor.order(SendToFallback(call.name))


def _is_anybody_on_duty(floor: Floor, call: Call) -> bool:
    return any(floor.bench.has_on_duty(rung) for rung in call.ladder)


def _is_hurried_for_nothing(floor: Floor, call: Call) -> bool:
    """Say, once, whether somebody has come on since nobody was there."""
    was_hurried, call.hurried = call.hurried, False
    return was_hurried and _is_anybody_on_duty(floor, call)


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
