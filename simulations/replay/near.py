"""What was nearest in time, and how it is carried over to another time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar


class Timed(Protocol):
    """Something that happened once."""

    @property
    def at(self) -> float:
        """When."""


TimedT = TypeVar("TimedT", bound=Timed)


def nearest(things: Sequence[TimedT], at: float) -> Iterator[TimedT]:
    """Give things that are sorted by time, the nearest first."""
    right = bisect_left(things, at, key=lambda one: one.at)
    left = right - 1
    while left >= 0 or right < len(things):
        ahead = things[right].at - at if right < len(things) else None
        behind = at - things[left].at if left >= 0 else None
        if behind is None or (ahead is not None and ahead <= behind):
            yield things[right]
            right += 1
        else:
            yield things[left]
            left -= 1


def alike(now: float, then: float, what: float) -> float:
    """Give when something happens that was to `then` as it is to `now`; exact where these agree."""
    return what if now == then else now + (what - then)
