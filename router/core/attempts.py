"""What follows an attempt to call back that has reached nobody: when there is another, or none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from router.core.floor import Floor
from router.core.promise import Promise
from router.core.promise_events import CallBackEnd
from router.core.promises import allowed, end_search, report, rules_of, take_step

FREE_WHEN_BUSY: Final = 3
"""So many rings in a row that end busy use up no attempt, each after twice the pause of the one
before. Who presses a ring away on a mobile is told as busy too: they may not be alone, and are not
to be rung minute by minute."""


def attempt_over(floor: Floor, promise: Promise, how: CallBackEnd, now: float) -> None:
    """Plan the next attempt after one that reached nobody; used up, it is a senior's."""
    end_search(floor, promise, now)
    promise.leg = None
    rules = rules_of(floor.line(promise.line))
    tries, busy_before = rules.again_seconds, _busy_in_a_row(promise)
    if how == "busy" and busy_before < FREE_WHEN_BUSY and now < promise.due_by:
        # They are there, and there is time.
        promise.attempts -= 1
        again_seconds = rules.busy_again_seconds * 2**busy_before
    elif tries and promise.attempts <= len(tries):
        again_seconds = tries[max(0, promise.attempts - 1)]
    else:
        leave_to_seniors(floor, promise, how, now)
        return
    take_step(promise, "not_reached", now, how)
    floor.due_promise(promise, allowed(floor, promise, now + again_seconds))
    report(floor, promise, "not_reached", now)


def leave_to_seniors(floor: Floor, promise: Promise, why: str, now: float) -> None:
    """Try no more: a senior sees to it by hand."""
    take_step(promise, "used_up", now, why)
    report(floor, promise, "with_seniors", now)


def _busy_in_a_row(promise: Promise) -> int:
    return sum(1 for _ in takewhile(lambda how: how == "busy", _ends_backwards(promise)))


def _ends_backwards(promise: Promise) -> Iterator[str]:
    for _, what, word in reversed(promise.history):
        if what in {"not_reached", "given_anew"}:
            yield word
