"""Who may take a call, and who is asked first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


Kind = tuple[Profile, str]
"""Skills and pool, which change with the rules only: then the bench is made anew."""

Seat = tuple[Profile, str, int]
"""Who is alike on the bench: same skills, same pool, and as reluctantly asked."""

Rank = tuple[int, tuple[int, int], int]
"""Reluctance, flexibility, and since when idle, in the order of becoming so."""

Turn = tuple[int, tuple[int, int], Seat]
"""Reluctance, flexibility: the order in which the seats that serve are looked at."""


class Bench:
    """The listeners who are available, by seat, each seat's longest idle first."""

    def __init__(self, policy: Policy, listeners: Iterable[ListenerState]) -> None:
        self._policy = policy
        self._seats: dict[Seat, dict[str, ListenerState]] = {}
        self._seat_of: dict[str, Seat] = {}
        """Of those who are on the bench now."""
        self._serving: dict[Asked, list[Turn]] = {}
        self._kind_of: dict[str, Kind] = {}
        self._on_duty: dict[Kind, set[str]] = {}
        for listener in sorted(listeners, key=lambda one: one.idle_order):
            self.seat(listener)

    def seat(self, listener: ListenerState) -> None:
        """Put a listener on the bench, or take them off, as their state says.

        Whoever becomes available must have just been given the highest idle order.
        """
        name, seat = listener.name, self._seat_of.get(listener.name)
        kind = self._kind_of.get(name) or self._introduce(listener)
        if listener.duty == "on":
            self._on_duty[kind].add(name)
        else:
            self._on_duty[kind].discard(name)
        if not listener.available:
            if seat is not None:
                del self._seats[seat][name]
                del self._seat_of[name]
        elif seat is None:
            seat = (*kind, listener.reluctance)
            if seat not in self._seats:
                self._seats[seat] = {}
                self._serving.clear()
            self._seats[seat][name] = listener
            self._seat_of[name] = seat

    def best_for(self, rung: Rung) -> ListenerState | None:
        """Give whom to ask: the least reluctant, the least flexible, then the longest idle."""
        chosen: ListenerState | None = None
        chosen_turn: tuple[int, tuple[int, int]] | None = None
        for reluctance, how_flexible, seat in self._seats_serving(rung):
            turn = (reluctance, how_flexible)
            if chosen_turn is not None and turn > chosen_turn:
                break
            head = next(iter(self._seats[seat].values()), None)
            if head is not None and (chosen is None or head.idle_order < chosen.idle_order):
                chosen, chosen_turn = head, turn
        return chosen

    def free_for(self, rung: Rung) -> Iterator[ListenerState]:
        """Give everybody who may be asked, in no order."""
        for _, _, seat in self._seats_serving(rung):
            yield from self._seats[seat].values()

    def rank(self, listener: ListenerState) -> Rank:
        """Give the order in which `best_for` chooses among those who fit: the smallest first."""
        how_flexible = flexibility(listener.skills, self._policy)
        return listener.reluctance, how_flexible, listener.idle_order

    def has_on_duty(self, rung: Rung) -> bool:
        """Say whether anybody on duty could be asked on this rung, busy or not."""
        return any(
            names and (not rung.pools or pool in rung.pools) and serves(dict(profile), rung.skills)
            for (profile, pool), names in self._on_duty.items()
        )

    def _introduce(self, listener: ListenerState) -> Kind:
        kind = (profile_of(listener.skills), listener.pool)
        self._kind_of[listener.name] = kind
        self._on_duty.setdefault(kind, set())
        return kind

    def _seats_serving(self, rung: Rung) -> list[Turn]:
        serving = self._serving.get(rung.asked)
        if serving is None:
            serving = self._serving[rung.asked] = sorted(
                (seat[2], flexibility(dict(seat[0]), self._policy), seat)
                for seat in self._seats
                if (not rung.pools or seat[1] in rung.pools) and serves(dict(seat[0]), rung.skills)
            )
        return serving
