"""The same phones and callers on two stages: the testbed's Asterisk, and the emulated PBX."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from simulations.pbx import people
from simulations.pbx.leg import Leg
from simulations.pbx.people import Caller, Ring
from simulations.pbx.server import EmulatedPbx
from simulations.pbx.site import Site
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Account
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

FALLBACK_PHONE = "0199000091"
LINE_NUMBER, LINE = "0805232336", "health"

PHONES: dict[str, tuple[Behaviour, Ring]] = {
    "busy0101": (behaviour.busy(), people.BUSY),
    "rejects0102": (behaviour.rejects(), people.REJECTS),
    "never0103": (behaviour.never(), people.NEVER),
    "declines0104": (behaviour.presses("2"), people.presses("2")),
    "leaves0105": (behaviour.leaves(), people.leaves()),
    "machine0106": (behaviour.voicemail(), people.voicemail()),
    "answers0107": (behaviour.answers(), people.answers()),
    "drops0108": (behaviour.drops(0.5), people.drops(0.5)),
    "taken0109": (behaviour.answers(), people.answers()),
    "cut0110": (behaviour.answers(), people.answers()),
    FALLBACK_PHONE: (behaviour.answers(talk_seconds=0.5), people.talks_for(0.5)),
}
"""How each phone is treated on the testbed's farm, and by the emulated people."""


class Stage(Protocol):
    """Where a script is played."""

    @property
    def account(self) -> Account:
        """The daemon's account."""

    async def call(self, number: str) -> str:
        """Let somebody dial the line; gives what `hang_up` wants."""

    async def hang_up(self, caller: str) -> None:
        """Let this caller hang up."""


@dataclass
class RealStage:
    bed: Testbed
    farm: Farm

    @property
    def account(self) -> Account:
        return self.bed.pbx.manager

    async def call(self, number: str) -> str:
        return await self.farm.call(LINE_NUMBER, number)

    async def hang_up(self, caller: str) -> None:
        await self.farm.hang_up(caller)


class EmulatedStage:
    def __init__(self, pbx: EmulatedPbx, account: Account) -> None:
        self.account = account
        self._pbx = pbx
        self._legs: dict[str, Leg] = {}

    async def call(self, number: str) -> str:
        leg = self._pbx.phones.call(Caller(number, LINE))
        self._legs[leg.uniqueid] = leg
        return leg.uniqueid

    async def hang_up(self, caller: str) -> None:
        self._pbx.exchange.hang_up(self._legs[caller])


@asynccontextmanager
async def real_stage(bed: Testbed) -> AsyncIterator[RealStage]:
    """Set the farm's phones."""
    async with bed.farm() as farm:
        for name, (how, _) in PHONES.items():
            await farm.listener(name, how)
        yield RealStage(bed, farm)


@asynccontextmanager
async def emulated_stage() -> AsyncIterator[EmulatedStage]:
    """Bring up an emulated PBX with the same phones."""
    phones = {name: _always(ring) for name, (_, ring) in PHONES.items()}
    site = Site("decroche", "ami-secret", "dialplan-secret", phones, (FALLBACK_PHONE,))
    async with EmulatedPbx(site) as pbx:
        yield EmulatedStage(pbx, Account(pbx.port, site.username, site.ami_secret))


def _always(ring: Ring) -> Callable[[], Ring]:
    return lambda: ring
