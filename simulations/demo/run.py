"""The demo: bring everything up, let callers come, show it, and take it all down again."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from itertools import count
from random import Random
from typing import Any

from rich.console import Console

from simulations.demo import apps, call_backs
from simulations.demo.apps import App
from simulations.demo.beside import beside
from simulations.demo.breaks import take_breaks
from simulations.demo.broker import Broker, lacking
from simulations.demo.floor import Floor
from simulations.demo.house import House
from simulations.demo.live import Show
from simulations.demo.show import summary
from simulations.demo.team import Listener, demo_team
from simulations.demo.website import Website
from simulations.pbx import people
from simulations.pbx.people import Caller
from simulations.pbx.phones import Phones
from simulations.pbx.server import EmulatedPbx
from simulations.pbx.site import Site

BETWEEN_CALLS_SECONDS = 2.0
TALK_SECONDS = 5.0
"""Both on average. Rings and words included, the nine who answer are then busy half of the time."""

LINES: dict[str, dict[str, object]] = {
    "health": {"number": "0805232336", "skills": {"health": 2}},
    "police": {"number": "0199000003", "skills": {"police": 2}},
}
RING_SECONDS = 5.0
RELAXED_AFTER_SECONDS = 8.0
CARE = {"wrap_up_seconds": 1.0, "missed_rest_seconds": [10.0, 60.0, 300.0]}

FALLBACK_PHONE = "garde"


async def run(seconds: float | None, console: Console) -> str:
    """Run the demo for so long, or until it is interrupted; give what came of it.

    Raises
    ------
    HouseError, BrokerError
        if the daemon, or the broker, does not come up.

    """
    chance = Random()  # noqa: S311 - people's whims, no secrets
    stop, lacks = _on_interrupt(), lacking()
    async with AsyncExitStack() as stack:
        broker = None if lacks else await stack.enter_async_context(Broker(apps.HAVE_ONE))
        team = demo_team(chance, apps.HAVE_ONE if broker else ())
        website = Website(call_backs.NUMBERS, tuple(LINES), chance)
        more = {**website.tables, **(broker.tables if broker else {})}
        house = House(team, _lines(), CARE, more=more)
        pbx = await stack.enter_async_context(EmulatedPbx(_site(house, team, chance)))
        await stack.enter_async_context(house)
        floor = Floor()
        pbx.exchange.watches.append(floor.watch)
        pbx.listening.append(floor.hear)
        await house.start(pbx.port)
        show = Show(house, floor, [one.name for one in team], console, lacks)
        by_phone = [one.name for one in team if not one.has_app]
        people_at_it = (
            _callers(pbx.phones, chance),
            website.run(),
            take_breaks(pbx.phones, house, by_phone, chance),
            *_apps(team, broker, chance),
        )
        async with beside(stop, *people_at_it):
            await show.until(stop, seconds)
        return summary(floor, await show.figures())


def _site(house: House, team: Sequence[Listener], chance: Random) -> Site:
    phones = {one.name: one.manner for one in team} | {FALLBACK_PHONE: people.answers}
    return house.site(phones | call_backs.callers_phones(chance), (FALLBACK_PHONE,))


def _apps(
    team: Sequence[Listener], broker: Broker | None, chance: Random
) -> list[Coroutine[Any, Any, None]]:
    if broker is None:
        return []
    return [App(one.name, broker, chance).run() for one in team if one.has_app]


def _lines() -> dict[str, dict[str, object]]:
    """Give each line a ladder: later those who know a little are asked, too, and two at once."""
    return {
        name: {
            **line,
            "ring_seconds": RING_SECONDS,
            "call_back_key": call_backs.KEY,
            "call_back": call_backs.RULES,
            "ladder": [
                {"after_seconds": RELAXED_AFTER_SECONDS, "skills": {name: 1}, "ring_at_once": 2}
            ],
        }
        for name, line in LINES.items()
    }


def _on_interrupt() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _callers(phones: Phones, chance: Random) -> None:
    for nth in count(3):
        number = chance.choice(call_backs.NUMBERS)
        line = chance.choice(list(LINES))
        talk_seconds = 2 + chance.expovariate(1 / (TALK_SECONDS - 2))
        leg = phones.call(Caller(number, line, talk_seconds=talk_seconds))
        call_backs.may_ask(leg, nth)
        await asyncio.sleep(chance.expovariate(1 / BETWEEN_CALLS_SECONDS))
