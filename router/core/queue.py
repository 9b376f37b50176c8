"""The calls that want somebody rung, by what they ask for, each in its order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from router.core.call import Call, Place
from router.core.listener import ListenerState
from router.core.matching import Bench, fits
from router.core.policy import Asked, Rung

Standing = tuple[Place, str]


class Queue:
    """Calls that want a ring; whoever becomes free is offered the first that they serve."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._asking: dict[Asked, list[Standing]] = {}
        self._rungs: dict[Asked, Rung] = {}
        """One rung for each thing that is asked: those that ask for the same are alike here."""
        self._where: dict[str, tuple[Asked, Standing]] = {}
        for call in calls:
            self.place(call)

    def place(self, call: Call) -> None:
        """Put a call where it belongs now, or take it out if it wants no ring."""
        if not call.wants_ring:
            self.drop(call)
            return
        rung = call.ladder[call.rung]
        wanted = asked, standing = rung.asked, (call.place, call.name)
        if self._where.get(call.name) != wanted:
            self.drop(call)
            insort(self._asking.setdefault(asked, []), standing)
            self._rungs[asked] = rung
            self._where[call.name] = wanted

    def drop(self, call: Call) -> None:
        """Take a call out, if it is there."""
        old = self._where.pop(call.name, None)
        if old is not None:
            asked, standing = old
            waiting = self._asking[asked]
            del waiting[bisect_left(waiting, standing)]
            if not waiting:
                del self._asking[asked]
                del self._rungs[asked]

    def first_for(self, listener: ListenerState) -> str | None:
        """Give the first call in line of those that a listener serves."""
        return self._first([one for one, rung in self._rungs.items() if fits(listener, rung)])

    def first_for_any(self, bench: Bench) -> str | None:
        """Give the first call in line of those that somebody on the bench serves."""
        rungs = self._rungs.items()
        return self._first([one for one, rung in rungs if bench.best_for(rung) is not None])

    def _first(self, served: list[Asked]) -> str | None:
        heads = [self._asking[asked][0] for asked in served]
        return min(heads)[1] if heads else None
