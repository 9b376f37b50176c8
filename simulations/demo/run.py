"""The demo: bring everything up, let callers come, show it, and take it all down again."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from random import Random

from rich.console import Console
from rich.live import Live

from simulations.demo.breaks import take_breaks
from simulations.demo.figures import Figures, read_figures
from simulations.demo.floor import Floor
from simulations.demo.house import House
from simulations.demo.log_tail import LogTail
from simulations.demo.show import picture, plain_line, summary
from simulations.demo.team import demo_team
from simulations.pbx import people
from simulations.pbx.people import Caller
from simulations.pbx.phones import Phones
from simulations.pbx.server import EmulatedPbx

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

PICTURE_EVERY_SECONDS = 0.25
LINE_EVERY_SECONDS = 3.0
LOG_LINES = 10
FALLBACK_PHONE = "garde"


async def run(seconds: float | None, console: Console) -> str:
    """Run the demo for so long, or until it is interrupted; give what came of it.

    Raises
    ------
    HouseError
        if the daemon does not come up.

    """
    chance = Random()  # noqa: S311 - people's whims, no secrets
    team = demo_team(chance)
    house = House(team, _lines(), CARE)
    phones = {one.name: one.manner for one in team} | {FALLBACK_PHONE: people.answers}
    site = house.site(phones, (FALLBACK_PHONE,))
    floor = Floor()
    stop = _on_interrupt()
    async with EmulatedPbx(site) as pbx, house:
        pbx.exchange.watches.append(floor.watch)
        pbx.listening.append(floor.hear)
        await house.start(pbx.port)
        people_at_it = [
            asyncio.create_task(_callers(pbx.phones, chance)),
            asyncio.create_task(take_breaks(pbx.phones, house, [one.name for one in team], chance)),
        ]
        try:
            show = _Show(house, floor, [one.name for one in team], console)
            await show.until(stop, seconds)
        finally:
            for task in people_at_it:
                task.cancel()
        return summary(floor, await show.figures())


def _lines() -> dict[str, dict[str, object]]:
    """Give each line a ladder: later those who know a little are asked, too, and two at once."""
    return {
        name: {
            **line,
            "ring_seconds": RING_SECONDS,
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
    while True:
        number = f"06399800{chance.randrange(100):02}"
        line = chance.choice(list(LINES))
        talk_seconds = 2 + chance.expovariate(1 / (TALK_SECONDS - 2))
        phones.call(Caller(number, line, talk_seconds=talk_seconds))
        await asyncio.sleep(chance.expovariate(1 / BETWEEN_CALLS_SECONDS))


class _Show:
    """Shows the floor again and again."""

    def __init__(self, house: House, floor: Floor, team: list[str], console: Console) -> None:
        self._house = house
        self._floor = floor
        self._team = team
        self._console = console
        self._log = LogTail(house.log, LOG_LINES)
        self._begun = time.monotonic()

    async def figures(self) -> Figures:
        return read_figures(await self._house.metrics())

    async def until(self, stop: asyncio.Event, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                if self._console.is_terminal:
                    with Live(console=self._console, screen=True, auto_refresh=False) as live:
                        await self._repeat(lambda: self._draw(live), PICTURE_EVERY_SECONDS, stop)
                else:
                    await self._repeat(self._print, LINE_EVERY_SECONDS, stop)
        except TimeoutError:
            return

    async def _repeat(
        self, show: Callable[[], Awaitable[None]], every_seconds: float, stop: asyncio.Event
    ) -> None:
        while not stop.is_set():
            await show()
            try:
                async with asyncio.timeout(every_seconds):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _draw(self, live: Live) -> None:
        figures = await self.figures()
        shown = picture(self._floor, figures, self._log.lines(), self._team)
        live.update(shown, refresh=True)

    async def _print(self) -> None:
        line = plain_line(self._floor, await self.figures(), time.monotonic() - self._begun)
        self._console.print(line, highlight=False, soft_wrap=True)
