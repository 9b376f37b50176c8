"""What the wallboard shows of the engine's state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import inf
from operator import attrgetter
from typing import Final

from router.core.call import Call
from router.core.floor import State
from router.core.offer import OfferState
from router.core.policy import Line
from router.core.promise import Promise
from router.observe.waiting import Kind, Waits, callers_who_wait, is_asked
from router.web.wallboard.headcount import Headcount
from router.web.wallboard.lonely import Lonely
from router.web.wallboard.shape import (
    Doing,
    LineNow,
    Owed,
    Pool,
    Promises,
    Rings,
    Shown,
    Step,
    Trouble,
    Waiting,
)
from router.web.wallboard.today import Today

MOST_WAITING: Final = 20
MOST_RINGS: Final = 24
MOST_PROMISES: Final = 5
"""A wall has room for no more; how many there are in all is told besides."""

RISKY: Final = 0.2
"""On a line that says of no risk that it wakes people."""

_STEPS: Final[dict[OfferState, Step]] = {
    "ringing": "ringing",
    "picked_up": "picked_up",
    "accepted": "accepted",
}


@dataclass(frozen=True)
class Around:
    """What the state does not hold."""

    pools: Mapping[str, str]
    """Each pool's name as people read it."""
    opened: Collection[str]
    risks: Mapping[str, float]
    zone: str
    page: str
    troubles: tuple[Trouble, ...] = ()


class View:
    """Looks at the state, again and again."""

    def __init__(self, today: Today) -> None:
        self._today = today
        self._waits = Waits()
        self._lonely = Lonely()
        self._headcount = Headcount()

    def look(self, state: State, now: float, around: Around) -> Shown:
        """Give what there is to be shown; `now` is the clock's."""
        back = state.set_back_seconds
        own_now = now + back
        callers = callers_who_wait(state.calls.values())
        since = self._waits.look(callers, own_now)
        alone = self._lonely.look(callers, since, own_now)
        first = nsmallest(
            MOST_WAITING, callers, key=lambda call: _order(call, since, alone, own_now)
        )
        rings = list(_rings(state, around.pools))
        doing, on_duty = self._headcount.count(state)
        lines = tuple(self._lines(state, around, callers, on_duty))
        return Shown(
            page=around.page,
            zone=around.zone,
            troubles=(*around.troubles, *_troubles(state, lines, own_now)),
            waiting=tuple(
                _waiting(call, since[call.entered], alone.get(call.entered), back) for call in first
            ),
            waiting_in_all=len(callers),
            alone_in_all=sum(alone_at <= own_now for alone_at in alone.values()),
            rings=tuple(rings[:MOST_RINGS]),
            ringing_in_all=sum(one.phones for one in rings),
            lines=lines,
            pools=tuple(_pools(doing, around.pools)),
            promises=_promises(state),
            counted_since=self._today.since,
        )

    def _lines(
        self,
        state: State,
        around: Around,
        callers: Sequence[Call],
        on_duty: Mapping[Kind, int],
    ) -> Iterator[LineNow]:
        waiting = Counter(call.line.name for call in callers)
        for name, line in state.policy.lines.items():
            risk = around.risks.get(name)
            yield LineNow(
                name=name,
                is_open=name in around.opened,
                waiting=waiting[name],
                on_duty=sum(count for kind, count in on_duty.items() if is_asked(kind, line)),
                risk=None if risk is None else round(risk, 3),
                at_risk=risk is not None and risk > _risky(line),
                today=self._today.of(name),
            )


def _risky(line: Line) -> float:
    return RISKY if line.risk_wakes_above is None else line.risk_wakes_above


def _order(
    call: Call, since: Mapping[int, float], alone: Mapping[int, float], own_now: float
) -> tuple[bool, bool, float]:
    """Those who are alone first, those who wait by choice last; of these, the longest."""
    is_alone = alone.get(call.entered, inf) <= own_now
    return call.fallback_put_off, not is_alone, since[call.entered]


def _waiting(call: Call, since: float, alone_at: float | None, back: float) -> Waiting:
    doing: Doing = "chosen" if call.fallback_put_off else _DOING.get(call.state, "searching")
    return Waiting(
        call=call.entered,
        line=call.line.name,
        since=since - back,
        rung=call.rung + 1,
        rungs=len(call.ladder),
        ringing=len(call.offers),
        doing=doing,
        alone_at=None if alone_at is None else alone_at - back,
    )


_DOING: Final[dict[str, Doing]] = {"connecting": "connecting", "fallback": "fallback"}


def _rings(state: State, pools: Mapping[str, str]) -> Iterator[Rings]:
    """Give the phones that ring, those alike together; what has rung longest first."""
    alike: dict[tuple[str, str, Step], list[float]] = {}
    for offer in state.offers.values():
        step = _STEPS.get(offer.state)
        if step is None:
            continue
        listener = state.listeners.get(offer.listener)
        pool = listener.pool if listener is not None else ""
        alike.setdefault((offer.line, pool, step), []).append(offer.placed_at)
    for (line, pool, step), since in sorted(alike.items(), key=lambda one: min(one[1])):
        first = min(since) - state.set_back_seconds
        yield Rings(line, pools.get(pool, pool), step, len(since), first)


def _pools(doing: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> Iterator[Pool]:
    """Give the pools in which there is somebody, in the config's order."""
    there = {pool for pool, _ in doing}
    for pool in (*(name for name in names if name in there), *sorted(there - set(names))):
        yield Pool(
            name=names.get(pool, pool),
            free=doing.get((pool, "free"), 0),
            ringing=doing.get((pool, "offered"), 0),
            talking=doing.get((pool, "talking"), 0),
            resting=doing.get((pool, "wrap_up"), 0) + doing.get((pool, "resting"), 0),
            paused=doing.get((pool, "paused"), 0),
            off=doing.get((pool, "off"), 0),
        )


def _promises(state: State) -> Promises | None:
    owed = state.promises.values()
    if not owed and all(line.call_back is None for line in state.policy.lines.values()):
        return None
    first = nsmallest(MOST_PROMISES, owed, key=attrgetter("due_by"))
    back = state.set_back_seconds
    shown = tuple(Owed(one.line, one.due_by - back, one.state) for one in first)
    return Promises(shown, len(owed))


def _troubles(state: State, lines: Sequence[LineNow], own_now: float) -> Iterator[Trouble]:
    for line in lines:
        if line.is_open and not line.on_duty:
            yield Trouble("nobody", line=line.name)
    overdue = [one for one in state.promises.values() if _is_overdue(one, own_now)]
    if overdue:
        longest = min(one.due_by for one in overdue) - state.set_back_seconds
        yield Trouble("overdue", since=longest, count=len(overdue))
    with_seniors = sum(one.state == "with_seniors" for one in state.promises.values())
    if with_seniors:
        yield Trouble("with_seniors", count=with_seniors)


def _is_overdue(promise: Promise, own_now: float) -> bool:
    return promise.state not in ("talking", "with_seniors") and promise.due_by < own_now
