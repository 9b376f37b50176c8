"""A listener's own menu by phone, as `dialplans/menu.conf` has it."""

from __future__ import annotations

from router.ami import contract
from router.ami.contract import Seal
from simulations.pbx.exchange import Exchange
from simulations.pbx.leg import UP, Leg, Place, Step
from simulations.pbx.words import SECONDS, play

MENU: Place = (contract.MENU_CONTEXT, "s")
CHOICE: Place = (contract.MENU_CONTEXT, "choice")
GOODBYE: Place = (contract.MENU_CONTEXT, "goodbye")

LONGEST_CALL_SECONDS = 300.0
READ_SECONDS = 8.0
"""For a number or a PIN, from the last word on."""
CHOICE_SECONDS = 5.0
CHOICE_TIMES = 3
"""How often the choices are said before nobody is thought to be there."""
MOST_TRIES = 3
ANSWER_SECONDS = 4.0
CHOICES = {"1": "ready", "2": "pause", "3": "off"}


class Menu:
    """The extensions of the menu's context."""

    def __init__(self, exchange: Exchange, seal: Seal) -> None:
        self._exchange = exchange
        self._seal = seal
        steps: dict[str, Step] = {
            "s": self._begin,
            "choice": self._choose,
            "ask": self._ask,
            "refused": self._refuse,
            "goodbye": self._say_goodbye,
            **{name: _say(name) for name in ("ready", "paused", "off", "unavailable")},
        }
        self.extensions = {(contract.MENU_CONTEXT, name): step for name, step in steps.items()}

    async def _begin(self, leg: Leg) -> Place:
        self._exchange.change_state(leg, UP)
        leg.in_time(LONGEST_CALL_SECONDS, lambda: self._exchange.hang_up(leg))
        return await self._who(leg)

    async def _who(self, leg: Leg) -> Place:
        tries = int(leg.variables.get("TRIES", "0")) + 1
        leg.variables["TRIES"] = str(tries)
        if tries > MOST_TRIES:
            return GOODBYE
        leg.priority = 8
        leg.variables["NUMBER"] = await _read(leg, "NUMBER", "menu-number,12,,1,8", READ_SECONDS)
        leg.priority = 9
        leg.variables["PIN"] = await _read(leg, "PIN", "menu-pin,8,,1,8", READ_SECONDS)
        return CHOICE

    async def _choose(self, leg: Leg) -> Place:
        key = await _read(leg, "KEY", "menu-choice,1,,3,5", CHOICE_SECONDS, CHOICE_TIMES)
        if key not in CHOICES:
            return CHOICE if key else GOODBYE
        leg.variables["CHOICE"] = CHOICES[key]
        return (contract.MENU_CONTEXT, "ask")

    async def _ask(self, leg: Leg) -> Place:
        keyed = [(name.capitalize(), leg.variables[name]) for name in ("PIN", "CHOICE")]
        said = [("Listener", leg.variables["NUMBER"]), *keyed]
        who = [("Token", self._seal.token(leg.uniqueid)), ("Call", leg.uniqueid)]
        self._exchange.user_event(leg, "DecrocheMenu", [*who, *said, ("Orientation", "")])
        leg.priority = 2
        leg.run("Wait", "4")
        await leg.rest(ANSWER_SECONDS)
        return (contract.MENU_CONTEXT, "unavailable")

    async def _refuse(self, leg: Leg) -> Place:
        await play(leg, "menu-refused")
        leg.at(*MENU, 6)
        return await self._who(leg)

    async def _say_goodbye(self, leg: Leg) -> None:
        await play(leg, "goodbye")
        leg.priority = 2


def _say(name: str) -> Step:
    async def say(leg: Leg) -> Place:
        await play(leg, f"menu-{name}")
        return CHOICE

    return say


async def _read(leg: Leg, variable: str, how: str, seconds: float, times: int = 1) -> str:
    leg.run("Read", f"DECROCHE_{variable},decroche/{how}")
    words = how.partition(",")[0]
    return await leg.read(times * (SECONDS[words] + seconds))
