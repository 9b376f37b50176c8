"""Erlang-A's guess: how many listeners an hour needs if it were a plain queue.

A listener is taken to be busy from the ring to the end of the wrap-up, and through the rings that
are not heard with the rest after each; the time that a ring takes to be answered goes off the
target. Theory knows nothing else of rings, of people who try again, or of the hours beside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from statistics import fmean

from msgspec import Struct

from simulations.oracle.erlang import erlang_a
from simulations.scenario import Scenario
from simulations.scenario.distribution import Distribution
from simulations.scenario.shape import Group, at_hour
from simulations.staff.target import Target

LEAST_PATIENCE_SECONDS = 1.0
"""Who waits for less is gone before any listener can be rung; theory divides by this."""


class Work(Struct, frozen=True):
    """What one call asks of a listener in an hour, on the average."""

    busy_seconds: float
    answer_seconds: float
    """From a ring that is heard to the accept key."""
    patience_seconds: float


def work(scenario: Scenario, lines: Sequence[str], group: Group, hour: int) -> Work | None:
    """Say what a call asks of a listener of a group; None if no ring is ever heard."""
    habits, care = group.pick_up, scenario.care
    heard = at_hour(habits.probability, hour) * (1.0 - habits.decline)
    if heard == 0.0:
        return None
    answer = mean_seconds(habits.after) * at_hour(habits.after_factor, hour)
    answer += mean_seconds(habits.key)
    missed = fmean(scenario.lines[line].ring_seconds for line in lines)
    missed += care.missed_rest_seconds[0]
    own_rest = 0.0 if group.wrap_up is None else mean_seconds(group.wrap_up)
    rest = max(own_rest, care.wrap_up_seconds) + scenario.leave_seconds
    talk = _of_callers(scenario, lines, "talk")
    return Work(
        busy_seconds=answer + talk + rest + (1.0 / heard - 1.0) * missed,
        answer_seconds=answer,
        patience_seconds=max(_of_callers(scenario, lines, "patience"), LEAST_PATIENCE_SECONDS),
    )


def guess(calls_an_hour: float, asked: Work | None, target: Target) -> int:
    """Give the least number that would do by theory; 1 where theory has nothing to say."""
    if calls_an_hour == 0.0:
        return 0
    if asked is None:
        return 1
    erlangs = calls_an_hour * asked.busy_seconds / 3600.0
    left_seconds = max(target.within_seconds - asked.answer_seconds, 0.0)

    def late(listeners: int) -> float:
        """Give the share of callers whose wait for a free listener is longer than that."""
        waits = erlang_a(listeners, erlangs, asked.busy_seconds, asked.patience_seconds).waits
        spare = max(listeners - erlangs, 0.0)
        return waits * exp(-spare * left_seconds / asked.busy_seconds)

    return _least(max(int(erlangs), 1), lambda listeners: late(listeners) <= 1.0 - target.share)


def mean_seconds(given: Distribution) -> float:
    """Give the mean of a length of time."""
    return fmean(given.seconds) if given.kind == "empirical" else given.mean_seconds or 0.0


def _least(first: int, does: Callable[[int], bool]) -> int:
    number = first
    while not does(number):
        number += 1
    return number


def _of_callers(scenario: Scenario, lines: Sequence[str], what: str) -> float:
    """Give the mean talk or patience of these lines' callers, by how much each is called."""
    weighed = []
    for line in lines:
        given = scenario.arrivals.get(line)
        own = getattr(given, what) if given is not None else None
        weight = fmean(given.calls_per_hour) if given is not None else 0.0
        weighed.append((weight, mean_seconds(own or getattr(scenario.callers, what))))
    whole = sum(weight for weight, _ in weighed)
    if whole == 0.0:
        return fmean(seconds for _, seconds in weighed)
    return sum(weight * seconds for weight, seconds in weighed) / whole
