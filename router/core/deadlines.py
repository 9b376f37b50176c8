"""What is due when. Each call, offer and listener has at most one deadline, kept in itself."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush
from math import inf
from typing import Literal, Protocol

Kind = Literal["call", "listener", "offer"]
Due = tuple[float, Kind, str]


class Holder(Protocol):
    """What can be due."""

    name: str
    deadline: float | None


class Deadlines:
    """A heap of deadlines. One that was moved stays in it and is passed over when it comes up."""

    def __init__(self, holders: Mapping[Kind, Mapping[str, Holder]]) -> None:
        self._holders = holders
        self._heap: list[Due] = []
        for kind, held in holders.items():
            for holder in held.values():
                if holder.deadline is not None:
                    self.add(holder.deadline, kind, holder.name)

    def add(self, at: float, kind: Kind, name: str) -> None:
        """Note that something is due at this epoch second; at infinity is never."""
        if at < inf:
            heappush(self._heap, (at, kind, name))

    def first(self) -> Due | None:
        """Give what is due first."""
        heap, holders = self._heap, self._holders
        while heap:
            at, kind, name = heap[0]
            holder = holders[kind].get(name)
            if holder is not None and holder.deadline == at:
                return heap[0]
            heappop(heap)
        return None

    def drop_first(self) -> None:
        """Take out what is due first."""
        heappop(self._heap)
