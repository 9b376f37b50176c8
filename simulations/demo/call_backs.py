"""Callers who would rather be called back than wait, and how they answer when they are."""

from __future__ import annotations

from random import Random

from simulations.pbx import people
from simulations.pbx.leg import Leg
from simulations.pbx.people import Manner, Ring

NUMBERS = tuple(f"06399800{number:02}" for number in range(100))

EVERY = 8
"""One caller of so many asks for it."""
KEY = "3"
KEYED_AFTER_SECONDS = 2.0
"""They have made up their mind before they call."""

RULES: dict[str, object] = {
    "within_seconds": 30.0,
    "urgent_seconds": 20.0,
    "yields_seconds": 2.0,
    "again_seconds": [5.0, 10.0],
    "hours": "00:00-23:59",
}
"""Of a line: soon, so that whoever looks on sees it."""

NOT_THERE_SHARE = 0.1
TALK_SECONDS = 4.0


def may_ask(leg: Leg, nth: int) -> None:
    """Have a caller who has just dialled, as the nth, press the key, if they are one who does."""
    if nth % EVERY == 0:
        leg.in_time(KEYED_AFTER_SECONDS, lambda: leg.press(KEY))


def callers_phones(chance: Random) -> dict[str, Manner]:
    """Give each caller's phone, by the name under which the trunk rings it."""

    def ring() -> Ring:
        if chance.random() < NOT_THERE_SHARE:
            return people.NEVER
        return people.talks_for(TALK_SECONDS, after_seconds=chance.uniform(1.0, 3.0))

    return {f"33{number.removeprefix('0')}": ring for number in NUMBERS}
