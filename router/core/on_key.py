"""What follows when a caller presses a key: the search that is running changes."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from msgspec.structs import replace

from router.core import usual
from router.core.call import Call, CallState
from router.core.climbing import keep_searching
from router.core.commands import OfferChoice
from router.core.events import CallerAskedFor, CallerChose, CallerChoseSkills, CallerInShock
from router.core.floor import Floor
from router.core.listener import ListenerState
from router.core.machine import IllegalTransition
from router.core.matching import fits
from router.core.offers import withdraw
from router.core.policy import Rung, Skills

_WITHOUT_A_HUMAN: Final[frozenset[CallState]] = frozenset(
    {"searching", "connecting", "after_talk", "fallback"}
)


def caller_in_shock(floor: Floor, event: CallerInShock, now: float) -> None:
    """A caller in shock goes first, to those who are there for it."""
    call = _without_a_human(floor, event.call)
    call.in_shock, call.alone_until = True, now
    if call.line.shock_ladder:
        _begin_ladder(call, call.line.shock_ladder)
        for choice in call.skills_chosen:
            _begin_ladder(call, _changed(call.ladder, choice))
    if call.state == "searching":
        keep_searching(floor, call, now)


def caller_asked_for(floor: Floor, event: CallerAskedFor, now: float) -> None:
    """A caller asks for a listener: free, they are rung alone; busy, the caller may choose."""
    call, listener = _searching(floor, event.call), floor.listener(event.listener)
    floor.keep_for_nobody(call)
    call.usual = listener.name
    call.alone_until = now + call.line.same_listener_seconds
    if listener.available or listener.offer in call.offers:
        _make_way_for(floor, call, listener, now)
    elif usual.is_busy(floor, listener.name):
        floor.order(OfferChoice(call.name))
    keep_searching(floor, call, now)


def caller_chose_skills(floor: Floor, event: CallerChoseSkills, now: float) -> None:
    """Something else is asked of a listener on every rung, and the search begins anew."""
    call = _without_a_human(floor, event.call)
    call.skills_chosen.append(event)
    _begin_ladder(call, _changed(call.ladder, event))
    if call.state == "searching":
        _silence(floor, call, now, but=_fitting(floor, call))
        floor.keep_for_nobody(call)
        keep_searching(floor, call, now)


def caller_chose(floor: Floor, event: CallerChose, now: float) -> None:
    """A caller whose usual listener is busy waits for them, or wants anybody."""
    call = _searching(floor, event.call)
    if event.choice == "wait" and usual.may_wait(floor, call):
        _silence(floor, call, now)
        usual.wait_for_usual(floor, call, now)
    else:
        floor.keep_for_nobody(call)
        call.usual = None
    keep_searching(floor, call, now)


def _make_way_for(floor: Floor, call: Call, listener: ListenerState, now: float) -> None:
    """Let the others' phones fall silent, if the one asked for can be had and is likely to be."""
    if usual.may_wait(floor, call) and usual.is_rung_alone(listener, now):
        _silence(floor, call, now, but={listener.offer})
        if listener.offer in call.offers:
            floor.keep_for_usual(call)


def _searching(floor: Floor, name: str) -> Call:
    call = floor.call(name)
    if call.state != "searching":
        raise IllegalTransition(f"a key changes nothing in a call that is {call.state}")
    return call


def _without_a_human(floor: Floor, name: str) -> Call:
    """Give a call that is searched for, or soon may be: then the key counts."""
    call = floor.call(name)
    if call.state not in _WITHOUT_A_HUMAN:
        raise IllegalTransition(f"a key changes nothing in a call that is {call.state}")
    return call


def _begin_ladder(call: Call, ladder: tuple[Rung, ...]) -> None:
    call.ladder, call.rung = ladder, 0


def _fitting(floor: Floor, call: Call) -> set[str]:
    """Name the offers to listeners whom the call's rung asks for."""
    offers, listeners = floor.state.offers, floor.state.listeners
    rung = call.ladder[call.rung]
    return {name for name in call.offers if fits(listeners[offers[name].listener], rung)}


def _silence(floor: Floor, call: Call, now: float, but: Container[str | None] = ()) -> None:
    """Stop the phones that ring but for some; whoever has picked up may still press the key."""
    for name in list(call.offers):
        offer = floor.state.offers[name]
        if offer.state == "ringing" and name not in but:
            withdraw(floor, offer, "withdrawn", "taken", now)


def _changed(ladder: tuple[Rung, ...], choice: CallerChoseSkills) -> tuple[Rung, ...]:
    return tuple(_changed_rung(rung, choice) for rung in ladder)


def _changed_rung(rung: Rung, choice: CallerChoseSkills) -> Rung:
    kept: Skills = {
        skill: level for skill, level in rung.skills.items() if skill not in choice.instead_of
    }
    return replace(rung, skills=kept | choice.skills) if rung.skills else rung
