"""The same phones and callers on two stages: the testbed's Asterisk, and the emulated PBX."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from simulations.pbx import people
from simulations.pbx.leg import Leg
from simulations.pbx.people import Caller, MenuCaller, Ring
from simulations.pbx.server import EmulatedPbx
from simulations.pbx.site import Site
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Account, Ami
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm
from tests.testbed.rest import at_rest

FALLBACK_PHONE = "0199000091"
LINE_NUMBER, LINE = "0805232336", "health"
MENU_NUMBER = "0199000009"
WORDS_SECONDS = 20.0

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
    "calls0111": (behaviour.answers(), people.answers()),
    "calls0112": (behaviour.answers(), people.answers()),
    "unseen0115": (behaviour.answers(), people.answers()),
    "unseen0116": (behaviour.answers(), people.answers()),
    "0639980117": (behaviour.is_called_back(), people.answers()),
    "0639980113": (behaviour.is_called_back(), people.answers()),
    "0639980114": (behaviour.is_called_back(key="2"), people.presses("2")),
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

    async def call_menu(self, number: str) -> str:
        """Let a listener dial the menu; gives what `key` and `hang_up` want."""

    async def key(self, caller: str, words: str, keys: str) -> None:
        """Let this caller key this once these words of the menu are said the next time."""

    async def press(self, caller: str, keys: str) -> None:
        """Let this caller press keys now."""

    async def hears(self, caller: str) -> None:
        """Wait until this caller, in a talk, and the other hear each other."""

    async def hang_up(self, caller: str) -> None:
        """Let this caller hang up."""

    async def rests(self, leg: str) -> None:
        """Wait until this leg is where it stays: how far it is just after an event is by chance."""


@dataclass
class RealStage:
    bed: Testbed
    farm: Farm
    watch: Ami
    """Our Asterisk's session that sees each step of the dialplan."""
    heard: dict[str, int] = field(default_factory=dict)
    """How many of its events there were when this caller keyed something."""

    @property
    def account(self) -> Account:
        return self.bed.pbx.manager

    async def call(self, number: str) -> str:
        return await self.farm.call(LINE_NUMBER, number)

    async def call_menu(self, number: str) -> str:
        return await self.farm.call(MENU_NUMBER, number)

    async def key(self, caller: str, words: str, keys: str) -> None:
        await self.watch.wait_for(
            lambda event: event["Event"] == "Newexten" and f"decroche/{words}," in event["AppData"],
            WORDS_SECONDS,
            since=self.heard.get(caller, 0),
        )
        self.heard[caller] = len(self.watch.events)
        await self.farm.press(caller, keys)

    async def press(self, caller: str, keys: str) -> None:
        await self.farm.press(caller, keys)

    async def hears(self, caller: str) -> None:
        await self.farm.heard(caller, WORDS_SECONDS)

    async def hang_up(self, caller: str) -> None:
        await self.farm.hang_up(caller)

    async def rests(self, leg: str) -> None:
        await at_rest(self.watch, leg)


class EmulatedStage:
    def __init__(self, pbx: EmulatedPbx, account: Account) -> None:
        self.account = account
        self._pbx = pbx
        self._legs: dict[str, Leg] = {}

    async def call(self, number: str) -> str:
        leg = self._pbx.phones.call(Caller(number, LINE))
        self._legs[leg.uniqueid] = leg
        return leg.uniqueid

    async def call_menu(self, number: str) -> str:
        leg = self._pbx.phones.call_menu(MenuCaller(number, ()))
        leg.on_read = lambda: None
        self._legs[leg.uniqueid] = leg
        return leg.uniqueid

    async def key(self, caller: str, words: str, keys: str) -> None:  # noqa: ARG002 - read in turn
        self._legs[caller].press(keys.removesuffix("#"))

    async def press(self, caller: str, keys: str) -> None:
        for entry in re.findall(r"[*#]|[0-9]+#?", keys):
            self._legs[caller].press(entry.removesuffix("#") or entry)

    async def hears(self, caller: str) -> None:
        """Wait for nothing: here nobody speaks."""

    async def rests(self, leg: str) -> None:
        """Wait for nothing: here no step takes time but those in which a leg stays."""

    async def hang_up(self, caller: str) -> None:
        self._pbx.exchange.hang_up(self._legs[caller])


@asynccontextmanager
async def real_stage(bed: Testbed) -> AsyncIterator[RealStage]:
    """Set the farm's phones."""
    async with bed.farm() as farm, bed.watch() as watch:
        for name, (how, _) in PHONES.items():
            await farm.listener(name, how)
        yield RealStage(bed, farm, watch)


@asynccontextmanager
async def emulated_stage() -> AsyncIterator[EmulatedStage]:
    """Bring up an emulated PBX with the same phones."""
    phones = {name: _always(ring) for name, (_, ring) in PHONES.items()}
    site = Site("decroche", "ami-secret", "dialplan-secret", phones, (FALLBACK_PHONE,))
    async with EmulatedPbx(site) as pbx:
        yield EmulatedStage(pbx, Account(pbx.port, site.username, site.ami_secret))


def _always(ring: Ring) -> Callable[[], Ring]:
    return lambda: ring
