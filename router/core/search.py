"""The search: every call that wants a ring meets every listener who is available."""

from __future__ import annotations

from operator import attrgetter

from router.core import offers
from router.core.call import Call
from router.core.climbing import climb
from router.core.explain import Decision, Reason, Standing, Verdict, standings
from router.core.floor import Floor
from router.core.ladder import leads_on
from router.core.listener import ListenerState
from router.core.usual import ask_usual, first_kept_for
from router.core.width import Ringing, judge_width, look_again, ringing_for


def settle(floor: Floor, now: float) -> None:
    """Ring whoever can be rung, after an event: only what the event touched can have changed.

    Before the event no available listener served any call that wanted a ring, so a new pair has a
    listener or a call in it that was touched. The first in line is served first.
    """
    if not floor.state.pbx_up:
        _queue_touched(floor)
        return
    if floor.touched_listeners:
        free = [one for one in floor.touched_listeners.values() if one.available]
        if free:
            _queue_touched(floor)
            for listener in free:
                _ring_who_is_waited_for(floor, listener, now)
            _serve_in_order(floor, now)
    touched = floor.touched_calls
    if len(touched) == 1:
        for call in touched.values():
            _see_to(floor, call, now)
    elif touched:
        _search_for_all(floor, now)


def _queue_touched(floor: Floor) -> None:
    for call in floor.touched_calls.values():
        floor.queue.place(call)


def _ring_who_is_waited_for(floor: Floor, listener: ListenerState, now: float) -> None:
    waits = first_kept_for(floor, listener)
    if waits is not None:
        _ring_usual(floor, waits, now)
        floor.queue.place(waits)
        floor.touch_call(waits)


def _serve_in_order(floor: Floor, now: float) -> None:
    """Ring for the first in line of those whom somebody free serves, then for the next."""
    while (first := floor.queue.first_for_any(floor.bench)) is not None:
        call = floor.state.calls[first]
        _search(floor, call, now, len(call.offers) + 1)


def _search_for_all(floor: Floor, now: float) -> None:
    """Let each call have a phone before any has a second one."""
    touched = list(floor.touched_calls.values())
    for most in (1, None):
        touched.sort(key=attrgetter("place"))
        for call in touched:
            _see_to(floor, call, now, most)


def _see_to(floor: Floor, call: Call, now: float, most: int | None = None) -> None:
    if call.state == "searching":
        _search(floor, call, now, most)
    else:
        floor.queue.drop(call)


def _search(floor: Floor, call: Call, now: float, most: int | None = None) -> None:
    if call.usual is None or not _ring_usual(floor, call, now):
        ringing = ringing_for(call, now)
        judge_width(floor, call, ringing, now)
        while _lacks_phones(call, most):
            if _ring_on_rung(floor, call, ringing, now, most) or not _climbs(floor, call, now):
                break
        look_again(floor, call, now)
    floor.queue.place(call)


def _lacks_phones(call: Call, most: int | None) -> bool:
    return (most is None or len(call.offers) < most) and call.wants_ring


def _ring_usual(floor: Floor, call: Call, now: float) -> bool:
    before = _before(floor, call)
    chosen = ask_usual(floor, call, now)
    if chosen and floor.watched == call.name:
        floor.decisions.append(
            _decision(floor, call, now, _reasons(before, chosen, "kept_for_usual"))
        )
    return call.is_kept_for_usual


def _ring_on_rung(floor: Floor, call: Call, ringing: Ringing, now: float, most: int | None) -> bool:
    """Ring phones for a call that lacks some; say whether that was possible for all it lacks."""
    before = _before(floor, call)
    chosen: list[str] = []
    suffices = False
    rung = call.ladder[call.rung]
    while not suffices:
        listener = floor.bench.best_for(rung)
        if listener is None:
            break
        chosen.append(listener.name)
        offers.place(floor, call, listener, now)
        judge_width(floor, call, ringing, now)
        suffices = not _lacks_phones(call, most)
    if floor.watched == call.name:
        floor.decisions.append(
            _decision(floor, call, now, _reasons(before, chosen, "ranked_lower"))
        )
    return suffices


def _before(floor: Floor, call: Call) -> list[Standing]:
    """Note, for a call that is watched, how everybody stands before anybody is chosen."""
    if floor.watched != call.name:
        return []
    return standings(
        floor.state.listeners.values(), call.ladder[call.rung], floor.bench, floor.sparing
    )


def _climbs(floor: Floor, call: Call, now: float) -> bool:
    """Take a call, for which nobody is left to ring, to its next rung if that is a reason to."""
    alone = not call.offers
    if (
        leads_on(call, "target_out_of_reach")
        or (alone and leads_on(call, "nobody_free"))
        or (alone and not floor.bench.has_on_duty(call.ladder[call.rung]))
    ):
        return climb(floor, call, call.rung + 1, now)
    return False


def _reasons(before: list[Standing], chosen: list[str], others: Verdict) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            listener=one.name,
            verdict=why or ("chosen" if one.name in chosen else others),
            detail=detail,
        )
        for one, why, detail in before
    )


def _decision(floor: Floor, call: Call, now: float, reasons: tuple[Reason, ...]) -> Decision:
    return Decision(
        call=call.name,
        at=now - floor.state.set_back_seconds,
        waited_seconds=now - call.arrived,
        rung=call.rung,
        asked=call.ladder[call.rung].skills,
        gives_way=call.gives_way,
        reasons=reasons,
    )
