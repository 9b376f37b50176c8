"""Shows the floor again and again, as a picture or in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console
from rich.live import Live

from simulations.demo.figures import Figures, read_figures
from simulations.demo.floor import Floor
from simulations.demo.house import House
from simulations.demo.log_tail import LogTail
from simulations.demo.show import picture, plain_line, where

PICTURE_EVERY_SECONDS = 0.25
LINE_EVERY_SECONDS = 3.0
LOG_LINES = 10


class Show:
    """What somebody who looks on sees. `lacks` says what there has to be done without, if so."""

    def __init__(
        self, house: House, floor: Floor, team: Sequence[str], console: Console, lacks: str
    ) -> None:
        self._house = house
        self._floor = floor
        self._team = team
        self._console = console
        self._lacks = lacks
        self._log = LogTail(house.log, LOG_LINES)
        self._begun = time.monotonic()

    async def figures(self) -> Figures:
        """Give the daemon's figures."""
        return read_figures(await self._house.metrics())

    async def until(self, stop: asyncio.Event, seconds: float | None) -> None:
        """Show it until then, or for so long."""
        try:
            async with asyncio.timeout(seconds):
                if self._console.is_terminal:
                    with Live(console=self._console, screen=True, auto_refresh=False) as live:
                        await self._repeat(lambda: self._draw(live), PICTURE_EVERY_SECONDS, stop)
                else:
                    self._say(where(self._house.wallboard))
                    if self._lacks:
                        self._say(self._lacks)
                    await self._repeat(self._tell, LINE_EVERY_SECONDS, stop)
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
        shown = picture(
            self._floor,
            await self.figures(),
            self._log.lines(),
            self._team,
            wallboard=self._house.wallboard,
            lacks=self._lacks,
        )
        live.update(shown, refresh=True)

    async def _tell(self) -> None:
        since = time.monotonic() - self._begun
        self._say(plain_line(self._floor, await self.figures(), since))

    def _say(self, line: str) -> None:
        self._console.print(line, highlight=False, soft_wrap=True)
