"""What is due when. Each call, offer and listener has at most one deadline, kept in itself."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from math import inf
from typing import Final, Literal, Protocol

Kind = Literal["call", "listener", "offer", "promise"]
Due = tuple[float, Kind, str]


LEAST_TIDIED: Final = 512
"""So few are not worth the work of looking which of them still hold."""


class Holder(Protocol):
    """What can be due."""

    name: str
    deadline: float | None


class Deadlines:
    """A heap of deadlines. One that was moved stays in it and is passed over when it comes up."""

    def __init__(self, holders: Mapping[Kind, Mapping[str, Holder]]) -> None:
        self._holders = holders
        self._heap: list[Due] = []
        self._tidy_at = LEAST_TIDIED
        for kind, held in holders.items():
            for holder in held.values():
                if holder.deadline is not None:
                    self.add(holder.deadline, kind, holder.name)

    def add(self, at: float, kind: Kind, name: str) -> None:
        """Note that something is due at this epoch second; at infinity is never."""
        if at < inf:
            heap = self._heap
            heappush(heap, (at, kind, name))
            if len(heap) > self._tidy_at:
                self._tidy()

    def first(self) -> Due | None:
        """Give what is due first."""
        heap = self._heap
        while heap:
            if self._holds(heap[0]):
                return heap[0]
            heappop(heap)
        return None

    def take(self, now: float) -> Due | None:
        """Take out what is due first, if that is by now."""
        heap, holders = self._heap, self._holders
        while heap and heap[0][0] <= now:
            at, kind, name = due = heappop(heap)
            holder = holders[kind].get(name)
            if holder is not None and holder.deadline == at:
                return due
        return None

    def _tidy(self) -> None:
        """Take out all that was moved, so that the heap stays as small as what is to come."""
        self._heap = [due for due in self._heap if self._holds(due)]
        heapify(self._heap)
        self._tidy_at = max(LEAST_TIDIED, 2 * len(self._heap))

    def _holds(self, due: Due) -> bool:
        at, kind, name = due
        holder = self._holders[kind].get(name)
        return holder is not None and holder.deadline == at
