"""Who may take a call, and who is asked first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from router.core.listener import Activity, Duty, ListenerState
from router.core.policy import Policy, Profile, Skills, profile_of

Refusal = Literal["off_duty", "paused", "ringing", "talking", "wrap_up", "resting", "lacks_skill"]
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


def refusal(listener: ListenerState, asked: Skills) -> Refusal | None:
    """Say why a listener cannot be offered a call that asks for these skills; None if they can."""
    if listener.duty != "on":
        return _AWAY[listener.duty]
    if listener.activity != "free":
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
        self._seats_of: dict[str, dict[str, ListenerState]] = {}
        """By listener: skills change only with the rules, and then the bench is made anew."""
        self._serving: dict[Profile, list[tuple[tuple[int, int], Profile]]] = {}
        for listener in sorted(listeners, key=lambda one: one.idle_order):
            self.seat(listener)

    def seat(self, listener: ListenerState) -> None:
        """Put a listener on the bench, or take them off, as their state says.

        Whoever becomes available must have just been given the highest idle order.
        """
        seats = self._seats_of.get(listener.name)
        if seats is None:
            seats = self._seats_of[listener.name] = self._seats_for(listener.skills)
        if not listener.available:
            seats.pop(listener.name, None)
        elif listener.name not in seats:
            seats[listener.name] = listener

    def best(self, asked: Skills) -> ListenerState | None:
        """Give the least flexible available listener who serves, the longest idle among equals."""
        return self.best_for(profile_of(asked))

    def best_for(self, asked: Profile) -> ListenerState | None:
        """Give the same where the profile of what is asked is known already."""
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

    def _seats_for(self, skills: Skills) -> dict[str, ListenerState]:
        profile = profile_of(skills)
        if profile not in self._seats:
            self._seats[profile] = {}
            self._serving.clear()
        return self._seats[profile]

    def _profiles_serving(self, asked: Profile) -> list[tuple[tuple[int, int], Profile]]:
        serving = self._serving.get(asked)
        if serving is None:
            serving = self._serving[asked] = sorted(
                (flexibility(dict(profile), self._policy), profile)
                for profile in self._seats
                if serves(dict(profile), dict(asked))
            )
        return serving
