"""Listeners who take a break now and then, and say so by phone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random

from simulations.demo.house import House
from simulations.pbx.people import MenuCaller
from simulations.pbx.phones import Phones

EVERY_SECONDS = 3.0
BREAK_SECONDS = 6.0
KEYED_AFTER_SECONDS = 0.3
"""They know the menu by heart."""
PAUSE, READY = "2", "1"


async def take_breaks(phones: Phones, house: House, names: Sequence[str], chance: Random) -> None:
    """Have one after the other dial the menu for a pause, and again to be ready."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        name = chance.choice(names)
        _say(phones, house, name, PAUSE)
        await asyncio.sleep(BREAK_SECONDS)
        _say(phones, house, name, READY)


def _say(phones: Phones, house: House, name: str, choice: str) -> None:
    keys = (*house.menu_keys(name), choice)
    phones.call_menu(MenuCaller("0639980199", keys, KEYED_AFTER_SECONDS))
