"""When somebody may be rung who did not ask for it now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from router.core.policy import CallBack
from router.core.promise_events import PromiseOrigin

DAY_SECONDS: Final = 86_400.0

LEAST_SECONDS: Final = 1.0
"""Of hours that have not ended, where the clock is put forward over their end."""

AT_ANY_HOUR: Final[frozenset[PromiseOrigin]] = frozenset({"key", "crash", "listener"})
"""Who was on the line just now, or has agreed on a time: they are rung whatever the hour."""

UtcOffset = Callable[[float], float]
"""How far the site's clock is ahead of UTC at an epoch second, in seconds."""


def next_allowed(at: float, rules: CallBack, utc_offset: UtcOffset) -> float:
    """Give the first epoch second from this one on that lies within a line's call-back hours."""
    begins, ends = rules.hours_seconds
    of_day = (at + utc_offset(at)) % DAY_SECONDS
    if (of_day - begins) % DAY_SECONDS < (ends - begins) % DAY_SECONDS:
        return at
    return _next_at(begins, at, utc_offset)


def after_allowed(at: float, seconds: float, rules: CallBack, utc_offset: UtcOffset) -> float:
    """Give when so many seconds of a line's call-back hours have passed, from this one on.

    What is promised to nobody's ear at 21:50 for within an hour is due at 08:50.
    """
    begins, ends = rules.hours_seconds
    at = next_allowed(at, rules, utc_offset)
    while seconds > (left := left_of_hours(at, rules, utc_offset)) and begins != ends:
        seconds -= left
        at = next_allowed(at + left, rules, utc_offset)
    return at + seconds


def left_of_hours(at: float, rules: CallBack, utc_offset: UtcOffset) -> float:
    """Give in how many seconds the call-back hours end in which this one lies."""
    _, ends = rules.hours_seconds
    return max(_next_at(ends, at, utc_offset) - at, LEAST_SECONDS)


def terms(
    origin: PromiseOrigin, now: float, rules: CallBack, utc_offset: UtcOffset
) -> tuple[float, float]:
    """Give from when on somebody may be rung to whom a call is owed since now, and until when."""
    if origin in AT_ANY_HOUR:
        return now, now + rules.within_seconds
    not_before = next_allowed(now, rules, utc_offset)
    return not_before, after_allowed(now, rules.within_seconds, rules, utc_offset)


def _next_at(of_day: float, at: float, utc_offset: UtcOffset) -> float:
    """Give the epoch second at which the site's clock shows this next, be it changed before.

    A time that it leaps over is when it would have been without the change.
    """
    unchanged = at + (of_day - at - utc_offset(at)) % DAY_SECONDS
    changed = unchanged + utc_offset(at) - utc_offset(unchanged)
    return changed if utc_offset(changed) == utc_offset(unchanged) else unchanged
