"""What must always hold, checked against the state. Used in tests, simulations and production."""

from __future__ import annotations

from collections.abc import Iterator

from router.core.call import Call, CallState
from router.core.floor import State
from router.core.listener import Activity
from router.core.matching import serves
from router.core.offer import OfferState
from router.core.queue import wants_ring

_HELD = {Activity.OFFERED, Activity.TALKING}
_OPEN = {OfferState.RINGING, OfferState.PICKED_UP}


def violations(state: State) -> list[str]:
    """Name everything in the state that must not be; empty where all holds."""
    return [
        *_listeners(state),
        *_offers(state),
        *(words for call in state.calls.values() for words in _call(call)),
        *_work_left(state),
    ]


def _listeners(state: State) -> Iterator[str]:
    for listener in state.listeners.values():
        held = listener.activity in _HELD
        if held != (listener.offer is not None):
            yield f"listener {listener.name} is {listener.activity} with offer {listener.offer}"
        if listener.offer is not None and listener.offer not in state.offers:
            yield f"listener {listener.name} is held by an offer that is gone"
        if listener.activity in (Activity.WRAP_UP, Activity.RESTING) and listener.deadline is None:
            yield f"listener {listener.name} rests without end"


def _offers(state: State) -> Iterator[str]:
    for offer in state.offers.values():
        listener = state.listeners.get(offer.listener)
        if listener is None or listener.offer != offer.name:
            yield f"offer {offer.name} does not hold its listener"
        if offer.state is OfferState.ENDED:
            yield f"offer {offer.name} has ended and is still there"
        call = state.calls.get(offer.call)
        if (offer.state in _OPEN) != (call is not None and offer.name in call.offers):
            yield f"offer {offer.name} is {offer.state} and its call does not know"
        if offer.state in (OfferState.ACCEPTED, OfferState.TALKING) and (
            call is None or call.partner != offer.name
        ):
            yield f"offer {offer.name} is {offer.state} with nobody"
        if offer.state in (*_OPEN, OfferState.LEAVING) and offer.deadline is None:
            yield f"offer {offer.name} has no end"


def _call(call: Call) -> Iterator[str]:
    searching = {CallState.SEARCHING, CallState.CONNECTING, CallState.AFTER_TALK}
    if call.state in searching and call.deadline is None:
        yield f"call {call.name} is {call.state} without a next step"
    if call.state is CallState.ENDED:
        yield f"call {call.name} has ended and is still there"
    if call.offers and call.state is not CallState.SEARCHING:
        yield f"call {call.name} is {call.state} and still rings"
    together = call.state in (CallState.CONNECTING, CallState.TALKING)
    if together != (call.partner is not None):
        yield f"call {call.name} is {call.state} with partner {call.partner}"
    if call.state is CallState.TALKING and call.talking_since is None:
        yield f"call {call.name} talks since never"


def _work_left(state: State) -> Iterator[str]:
    if not state.pbx_up:
        return
    free = [one.skills for one in state.listeners.values() if one.available]
    for call in state.calls.values():
        asked = call.line.ladder[call.rung].skills
        if wants_ring(call) and any(serves(skills, asked) for skills in free):
            yield f"call {call.name} waits while somebody who serves it is free"
