"""Who can be reached for a call on a ladder: from when on, and how likely in time."""

from __future__ import annotations

from collections.abc import Sequence

from router.core.listener import ListenerState
from router.core.matching import fits
from router.core.policy import Line, Rung


def asked_after_seconds(listener: ListenerState, ladder: Sequence[Rung]) -> float | None:
    """Give after how long a wait a listener is asked at the latest; None: never.

    A rung that is taken before its time where somebody lacks is one that is reached at once.
    """
    waits = [0.0 if rung.when else rung.after_seconds for rung in ladder if fits(listener, rung)]
    return min(waits, default=None)


def chance_in_time(listener: ListenerState, line: Line, now: float) -> float:
    """Give the chance that a listener, were they free, took a call within the line's target."""
    after_seconds = asked_after_seconds(listener, line.ladder)
    if after_seconds is None:
        return 0.0
    in_time = listener.habit.taken_within(line.target_seconds - after_seconds)
    return listener.habit.chance(now) * in_time


def is_on_call(listener: ListenerState, line: Line) -> bool:
    """Say whether a later rung, and not the first, opens the pool of somebody who can take it."""
    first, *later = line.ladder
    return not fits(listener, first) and any(
        listener.pool in rung.pools and fits(listener, rung) for rung in later
    )
