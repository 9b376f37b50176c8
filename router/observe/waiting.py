"""Who waits, since when, and who is asked for them: of one meaning for figures and wallboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from router.core.call import Call, CallState
from router.core.matching import serves
from router.core.policy import EVERYBODY, Line, Profile

WAITING: Final[frozenset[CallState]] = frozenset({"searching", "connecting", "fallback"})

Kind = tuple[str, Profile]
"""The pool and the skills, in the config's order: these listeners are asked for the same calls."""


def callers_who_wait(calls: Iterable[Call]) -> list[Call]:
    """Give those who are on the line and hear nobody."""
    return [call for call in calls if call.state in WAITING and call.has_leg]


class Waits:
    """Remembers, from look to look, since when each caller waits: since a talk of theirs was cut.

    No consult and no wait before is told as one of now. Whose wait is seen first, after a talk, as
    they are being connected or with the fallback group, is taken to have begun to wait just then.
    """

    def __init__(self) -> None:
        self._since: dict[int, tuple[float, float]] = {}
        """By the callers' order of coming: for how long they had talked, and since when."""

    def look(self, callers: Iterable[Call], own_now: float) -> dict[int, float]:
        """Give since when each of those waits who wait now, by their order of coming."""
        before = self._since
        self._since = {
            call.entered: (call.talked_seconds, _waits_since(call, before, own_now))
            for call in callers
        }
        return {entered: since for entered, (_, since) in self._since.items()}


def _waits_since(call: Call, before: Mapping[int, tuple[float, float]], own_now: float) -> float:
    if call.answered_at is None:
        return call.arrived
    talked_before, since = before.get(call.entered, (None, own_now))
    if talked_before == call.talked_seconds:
        return since
    if call.state != "searching":
        return own_now
    return max(call.searching_since, call.answered_at + call.talked_seconds)


def is_asked(kind: Kind, line: Line) -> bool:
    """Say whether a line's ladder asks for such listeners, before it asks everybody."""
    pool, skills = kind[0], dict(kind[1])
    return any(
        rung.ring_at_once != EVERYBODY
        and (not rung.pools or pool in rung.pools)
        and serves(skills, rung.skills)
        for rung in line.ladder
    )
