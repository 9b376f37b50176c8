"""How much longer a caller waits: a range from the state of things, or nothing.

The chance of still waiting after s seconds is the product of three: that none of the phones which
ring has been taken by then (each by its learnt habit); that none of those taken whom the ladder
still has to ask, each from when it is their turn; and that not enough of those who talk have become
free, which they do like a Poisson process, counted once for each call that stands before (Erlang's
assumptions, as in `risk`). The range is from its 10 % to its 90 % point: four callers of five are
answered within it, as far as the model goes. Where its end lies further than somebody can be told,
or nobody can be reached at all, there is nothing honest to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp
from typing import Final

from router.core.call import Call
from router.core.floor import State
from router.core.habit import Habit
from router.core.listener import ListenerState
from router.core.matching import fits
from router.core.reach import asked_after_seconds

EARLY: Final = 0.9
LATE: Final = 0.1
"""The chances of still waiting at the beginning and at the end of the range."""

LONGEST_TOLD_SECONDS: Final = 600.0
"""A wait that may be longer is not told: who could say what will be in ten minutes?"""

NEXT_TURN_SECONDS: Final = 8.0
"""Until further phones ring where those that ring suffice for now: by then most that are taken at
all have been."""

TAKE_SECONDS: Final = 9.0
"""From somebody being free to the accept key, mostly."""

MOST_PHONES: Final = 40
"""So many are as good as any number: of these, somebody answers."""

STEPS: Final = 24
"""Of the bisection: to a thousandth of a second."""


@dataclass(frozen=True, slots=True)
class WaitRange:
    """How much longer somebody waits, in seconds."""

    from_seconds: float
    to_seconds: float


@dataclass(slots=True)
class _Phone:
    """A phone that rings, or will; times are in seconds from now."""

    habit: Habit
    rings_from: float
    rings_until: float


@dataclass(slots=True)
class _Prospect:
    """All from whom the caller may have an answer."""

    now: float
    phones: list[_Phone] = field(default_factory=list)
    freed_a_second: float = 0.0
    """How often one of those who talk becomes free and takes a call."""
    ahead: int = 0

    def still_waiting(self, seconds: float) -> float:
        """Give the chance that nobody has answered so many seconds from now."""
        left = 1.0
        for phone in self.phones:
            rung_at = self.now + phone.rings_from
            until = self.now + min(seconds, phone.rings_until)
            left *= 1.0 - phone.habit.will_take(rung_at, max(self.now, rung_at), until)
        return left * self._not_freed(max(0.0, seconds - TAKE_SECONDS) * self.freed_a_second)

    def _not_freed(self, expected: float) -> float:
        """Give the chance that of so many expected no more came than there are calls before."""
        term = total = exp(-expected)
        for number in range(1, self.ahead + 1):
            term *= expected / number
            total += term
        return total


def expected_wait(
    state: State, call: Call, now: float, mean_talk_seconds: float
) -> WaitRange | None:
    """Give how much longer a call waits for a human, or None where nothing honest can be said.

    Parameters
    ----------
    state
        the engine's.
    call
        one that is searched for; for any other nothing can be said.
    now
        the engine's own time.
    mean_talk_seconds
        how long a talk lasts.

    """
    if call.state != "searching" or call.is_kept_for_usual:
        return None
    prospect = _prospect(state, call, now, mean_talk_seconds)
    if prospect.still_waiting(LONGEST_TOLD_SECONDS) > LATE:
        return None
    return WaitRange(_point(prospect, EARLY), _point(prospect, LATE))


def _point(prospect: _Prospect, chance: float) -> float:
    """Find after how long the chance of still waiting has fallen so low."""
    low, high = 0.0, LONGEST_TOLD_SECONDS
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        if prospect.still_waiting(middle) > chance:
            low = middle
        else:
            high = middle
    return high


def _prospect(state: State, call: Call, now: float, mean_talk_seconds: float) -> _Prospect:
    found = _Prospect(now)
    for name in call.offers:
        offer = state.offers[name]
        since = offer.placed_at - now
        habit = state.listeners[offer.listener].habit
        found.phones.append(_Phone(habit, since, since + call.line.ring_seconds))
    next_turn = _next_turn_seconds(call, found.phones)
    for listener in state.listeners.values():
        if len(found.phones) >= MOST_PHONES:
            break
        if listener.duty == "on":
            _count_in(found, listener, call, next_turn, mean_talk_seconds)
    if not any(phone.rings_from <= next_turn for phone in found.phones):
        found.ahead = _calls_before(state, call)
    return found


def _count_in(
    found: _Prospect,
    listener: ListenerState,
    call: Call,
    next_turn: float,
    mean_talk_seconds: float,
) -> None:
    asked_after = asked_after_seconds(listener, call.ladder)
    if asked_after is None:
        return
    if listener.activity == "talking":
        found.freed_a_second += listener.habit.chance(found.now) / mean_talk_seconds
        return
    rings_from = max(next_turn, call.arrived + asked_after - found.now)
    if listener.activity in ("wrap_up", "resting") and listener.deadline is not None:
        rings_from = max(rings_from, listener.deadline - found.now)
    elif listener.activity == "offered":
        return
    found.phones.append(_Phone(listener.habit, rings_from, rings_from + call.line.ring_seconds))


def _next_turn_seconds(call: Call, ringing: list[_Phone]) -> float:
    """Give when those who are free and do not ring yet will be asked, in seconds from now."""
    if not ringing:
        return 0.0
    last = max(phone.rings_until for phone in ringing)
    if call.ladder[call.rung].ring_at_once is None:
        last = min(last, NEXT_TURN_SECONDS)
    return max(0.0, last)


def _calls_before(state: State, call: Call) -> int:
    """Count the calls that stand before this one, with no phone ringing, for whoever is freed."""
    rung, before = call.ladder[call.rung], 0
    for other in state.calls.values():
        if other.state == "searching" and not other.offers and other.place < call.place:
            asked = other.ladder[other.rung]
            before += any(
                fits(one, asked) and fits(one, rung)
                for one in state.listeners.values()
                if one.duty == "on"
            )
    return before
