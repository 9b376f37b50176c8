"""A day's pictures at full speed: what the page then holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator

import msgspec
from msgspec import Struct

from router.web.server import Readiness, WebServer
from router.web.wallboard.board import BEAT_SECONDS, Board
from router.web.wallboard.door import Door
from router.web.wallboard.files import Files
from router.web.wallboard.pages import Wallboard
from router.web.wallboard.shape import (
    LineNow,
    Owed,
    Pool,
    Promises,
    Rings,
    Shown,
    Step,
    Tally,
    Trouble,
    Waiting,
)
from tests.web.wallboard.chromium import Chromium, Page

PICTURES_A_DAY = 432_000
"""Five a second from midnight to midnight: no more are ever sent."""

WARM_PICTURES = 5_000
"""After which all code is compiled and all words are there."""

LONGEST_SECONDS = 1_800.0

KEPT_BYTES = 400_000
"""Of compiled code and the like, which comes and goes; were a row of each picture kept, it would be
a thousand times as much."""

KEPT_NODES = 100
"""A picture has some more callers than another."""

DRAW_EACH = """
globalThis.draws = 0;
globalThis.requestAnimationFrame = (draw) => {
  queueMicrotask(() => { globalThis.draws += 1; draw(); });
  return 0;
};
"""
"""A browser draws the latest of what has come in a frame; here it is made to draw each."""

STEPS: tuple[Step, ...] = ("ringing", "picked_up", "accepted")
POOLS = ("Psychologues", "Renfort", "Psychologues")
"""Two may have the same words."""


class Flood(Board):
    """A board that sends as many pictures as it is given, as fast as they are taken."""

    def __init__(self, version: str) -> None:
        super().__init__(lambda: picture(0, version), time.time)
        self._left = 0
        self._sent = 0
        self._more = asyncio.Event()
        self._version = version

    def send(self, pictures: int) -> None:
        """Send so many more."""
        self._left += pictures
        self._more.set()

    async def pictures(self) -> AsyncGenerator[bytes]:
        """Give them; and signs of life in between."""
        while not self._closed:
            while self._left:
                self._left -= 1
                self._sent += 1
                shown = msgspec.json.encode(picture(self._sent, self._version))
                yield b'{"now":%.3f,"shown":%b}' % (time.time(), shown)
            self._more.clear()
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._more.wait()
            except TimeoutError:
                yield b'{"now":%.3f}' % time.time()


def picture(number: int, version: str) -> Shown:
    """Give a picture unlike those before: callers come and go, and none comes twice."""
    now = time.time()
    waiting = tuple(_callers(number, now))
    return Shown(
        page=version,
        zone="Europe/Paris",
        troubles=(Trouble("store", now - 12.0),) if number % 50 < 5 else (),
        waiting=waiting,
        waiting_in_all=len(waiting),
        alone_in_all=0,
        rings=tuple(
            Rings("health", pool, STEPS[(number + at) % 3], 1 + number % 4, now - 2.0)
            for at, pool in enumerate(POOLS)
            if (number + at) % 4
        ),
        ringing_in_all=number % 9,
        lines=tuple(
            LineNow(
                name,
                is_open=number % 2 == 0,
                waiting=number % 5,
                on_duty=10 + number % 7,
                risk=number % 90 / 100,
                at_risk=number % 9 == 0,
                today=Tally(answered=number, heard=number, in_time=number - number % 13),
            )
            for name in ("health", "police")
        ),
        pools=tuple(Pool(pool, number % 9, number % 5, number % 7, 1, 2, 3) for pool in POOLS),
        promises=Promises(
            tuple(Owed("health", now + 60.0 * at, "waiting") for at in range(number % 6)),
            number % 6,
        ),
        counted_since=now - 3600.0,
    )


def _callers(number: int, now: float) -> Iterator[Waiting]:
    for at in range(1 + number % 12):
        alone_at = now - 1.0 if at % 3 == 0 else None
        yield Waiting(number + at, "health", now - at, 1 + at % 3, 3, at % 3, "searching", alone_at)


class Held(Struct, frozen=True):
    """What a page holds once all that nobody needs is thrown away."""

    heap_bytes: int
    nodes: int
    listeners: int


class Flooded(Struct, frozen=True):
    """What came of a flood."""

    pictures: int
    drawn: int
    a_second: int
    before: Held
    after: Held
    thrown: list[str]

    def does_not_grow(self) -> bool:
        """Say whether the page holds what it held, but for what a browser keeps for itself."""
        grown = self.after.heap_bytes - self.before.heap_bytes
        return (
            grown <= KEPT_BYTES
            and self.after.nodes <= self.before.nodes + KEPT_NODES
            and self.after.listeners <= self.before.listeners
        )


async def run(pictures: int, warm: int = WARM_PICTURES) -> Flooded:
    """Have a page draw so many pictures, after some that are not counted."""
    files = Files()
    board = Flood(files.version)
    server = WebServer(
        0,
        since_turn_seconds=lambda: 0.0,
        readiness=Readiness,
        render_metrics=lambda: b"",
        wallboard=Wallboard(board, Door(None, None, time.time), files),
    )
    port = await server.start()
    try:
        async with Chromium() as browser:
            page = await browser.page(f"http://127.0.0.1:{port}/", before=DRAW_EACH)
            board.send(warm)
            before = await _held_after(page, warm)
            begun = time.perf_counter()
            board.send(pictures)
            after = await _held_after(page, warm + pictures)
            took = time.perf_counter() - begun
            draws = int(await page.evaluate("globalThis.draws"))
            thrown = list(browser.thrown)
    finally:
        board.close()
        await server.stop()
    return Flooded(pictures, draws - warm, round(pictures / took), before, after, thrown)


async def _held_after(page: Page, draws: int) -> Held:
    await page.until(f"globalThis.draws >= {draws}", seconds=LONGEST_SECONDS)
    held = await page.heap()
    return Held(int(held["JSHeapUsedSize"]), int(held["Nodes"]), int(held["JSEventListeners"]))
