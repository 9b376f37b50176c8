"""The search: every call that wants a ring meets every listener who is available."""

from __future__ import annotations

from operator import attrgetter

from router.core import offers
from router.core.call import Call
from router.core.explain import Decision, Reason, Standing, standings
from router.core.floor import Floor
from router.core.listener import ListenerState
from router.core.matching import refusal
from router.core.queue import wants_ring


def settle(floor: Floor, now: float) -> None:
    """Ring whoever can be rung, after an event: only what the event touched can have changed.

    Before the event no available listener served any call that wanted a ring, so a new pair has a
    listener or a call in it that was touched. A listener finds the first call in line.
    """
    if not floor.state.pbx_up:
        _queue_touched(floor)
        return
    free = [one for one in floor.touched_listeners.values() if one.available]
    if free:
        _queue_touched(floor)
        for listener in free:
            _search_for(floor, listener, now)
    for call in _in_line(floor.touched_calls):
        if wants_ring(call):
            _search(floor, call, now)
        else:
            floor.queue.drop(call)


def _in_line(touched: dict[str, Call]) -> list[Call]:
    found = list(touched.values())
    if len(found) > 1:
        found.sort(key=attrgetter("place"))
    return found


def _queue_touched(floor: Floor) -> None:
    for call in floor.touched_calls.values():
        floor.queue.place(call)


def _search_for(floor: Floor, listener: ListenerState, now: float) -> None:
    while listener.available:
        first = floor.queue.first_for(listener.skills)
        if first is None:
            break
        _search(floor, floor.state.calls[first], now)


def _search(floor: Floor, call: Call, now: float) -> None:
    rung = call.line.ladder[call.rung]
    watched = floor.watched == call.name
    before = standings(floor.state.listeners.values(), rung.skills, floor.bench) if watched else []
    chosen: list[str] = []
    while wants_ring(call):
        listener = floor.bench.best_for(rung.profile)
        if listener is None:
            break
        assert refusal(listener, rung.skills) is None, "the bench holds only who may be asked"
        chosen.append(listener.name)
        offers.place(floor, call, listener, now)
    floor.queue.place(call)
    if watched:
        floor.decisions.append(_decision(floor, call, _reasons(before, chosen), now))


def _reasons(before: list[Standing], chosen: list[str]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            listener=one.name,
            verdict=why or ("chosen" if one.name in chosen else "ranked_lower"),
            detail=detail,
        )
        for one, why, detail in before
    )


def _decision(floor: Floor, call: Call, reasons: tuple[Reason, ...], now: float) -> Decision:
    return Decision(
        call=call.name,
        at=now - floor.state.set_back_seconds,
        waited_seconds=now - call.arrived,
        rung=call.rung,
        asked=call.line.ladder[call.rung].skills,
        reasons=reasons,
    )
