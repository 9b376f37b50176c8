"""What must always hold, checked against the state. Used in tests, simulations and production.

The whole check looks at everybody, plainly. The check of a step looks only at what the step has
touched, so it can be made after every one however many are on the floor; it trusts the indexes,
which the whole check does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from router.core.call import Call, CallState, HelpWanted
from router.core.floor import Floor, State
from router.core.listener import Activity, ListenerState
from router.core.matching import fits
from router.core.offer import Offer, OfferState
from router.core.promise import Promise

_HELD: Final[frozenset[Activity]] = frozenset({"offered", "talking"})
_AT_REST: Final[frozenset[Activity]] = frozenset({"wrap_up", "resting"})
_OPEN: Final[frozenset[OfferState]] = frozenset({"ringing", "picked_up"})
_TAKEN: Final[frozenset[OfferState]] = frozenset({"accepted", "talking"})
_TIMED_OFFER: Final[frozenset[OfferState]] = frozenset({"ringing", "picked_up", "leaving"})
_TIMED_CALL: Final[frozenset[CallState]] = frozenset(
    {"searching", "connecting", "consulting", "after_talk", "noting"}
)
_TOGETHER: Final[frozenset[CallState]] = frozenset({"connecting", "talking", "consulting"})


def violations(state: State) -> list[str]:
    """Name everything in the state that must not be; empty where all holds."""
    found: list[str] = []
    for listener in state.listeners.values():
        _look_at_listener(state, listener, found)
    for offer in state.offers.values():
        _look_at_offer(state, offer, found)
    for call in state.calls.values():
        _look_at_call(state, call, found)
    for promise in state.promises.values():
        _look_at_promise(state, promise, found)
    free = [one for one in state.listeners.values() if one.available]
    if state.pbx_up and free:
        _look_for_work_left(state.calls.values(), free, found)
    return found


def violations_of_step(floor: Floor) -> list[str]:
    """Name everything that must not be among what the last step has touched."""
    found: list[str] = []
    state = floor.state
    for name, call in floor.touched_calls.items():
        if name in state.calls:
            _look_at_call(state, call, found)
            if call.partner is not None:
                _look_at_partner(state, call, call.partner, found)
            elif state.pbx_up and call.wants_ring:
                _look_for_listener(floor, call, found)
    for name, offer in floor.touched_offers.items():
        if name in state.offers:
            _look_at_offer(state, offer, found)
    for name, listener in floor.touched_listeners.items():
        if name in state.listeners:
            _look_at_listener(state, listener, found)
        if listener.available and state.pbx_up:
            _look_for_call(floor, listener, found)
    return found


def _look_at_listener(state: State, listener: ListenerState, found: list[str]) -> None:
    name, activity, offer = listener.name, listener.activity, listener.offer
    if (activity in _HELD) != (offer is not None):
        found.append(f"listener {name} is {activity} with offer {offer}")
    if offer is not None and offer not in state.offers:
        found.append(f"listener {name} is held by an offer that is gone")
    if activity in _AT_REST and listener.deadline is None:
        found.append(f"listener {name} rests without end")


def _look_at_offer(state: State, offer: Offer, found: list[str]) -> None:
    name, stage = offer.name, offer.state
    listener, call = state.listeners.get(offer.listener), state.calls.get(offer.call)
    if listener is None or listener.offer != name:
        found.append(f"offer {name} does not hold its listener")
    if stage == "ended":
        found.append(f"offer {name} has ended and is still there")
    if (stage in _OPEN) != (call is not None and name in call.offers):
        found.append(f"offer {name} is {stage} and its call does not know")
    if stage in _TAKEN and (call is None or name not in (call.partner, call.helper)):
        found.append(f"offer {name} is {stage} with nobody")
    if stage in _TIMED_OFFER and offer.deadline is None:
        found.append(f"offer {name} has no end")


def _look_at_promise(state: State, promise: Promise, found: list[str]) -> None:
    name, stage = promise.name, promise.state
    if stage in ("waiting", "dialling") and promise.deadline is None:
        found.append(f"promise {name} is {stage} without a next step")
    if stage == "searching" and f"{name}/call-back" not in state.calls:
        found.append(f"promise {name} is sought for by nobody")
    if stage in ("rang_back", "talking"):
        call = state.calls.get(promise.leg or "")
        if call is None or call.promise != name:
            found.append(f"promise {name} is {stage} in a call that is not there")
    if stage in ("kept", "cancelled"):
        found.append(f"promise {name} is {stage} and still there")


def _look_at_call(state: State, call: Call, found: list[str]) -> None:
    name, stage = call.name, call.state
    if stage in _TIMED_CALL and call.deadline is None:
        found.append(f"call {name} is {stage} without a next step")
    if stage == "ended":
        found.append(f"call {name} has ended and is still there")
    if call.offers and stage != "searching":
        found.append(f"call {name} is {stage} and still rings")
    if (stage in _TOGETHER) != (call.partner is not None):
        found.append(f"call {name} is {stage} with partner {call.partner}")
    if stage == "talking" and call.talking_since is None:
        found.append(f"call {name} talks since never")
    if stage == "talking":
        _look_at_talk(state, call, found)
    if call.helper is not None and (stage not in _TOGETHER or call.helper == call.partner):
        found.append(f"call {name} is {stage} with helper {call.helper}")
    if call.help_wanted is not None:
        _look_at_help(state, call, call.help_wanted, found)
    if call.is_kept_for_usual:
        _look_at_usual(state, call, found)


def _look_at_talk(state: State, call: Call, found: list[str]) -> None:
    _look_at_talker(state, call, call.partner, found)
    if call.helper is not None:
        _look_at_talker(state, call, call.helper, found)


def _look_at_talker(state: State, call: Call, name: str | None, found: list[str]) -> None:
    offer = state.offers.get(name) if name is not None else None
    if offer is not None and offer.state != "talking":
        found.append(f"call {call.name} talks with {name}, which is {offer.state}")


def _look_at_help(state: State, call: Call, wanted: HelpWanted, found: list[str]) -> None:
    helped = state.calls.get(wanted.call)
    if helped is None or helped.state != "talking" or helped.partner != wanted.offer:
        found.append(f"call {call.name} seeks help for a talk that is over")


def _look_at_usual(state: State, call: Call, found: list[str]) -> None:
    usual = state.listeners.get(call.usual or "")
    if usual is None or usual.duty != "on":
        found.append(f"call {call.name} is kept for {call.usual}, who is not there")
    elif usual.available and not call.offers and state.pbx_up:
        found.append(f"call {call.name} is kept for {call.usual}, who is free")
    if call.state != "searching":
        found.append(f"call {call.name} is {call.state} and still kept for {call.usual}")


def _look_at_partner(state: State, call: Call, name: str, found: list[str]) -> None:
    partner = state.offers.get(name)
    if partner is None:
        found.append(f"call {call.name} is with an offer that is gone")
    else:
        _look_at_offer(state, partner, found)


def _look_for_listener(floor: Floor, call: Call, found: list[str]) -> None:
    if floor.bench.best_for(call.ladder[call.rung]) is not None:
        found.append(f"call {call.name} waits while somebody who serves it is free")


def _look_for_call(floor: Floor, listener: ListenerState, found: list[str]) -> None:
    if floor.queue.first_for(listener) is not None:
        found.append(f"listener {listener.name} is free while a call waits that they serve")


def _look_for_work_left(calls: Iterable[Call], free: list[ListenerState], found: list[str]) -> None:
    for call in calls:
        rung = call.ladder[call.rung]
        if call.wants_ring and any(fits(one, rung) for one in free):
            found.append(f"call {call.name} waits while somebody who serves it is free")
