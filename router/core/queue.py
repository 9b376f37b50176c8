"""The calls that want somebody rung, by what they ask for, each in its order."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from router.core.call import Call
from router.core.matching import serves
from router.core.policy import Profile, Skills

Place = tuple[tuple[bool, float, int], str]


def wants_ring(call: Call) -> bool:
    """Say whether one more phone may ring for this call."""
    return call.state == "searching" and len(call.offers) < call.line.ladder[call.rung].ring_at_once


class Queue:
    """Calls that want a ring; a listener who becomes free finds the first that they serve."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._asking: dict[Profile, list[Place]] = {}
        self._where: dict[str, tuple[Profile, Place]] = {}
        for call in calls:
            self.place(call)

    def place(self, call: Call) -> None:
        """Put a call where it belongs now, or take it out if it wants no ring."""
        if not wants_ring(call):
            self.drop(call)
            return
        wanted = asked, place = call.line.ladder[call.rung].profile, (call.place, call.name)
        if self._where.get(call.name) != wanted:
            self.drop(call)
            insort(self._asking.setdefault(asked, []), place)
            self._where[call.name] = wanted

    def drop(self, call: Call) -> None:
        """Take a call out, if it is there."""
        old = self._where.pop(call.name, None)
        if old is not None:
            asked, place = old
            places = self._asking[asked]
            del places[bisect_left(places, place)]
            if not places:
                del self._asking[asked]

    def first_for(self, skills: Skills) -> str | None:
        """Give the call that somebody with these skills is to be offered, if there is one."""
        if not self._asking:
            return None
        heads = [
            places[0]
            for asked, places in self._asking.items()
            if places and serves(skills, dict(asked))
        ]
        return min(heads)[1] if heads else None
