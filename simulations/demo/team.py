"""Made listeners: what they can do, and how each treats a ringing phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from simulations.pbx import people
from simulations.pbx.people import Manner, Ring

MISSED_SHARE, DECLINED_SHARE = 0.05, 0.05
"""Of the rings of a usual listener."""
PICKED_UP_AFTER_SECONDS = (1.0, 3.0)


@dataclass(frozen=True)
class Listener:
    """A made listener; the name is also that of the phone."""

    name: str
    skills: dict[str, int]
    manner: Manner
    has_app: bool = False
    """Picks up, and does the rest on it."""


def demo_team(chance: Random, with_apps: Iterable[str] = ()) -> list[Listener]:
    """Make twelve listeners of two skills, three of whom never take a call.

    One of these lets it ring, one has a machine that picks up, and one is in another call.
    """
    usual, by_app = _usual(chance), _by_app(chance)
    names = ("anne", "bruno", "chloe", "denis", "emilie", "farid")
    others = ("gaelle", "hugo", "ines", "jules", "karim", "lea")
    strange: dict[str, Ring] = {
        "denis": people.NEVER,
        "hugo": people.voicemail(after_seconds=3.0),
        "karim": people.BUSY,
    }
    health, police = {"health": 3, "police": 1}, {"police": 3, "health": 1}
    manners = dict.fromkeys(with_apps, by_app) | {
        name: _always(ring) for name, ring in strange.items()
    }
    return [
        Listener(name, skills, manners.get(name, usual), name in with_apps)
        for skills, some in ((health, names), (police, others))
        for name in some
    ]


def load_team(count: int, chance: Random) -> list[Listener]:
    """Make so many listeners who all can do the same, and pick up within half a second."""

    def ring() -> Ring:
        return people.answers(chance.uniform(0.1, 0.5), chance.uniform(0.1, 0.4))

    return [Listener(f"l{number:05}", {"health": 3}, ring) for number in range(count)]


def _usual(chance: Random) -> Manner:
    """Make somebody who now and then does not hear the phone, or declines a call."""

    def ring() -> Ring:
        if chance.random() < MISSED_SHARE:
            return people.NEVER
        after_seconds = chance.uniform(*PICKED_UP_AFTER_SECONDS)
        if chance.random() < DECLINED_SHARE:
            return people.presses("2", after_seconds)
        return people.answers(after_seconds, chance.uniform(0.8, 1.8))

    return ring


def _by_app(chance: Random) -> Manner:
    """Make somebody who now and then does not hear the phone, and presses nothing on it."""

    def ring() -> Ring:
        if chance.random() < MISSED_SHARE:
            return people.NEVER
        return Ring(picks_up_after_seconds=chance.uniform(*PICKED_UP_AFTER_SECONDS))

    return ring


def _always(ring: Ring) -> Manner:
    return lambda: ring
