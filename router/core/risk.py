"""The risk ahead: the chance that the next call on a line misses its target.

    R = prod over the free (1 - p) * E over X [ prod over the others (1 - p * q(X)) ]

p is the chance that this listener, rung as soon as the ladder asks for them, takes the call within
the line's target (learnt, see `habit`); X is when the next call comes, and q(X) the chance that who
is busy now is free by then: 1 - exp(-X / mean talk) for who talks, and 1 or 0 for who rests until a
known second. Calls that wait already, with no phone ringing, are served before: for each of them
the best chance among the others is taken away, and among the free once there are no others.

Assumptions: calls come at random at the rate learnt, so X is exponential and the next caller finds
what anybody would (Wolff, "Poisson arrivals see time averages", Operations Research 30, 1982); what
is left of a talk is exponential, as in Erlang's model (1917); listeners take their rings
independently; nobody comes on or goes off before; all whom the ladder opens in time are rung, which
is what a rung does that rings as many as the target takes. Who becomes free only after the call has
come is not counted: the risk is told rather too high than too low. E is the mean over the midpoints
of so many equally likely spans of X.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Final

from router.core.floor import State
from router.core.listener import ListenerState
from router.core.matching import fits
from router.core.policy import Line
from router.core.reach import chance_in_time

SPANS: Final = 24
"""The error of the mean is then below 1 %."""

NEGLIGIBLE: Final = 1e-6
"""Once the free alone miss a call so seldom, nobody else is looked at."""


@dataclass(slots=True)
class Coming:
    """Somebody who is not free yet."""

    chance: float
    """That they take a call in time, once they are."""
    rests_seconds: float | None = None
    """Until they are; None: until their talk is over."""


def miss_risk(
    free: Sequence[float],
    others: Sequence[Coming],
    *,
    ahead: int,
    calls_a_second: float,
    mean_talk_seconds: float,
) -> float:
    """Give the risk from 0 to 1, by the formula above.

    Parameters
    ----------
    free
        of each who is free, the chance to take a call in time.
    others
        those who are not free yet.
    ahead
        how many calls wait with no phone ringing for them.
    calls_a_second
        how often calls come on this line; above 0.
    mean_talk_seconds
        how long a talk lasts; above 0.

    """
    coming = sorted(others, key=_chance)
    left = max(0, ahead - len(coming))
    del coming[max(0, len(coming) - ahead) :]
    missed = 1.0
    for chance in sorted(free)[: max(0, len(free) - left)]:
        missed *= 1.0 - chance
    if not coming:
        return missed
    total = 0.0
    for span in range(SPANS):
        wait_seconds = -log((span + 0.5) / SPANS) / calls_a_second
        total += _missed_after(wait_seconds, coming, mean_talk_seconds)
    return missed * total / SPANS


def next_call_miss_risk(
    state: State, line: Line, now: float, calls_a_second: float, mean_talk_seconds: float
) -> float:
    """Give the risk of a line as things stand; `now` is the engine's own time."""
    free, others, missed = list[float](), list[Coming](), 1.0
    ahead = _calls_ahead(state, line)
    takers = _likeliest_takers(state)
    for listener in state.listeners.values():
        chance = chance_in_time(listener, line, now) if listener.duty == "on" else 0.0
        if chance <= 0.0:
            continue
        if listener.activity == "free" or _is_let_go_soon(listener, takers):
            free.append(chance)
            missed *= 1.0 - chance
            if missed < NEGLIGIBLE and not ahead:
                return missed
        else:
            others.append(Coming(chance, _rests_seconds(listener, now)))
    return miss_risk(
        free,
        others,
        ahead=ahead,
        calls_a_second=calls_a_second,
        mean_talk_seconds=mean_talk_seconds,
    )


def _chance(one: Coming) -> float:
    return one.chance


def _missed_after(wait_seconds: float, coming: Sequence[Coming], mean_talk_seconds: float) -> float:
    talk_over = 1.0 - exp(-wait_seconds / mean_talk_seconds)
    missed = 1.0
    for one in coming:
        if one.rests_seconds is None:
            missed *= 1.0 - one.chance * talk_over
        elif one.rests_seconds <= wait_seconds:
            missed *= 1.0 - one.chance
    return missed


def _rests_seconds(listener: ListenerState, now: float) -> float | None:
    if listener.activity in ("wrap_up", "resting") and listener.deadline is not None:
        return max(0.0, listener.deadline - now)
    return None


def _is_let_go_soon(listener: ListenerState, takers: frozenset[str]) -> bool:
    return listener.activity == "offered" and listener.name not in takers


def _likeliest_takers(state: State) -> frozenset[str]:
    """Name, for each call that phones ring for, the one who is counted as taking it."""
    best: dict[str, tuple[float, str]] = {}
    for offer in state.offers.values():
        listener = state.listeners[offer.listener]
        if listener.activity == "offered" and offer.state != "leaving":
            found = (listener.habit.chance(offer.placed_at), listener.name)
            best[offer.call] = max(best.get(offer.call, found), found)
    return frozenset(name for _, name in best.values())


def _calls_ahead(state: State, line: Line) -> int:
    """Count the calls that wait with no phone ringing, for anybody whom this line asks too."""
    ahead = 0
    shared: dict[object, bool] = {}
    for call in state.calls.values():
        if call.state != "searching" or call.offers or call.is_kept_for_usual:
            # Who is kept for one listener takes none of the others from the next caller.
            continue
        rung = call.ladder[call.rung]
        if rung.asked not in shared:
            shared[rung.asked] = call.line.name == line.name or any(
                one.duty == "on"
                and fits(one, rung)
                and any(fits(one, asked) for asked in line.ladder)
                for one in state.listeners.values()
            )
        ahead += shared[rung.asked]
    return ahead
