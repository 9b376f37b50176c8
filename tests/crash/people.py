"""Who lives in the world of one seed: listeners, callers, and how they treat their phones."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from simulations.pbx import people
from simulations.pbx.people import Manner, Ring
from tests.crash.hooks import BOUNDARIES
from tests.crash.life import Death

LINE: Final = "health"
ARRIVALS_SECONDS: Final = (10.0, 130.0)
"""From the beginning on: who was there as Asterisk started may have been cut off by its end."""

COMES_AGAIN_SECONDS: Final = (20.0, 300.0)
CALLED_BACK_PATIENCE_SECONDS: Final = 100.0
"""Of somebody who has pressed 1 and hears music."""

DEATHS: Final = (3, 6)
MOST_TIMES: Final = {
    "before translate": 90,
    "before append": 50,
    "after append": 50,
    "before command": 40,
    "before desk command": 40,
    "after dispatch": 90,
    "before action": 40,
    "after action": 40,
    "after bridge": 6,
    "before store write": 10,
    "after store write": 10,
    "before settle": 10,
}
"""How often a life comes to these, some of them; the others are seldom."""
TIMES: Final = 2
LIVES_SECONDS: Final = (25.0, 120.0)
"""Who has not come to where they die by then, dies all the same."""
DOWN_SECONDS: Final = (0.3, 4.0)
LONG_DOWN_SECONDS: Final = (4.0, 25.0)
LONG_DOWN_SHARE: Final = 0.2


@dataclass(frozen=True)
class PlannedCall:
    """One call of somebody's. Seconds count from its arrival, `at` from the world's beginning."""

    at_seconds: float
    patience_seconds: float
    talk_seconds: float
    key_after_seconds: tuple[float, ...] = ()
    """When they ask to be called back."""


@dataclass(frozen=True)
class Person:
    """Somebody with a telephone."""

    national: str
    calls: tuple[PlannedCall, ...]
    rings: tuple[Ring, ...]
    """How they treat each ring of a call-back; the last of these from then on."""

    @property
    def e164(self) -> str:
        """Give their number as it is dialled."""
        return f"+33{self.national[1:]}"

    @property
    def ever_answers(self) -> bool:
        """Whether one only has to ring them often enough."""
        return self.rings[-1].key == "1"


@dataclass(frozen=True)
class PlannedLife:
    """How a daemon ends, and for how long there is none then."""

    death: Death
    lives_seconds: float
    down_seconds: float


@dataclass(frozen=True)
class Plan:
    """All that is drawn beforehand."""

    persons: tuple[Person, ...]
    listeners: tuple[str, ...]
    lives: tuple[PlannedLife, ...]
    rules: dict[str, object]


def draw(chance: Random) -> Plan:
    """Draw a world."""
    numbers = chance.sample(range(10_000), chance.randint(6, 12))
    return Plan(
        persons=tuple(_person(f"063998{n:04}", chance) for n in numbers),
        listeners=tuple(("anne", "bruno", "chloe")[: chance.choice((1, 1, 2, 2, 3))]),
        lives=tuple(_life(chance) for _ in range(chance.randint(*DEATHS))),
        rules={
            "within_seconds": chance.choice((600.0, 1800.0)),
            "again_seconds": [chance.choice((10.0, 25.0, 40.0)) for _ in range(9)],
            "busy_again_seconds": 15.0,
            "ring_seconds": chance.choice((12.0, 20.0)),
            "yields_seconds": chance.choice((0.0, 30.0)),
            "urgent_seconds": chance.choice((60.0, 300.0)),
            "on_hang_up": chance.random() < 1 / 2,
            "hours": "00:00-23:59",
        },
    )


def manner_of_listener(chance: Random) -> Manner:
    """Give how a listener treats the phone, which is willing most of the time."""

    def ring() -> Ring:
        after, key_after = chance.uniform(0.5, 6.0), chance.uniform(0.3, 3.0)
        match chance.randrange(20):
            case 0:
                return people.NEVER
            case 1:
                return people.presses("2", after)
            case 2:
                return people.drops(chance.uniform(1.0, 8.0), after)
            case 3:
                return people.talks_for(chance.uniform(5.0, 20.0), after)
            case _:
                return people.answers(after, key_after)

    return ring


def manner_of_person(person: Person) -> Manner:
    """Give how somebody treats their phone, ring after ring."""
    rung = 0

    def ring() -> Ring:
        nonlocal rung
        rung += 1
        return person.rings[min(rung, len(person.rings)) - 1]

    return ring


def _person(national: str, chance: Random) -> Person:
    first = _call(chance.uniform(*ARRIVALS_SECONDS), chance)
    calls = [first]
    if chance.random() < 1 / 3:
        ended_at = first.at_seconds + first.patience_seconds + first.talk_seconds
        calls.append(_call(ended_at + chance.uniform(*COMES_AGAIN_SECONDS), chance))
    untaken = [_untaken(chance) for _ in range(chance.choice((0, 0, 0, 1, 1, 2)))]
    last = people.NEVER if chance.random() < 1 / 12 else _takes(chance)
    return Person(national, tuple(calls), (*untaken, last))


def _call(at_seconds: float, chance: Random) -> PlannedCall:
    keys: tuple[float, ...] = ()
    if chance.random() < 4 / 5:
        first = chance.uniform(1.0, 20.0)
        keys = (first, first + chance.uniform(1.0, 30.0)) if chance.random() < 1 / 5 else (first,)
    return PlannedCall(
        at_seconds=at_seconds,
        patience_seconds=chance.uniform(8.0, 120.0),
        talk_seconds=chance.uniform(4.0, 60.0),
        key_after_seconds=keys,
    )


def _untaken(chance: Random) -> Ring:
    after = chance.uniform(1.0, 8.0)
    choices = (
        people.NEVER,
        people.BUSY,
        people.REJECTS,
        people.UNREACHABLE,
        people.voicemail(after),
        people.presses("2", after),
        people.leaves(after),
    )
    return chance.choice(choices)


def _takes(chance: Random) -> Ring:
    return Ring(
        picks_up_after_seconds=chance.uniform(1.0, 9.0),
        key="1",
        key_after_seconds=chance.uniform(0.5, 9.0),
        leaves_after_seconds=CALLED_BACK_PATIENCE_SECONDS,
        talk_seconds=chance.uniform(4.0, 40.0),
    )


def _life(chance: Random) -> PlannedLife:
    where = chance.choice(BOUNDARIES)
    long = chance.random() < LONG_DOWN_SHARE
    return PlannedLife(
        death=Death(where, chance.randint(1, MOST_TIMES.get(where, TIMES))),
        lives_seconds=chance.uniform(*LIVES_SECONDS),
        down_seconds=chance.uniform(*(LONG_DOWN_SECONDS if long else DOWN_SECONDS)),
    )
