"""Who may take a call, and who is asked first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, Literal

from router.core.listener import Activity, Duty, ListenerState
from router.core.policy import Asked, Policy, Profile, Rung, Skills, profile_of

Refusal = Literal[
    "off_duty", "paused", "ringing", "talking", "wrap_up", "resting", "pool_closed", "lacks_skill"
]
"""Why a listener is not asked."""

_BUSY: Final[dict[Activity, Refusal]] = {
    "offered": "ringing",
    "talking": "talking",
    "wrap_up": "wrap_up",
    "resting": "resting",
}
_AWAY: Final[dict[Duty, Refusal]] = {"off": "off_duty", "paused": "paused"}


def serves(skills: Skills, asked: Skills) -> bool:
    """Say whether every skill asked is there at the level asked or above."""
    for skill, level in asked.items():  # noqa: SIM110 - asked at each ring, and twice as fast
        if skills.get(skill, 0) < level:
            return False
    return True


def fits(listener: ListenerState, rung: Rung) -> bool:
    """Say whether a rung asks for this listener, whatever they are doing now."""
    return in_open_pool(listener, rung) and serves(listener.skills, rung.skills)


def in_open_pool(listener: ListenerState, rung: Rung) -> bool:
    """Say whether a rung opens this listener's pool."""
    return not rung.pools or listener.pool in rung.pools


def refusal(listener: ListenerState, rung: Rung) -> Refusal | None:
    """Say why a listener cannot be offered a call on this rung; None if they can."""
    if listener.duty != "on":
        return _AWAY[listener.duty]
    if listener.activity != "free":
        return _BUSY[listener.activity]
    if not in_open_pool(listener, rung):
        return "pool_closed"
    if not serves(listener.skills, rung.skills):
        return "lacks_skill"
    return None


def flexibility(skills: Skills, policy: Policy) -> tuple[int, int]:
    """Measure how many kinds of call somebody could take; the least flexible is asked first.

    The number of lines whose first rung they serve, then the sum of their levels: those who can do
    little else are used first, and rare skills are kept for those who need them.
    """
    lines = sum(serves(skills, line.ladder[0].skills) for line in policy.lines.values())
    return lines, sum(skills.values())


Rank = tuple[int, tuple[int, int], int]
"""Reluctance, flexibility, and since when idle, in the order of becoming so."""


@dataclass(slots=True)
class Row:
    """Listeners who are alike and as reluctantly asked, on the bench: the longest idle first."""

    turn: tuple[int, tuple[int, int]]
    """Reluctance and flexibility: the row with the smallest is asked first."""
    seated: dict[str, ListenerState] = field(default_factory=dict)


@dataclass(slots=True)
class Kind:
    """Listeners of the same skills and pool, who are alike to a rung."""

    skills: Skills
    pool: str
    on_duty: set[str] = field(default_factory=set)
    rows: dict[int, Row] = field(default_factory=dict)
    """By reluctance."""

    def serves(self, rung: Rung) -> bool:
        """Say whether a rung asks for them."""
        return (not rung.pools or self.pool in rung.pools) and serves(self.skills, rung.skills)


class Bench:
    """The listeners who are available, in rows of those who are alike."""

    def __init__(self, policy: Policy, listeners: Iterable[ListenerState]) -> None:
        self._policy = policy
        self._kinds: dict[tuple[Profile, str], Kind] = {}
        self._kind_of: dict[str, Kind] = {}
        """Skills and pool change with the rules only: then the bench is made anew."""
        self._row_of: dict[str, Row] = {}
        """Of those who are on the bench now."""
        self._serving: dict[Asked, list[Row]] = {}
        for listener in sorted(listeners, key=attrgetter("idle_order")):
            self.seat(listener)

    def seat(self, listener: ListenerState) -> None:
        """Put a listener on the bench, or take them off, as their state says.

        Whoever becomes available must have just been given the highest idle order.
        """
        name = listener.name
        kind, row = self._kind_of.get(name), self._row_of.get(name)
        if kind is None:
            kind = self._introduce(listener)
        if listener.duty == "on":
            kind.on_duty.add(name)
        else:
            kind.on_duty.discard(name)
        if not listener.available:
            if row is not None:
                del row.seated[name]
                del self._row_of[name]
        elif row is None or row.turn[0] != listener.reluctance:
            if row is not None:
                del row.seated[name]
            row = kind.rows.get(listener.reluctance)
            if row is None:
                row = self._add_row(kind, listener)
            row.seated[name] = listener
            self._row_of[name] = row

    def best_for(self, rung: Rung) -> ListenerState | None:
        """Give whom to ask: the least reluctant, the least flexible, then the longest idle."""
        if not self._row_of:
            return None
        chosen: ListenerState | None = None
        chosen_from: Row | None = None
        serving = self._serving.get(rung.asked)
        if serving is None:
            serving = self._serving[rung.asked] = self._rows_serving(rung)
        for row in serving:
            if not row.seated:
                continue
            if chosen_from is not None and row.turn > chosen_from.turn:
                break
            head = next(iter(row.seated.values()))
            if chosen is None or head.idle_order < chosen.idle_order:
                chosen, chosen_from = head, row
        return chosen

    def rank(self, listener: ListenerState) -> Rank:
        """Give the order in which `best_for` chooses among those who fit: the smallest first."""
        how_flexible = flexibility(listener.skills, self._policy)
        return listener.reluctance, how_flexible, listener.idle_order

    def has_on_duty(self, rung: Rung) -> bool:
        """Say whether anybody on duty could be asked on this rung, busy or not."""
        for kind in self._kinds.values():  # noqa: SIM110 - asked in each search, and twice as fast
            if kind.on_duty and kind.serves(rung):
                return True
        return False

    def _introduce(self, listener: ListenerState) -> Kind:
        alike = (profile_of(listener.skills), listener.pool)
        kind = self._kinds.get(alike)
        if kind is None:
            kind = self._kinds[alike] = Kind(listener.skills, listener.pool)
        self._kind_of[listener.name] = kind
        return kind

    def _add_row(self, kind: Kind, listener: ListenerState) -> Row:
        turn = (listener.reluctance, flexibility(kind.skills, self._policy))
        row = kind.rows[listener.reluctance] = Row(turn)
        self._serving.clear()
        return row

    def _rows_serving(self, rung: Rung) -> list[Row]:
        kinds = [kind for kind in self._kinds.values() if kind.serves(rung)]
        return sorted((row for kind in kinds for row in kind.rows.values()), key=attrgetter("turn"))
