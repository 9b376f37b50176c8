"""The listeners' phones on the farm: each ring is answered as the simulator would have it drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from simulations.scenario import Scenario
from simulations.world.fallback import FallbackGroup
from simulations.world.listeners import Answer, Home, homes
from simulations.world.streams import stream
from tests.testbed import behaviour
from tests.testbed.ami import Message
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

FALLBACK_PHONE = "0199000091"
HOUR = 0
"""A play is over within the first hour of the day."""

KEY_SECONDS = 0.12
"""A key counts as it is let go, so long after it is pressed on the farm."""

EVERYBODY_FREE = 1_000
"""So many people in the fallback group that one is always free: who is busy is known here."""


@dataclass
class _Phone:
    draw: Callable[[], Behaviour]
    following: Behaviour
    """What the next ring meets."""
    takes_one: bool = False
    """Whoever is about to take a call is busy for others; the engine keeps listeners so itself."""
    channel: str = ""
    """The farm's channel of the last ring."""
    held_by: str = ""
    """Of a phone that takes one: the channel that has it."""


class Phones:
    """Sets each phone anew as soon as it has rung."""

    def __init__(self, farm: Farm, scenario: Scenario, seed: int) -> None:
        self._farm = farm
        self.homes = homes(scenario, seed)
        many = replace(scenario.fallback, people=EVERYBODY_FREE)
        group = FallbackGroup(many, stream(seed, "fallback"))
        draws: dict[str, Callable[[], Behaviour]] = {
            name: _listener(home) for name, home in self.homes.items()
        }
        draws[FALLBACK_PHONE] = lambda: _member(*group.ring())
        self._phones = {name: _Phone(draw, draw()) for name, draw in draws.items()}
        self._phones[FALLBACK_PHONE].takes_one = True

    async def open(self) -> None:
        """Tell the farm how each phone's first ring is treated."""
        for name in self._phones:
            await self._tell(name)

    async def follow(self, event: Message) -> None:
        """Take what the farm tells."""
        if event["UserEvent"] == "ListenerRang":
            await self._rang(event["Listener"], event["Channel"])
        elif event["UserEvent"] == "ListenerLeft":
            await self._left(event["Listener"], event["Channel"])

    async def end(self, listener: str, cause: int) -> None:
        """Let this listener hang up in the middle of a talk, or the line fail."""
        channel = self._phones[listener].channel
        await self._farm.ami.send("Hangup", Channel=channel, Cause=str(cause))

    async def _rang(self, name: str, channel: str) -> None:
        phone = self._phones[name]
        phone.channel = channel
        if phone.takes_one and not phone.held_by and phone.following.kind == "human":
            phone.held_by = channel
        phone.following = phone.draw()
        await self._tell(name)

    async def _left(self, name: str, channel: str) -> None:
        phone = self._phones[name]
        if phone.held_by == channel:
            phone.held_by = ""
            await self._tell(name)

    async def _tell(self, name: str) -> None:
        phone = self._phones[name]
        await self._farm.listener(name, behaviour.busy() if phone.held_by else phone.following)


def _listener(home: Home) -> Callable[[], Behaviour]:
    return lambda: _treats(home.answer(HOUR))


def _treats(answer: Answer) -> Behaviour:
    match answer.how:
        case "human":
            key_after_seconds = max(0.0, answer.key_seconds - KEY_SECONDS)
            return behaviour.takes(answer.after_seconds, key_after_seconds)
        case "declines":
            return behaviour.rejects(answer.after_seconds)
        case "voicemail":
            return behaviour.voicemail(answer.after_seconds)
        case "nobody":
            return behaviour.never()


def _member(seconds: float, answers: bool) -> Behaviour:  # noqa: FBT001 - as the group draws it
    half_seconds = seconds / 2
    return (
        behaviour.takes(half_seconds, half_seconds - KEY_SECONDS) if answers else behaviour.never()
    )
