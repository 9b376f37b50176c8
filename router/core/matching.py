"""Who may take a call, and who is asked first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from router.core.listener import Activity, Duty, ListenerState
from router.core.policy import Policy, Skills

Refusal = Literal["off_duty", "paused", "ringing", "talking", "wrap_up", "resting", "lacks_skill"]
"""Why a listener is not asked."""

Profile = tuple[tuple[str, int], ...]
"""A listener's skills with levels, sorted: those who share it are alike to the engine."""

_BUSY: dict[Activity, Refusal] = {
    Activity.OFFERED: "ringing",
    Activity.TALKING: "talking",
    Activity.WRAP_UP: "wrap_up",
    Activity.RESTING: "resting",
}
_AWAY: dict[Duty, Refusal] = {Duty.OFF: "off_duty", Duty.PAUSED: "paused"}


def profile_of(skills: Skills) -> Profile:
    """Give the profile of a set of skills."""
    return tuple(sorted(skills.items()))


def serves(skills: Skills, asked: Skills) -> bool:
    """Say whether every skill asked is there at the level asked or above."""
    return all(skills.get(skill, 0) >= level for skill, level in asked.items())


def refusal(listener: ListenerState, asked: Skills) -> Refusal | None:
    """Say why a listener cannot be offered a call that asks for these skills; None if they can."""
    if listener.duty is not Duty.ON:
        return _AWAY[listener.duty]
    if listener.activity is not Activity.FREE:
        return _BUSY[listener.activity]
    if not serves(listener.skills, asked):
        return "lacks_skill"
    return None


def flexibility(skills: Skills, policy: Policy) -> tuple[int, int]:
    """Measure how many kinds of call somebody could take; the least flexible is asked first.

    The number of lines whose first rung they serve, then the sum of their levels: those who can do
    little else are used first, and rare skills are kept for those who need them.
    """
    lines = sum(serves(skills, line.ladder[0].skills) for line in policy.lines.values())
    return lines, sum(skills.values())


class Bench:
    """The listeners who are available, by profile, each profile's longest idle first."""

    def __init__(self, policy: Policy, listeners: Iterable[ListenerState]) -> None:
        self._policy = policy
        self._seats: dict[Profile, dict[str, ListenerState]] = {}
        self._serving: dict[Profile, list[tuple[tuple[int, int], Profile]]] = {}
        for listener in sorted(listeners, key=lambda one: one.idle_order):
            self.seat(listener)

    def seat(self, listener: ListenerState) -> None:
        """Put a listener on the bench, or take them off, as their state says.

        Whoever becomes available must have just been given the highest idle order.
        """
        profile = profile_of(listener.skills)
        seats = self._seats.get(profile)
        if seats is None:
            seats = self._seats[profile] = {}
            self._serving.clear()
        if not listener.available:
            seats.pop(listener.name, None)
        elif listener.name not in seats:
            seats[listener.name] = listener

    def best(self, asked: Skills) -> ListenerState | None:
        """Give the least flexible available listener who serves, the longest idle among equals."""
        chosen: ListenerState | None = None
        chosen_flexibility: tuple[int, int] | None = None
        for how_flexible, profile in self._profiles_serving(asked):
            if chosen_flexibility is not None and how_flexible > chosen_flexibility:
                break
            head = next(iter(self._seats[profile].values()), None)
            if head is None:
                continue
            if chosen is None or head.idle_order < chosen.idle_order:
                chosen, chosen_flexibility = head, how_flexible
        return chosen

    def rank(self, listener: ListenerState) -> tuple[tuple[int, int], int]:
        """Give the order in which `best` chooses among those who serve: the smallest first."""
        return flexibility(listener.skills, self._policy), listener.idle_order

    def _profiles_serving(self, asked: Skills) -> list[tuple[tuple[int, int], Profile]]:
        key = profile_of(asked)
        serving = self._serving.get(key)
        if serving is None:
            serving = self._serving[key] = sorted(
                (flexibility(dict(profile), self._policy), profile)
                for profile in self._seats
                if serves(dict(profile), asked)
            )
        return serving
