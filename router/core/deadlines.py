"""What is due when. Each call, offer and listener has at most one deadline, kept in itself."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Literal

Kind = Literal["call", "listener", "offer"]
Due = tuple[float, Kind, str]


class Deadlines:
    """A heap of deadlines. One that was moved stays in it and is passed over when it comes up."""

    def __init__(self) -> None:
        self._heap: list[Due] = []

    def add(self, at: float, kind: Kind, name: str) -> None:
        """Note that something is due at this epoch second."""
        heappush(self._heap, (at, kind, name))

    def first(self) -> Due | None:
        """Give what is due first, which may have been moved since."""
        return self._heap[0] if self._heap else None

    def drop_first(self) -> None:
        """Take out what is due first."""
        heappop(self._heap)
