"""Virtual time: a heap of what is going to happen, and the instant that has been reached."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

Happening = tuple[float, int, Callable[..., None], tuple[Any, ...]]


class Clock:
    """Simulated seconds from 0. What is due at one instant happens in the order it was put in."""

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[Happening] = []
        self._put_in = 0

    def call_at(self, at: float, act: Callable[..., None], *args: object) -> None:
        """Have something happen at a second of the simulation; at once if that is over."""
        self._put_in += 1
        heappush(self._heap, (max(at, self.now), self._put_in, act, args))

    def call_in(self, seconds: float, act: Callable[..., None], *args: object) -> None:
        """Have something happen so many seconds from now."""
        self.call_at(self.now + seconds, act, *args)

    def next_at(self) -> float | None:
        """Give the second of what happens next; None if nothing does."""
        return self._heap[0][0] if self._heap else None

    def run_next(self) -> None:
        """Go to what happens next, and let it happen."""
        self.now, _, act, args = heappop(self._heap)
        act(*args)
