"""The search: every call that wants a ring meets every listener who is available."""

from __future__ import annotations

from operator import attrgetter

from router.core import calls, offers
from router.core.call import Call
from router.core.explain import Decision, Reason, Standing, Verdict, standings
from router.core.floor import Floor
from router.core.ladder import leads_on
from router.core.listener import ListenerState
from router.core.usual import ask_usual, first_kept_for
from router.core.width import judge_width, look_again


def settle(floor: Floor, now: float) -> None:
    """Ring whoever can be rung, after an event: only what the event touched can have changed.

    Before the event no available listener served any call that wanted a ring, so a new pair has a
    listener or a call in it that was touched. A listener finds the first call in line.
    """
    if not floor.state.pbx_up:
        _queue_touched(floor)
        return
    free = _free(floor.touched_listeners) if floor.touched_listeners else None
    if free:
        _queue_touched(floor)
        for listener in free:
            _search_for(floor, listener, now)
    if len(floor.touched_calls) == 1:
        for call in floor.touched_calls.values():
            _see_to(floor, call, now)
    elif floor.touched_calls:
        _search_for_all(floor, now)


def _free(touched: dict[str, ListenerState]) -> list[ListenerState]:
    return [one for one in touched.values() if one.available]


def _queue_touched(floor: Floor) -> None:
    for call in floor.touched_calls.values():
        floor.queue.place(call)


def _search_for(floor: Floor, listener: ListenerState, now: float) -> None:
    waits = first_kept_for(floor, listener)
    if waits is not None:
        _search(floor, waits, now)
    while listener.available:
        first = floor.queue.first_for(listener)
        if first is None:
            break
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
    if not _ring_usual(floor, call, now):
        judge_width(floor, call, now)
        while _lacks_phones(call, most):
            _ring_on_rung(floor, call, now, most)
            if not _lacks_phones(call, most) or not _climbs(floor, call, now):
                break
        look_again(floor, call, now)
    floor.queue.place(call)


def _lacks_phones(call: Call, most: int | None) -> bool:
    return call.wants_ring and (most is None or len(call.offers) < most)


def _ring_usual(floor: Floor, call: Call, now: float) -> bool:
    before = _before(floor, call)
    chosen = ask_usual(floor, call, now)
    if chosen and floor.watched == call.name:
        floor.decisions.append(
            _decision(floor, call, now, _reasons(before, chosen, "kept_for_usual"))
        )
    return call.is_kept_for_usual


def _ring_on_rung(floor: Floor, call: Call, now: float, most: int | None) -> None:
    before = _before(floor, call)
    chosen: list[str] = []
    while _lacks_phones(call, most):
        listener = floor.bench.best_for(call.ladder[call.rung])
        if listener is None:
            break
        chosen.append(listener.name)
        offers.place(floor, call, listener, now)
        judge_width(floor, call, now)
    if floor.watched == call.name:
        floor.decisions.append(
            _decision(floor, call, now, _reasons(before, chosen, "ranked_lower"))
        )


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
        return calls.climb(floor, call, call.rung + 1, now)
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
        reasons=reasons,
    )
