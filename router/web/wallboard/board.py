"""The latest picture, made no more often than need be, and handed to whoever watches.

Nothing is queued for anybody: who is slow misses pictures, and gets the latest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

import msgspec

from router.web.wallboard.shape import Shown

LEAST_BETWEEN_SECONDS: Final = 0.2
"""Five pictures a second: no eye follows more, and an event is on the wall in time."""

MOST_SHARE: Final = 0.02
"""Of the daemon's time that pictures may take: with ten thousand listeners they come less often."""

LOOK_EVERY_SECONDS: Final = 1.0
"""What changes without an event, such as a risk, is looked at so often."""

BEAT_SECONDS: Final = 2.0
"""So long at most does a page hear nothing; after three times that it says so."""

_encode: Final = msgspec.json.Encoder().encode


class Board:
    """`look` gives what there is to be shown; `clock` gives epoch seconds."""

    def __init__(self, look: Callable[[], Shown], clock: Callable[[], float]) -> None:
        self._look = look
        self._clock = clock
        self._changed = asyncio.Event()
        self._shown = b""
        self._number = 0
        self._turn: asyncio.Future[None] | None = None
        self._closed = False
        self.watchers = 0

    def changed(self) -> None:
        """Say that there may be something new to see."""
        self._changed.set()

    async def run(self) -> None:
        """Make pictures for ever, as long as somebody watches."""
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            if self.watchers:
                pause_seconds = max(LEAST_BETWEEN_SECONDS, self._draw() / MOST_SHARE)
                # A machine that stood still for once is no reason to show what is past.
                await asyncio.sleep(min(pause_seconds, BEAT_SECONDS))

    def close(self) -> None:
        """See all who watch off."""
        self._closed = True
        self._tell()

    async def pictures(self) -> AsyncGenerator[bytes]:
        """Give the latest picture, then each later one, or a sign of life, until `close`."""
        with self._watching():
            seen = 0
            while not self._closed:
                if seen == self._number:
                    await self._next()
                if self._closed:
                    return
                if seen == self._number:
                    yield b'{"now":%.3f}' % self._clock()
                else:
                    seen = self._number
                    yield b'{"now":%.3f,"shown":%b}' % (self._clock(), self._shown)

    @contextmanager
    def _watching(self) -> Iterator[None]:
        if self.watchers == 0:
            # The last picture was made for others, long ago.
            self._number = 0
            self._shown = b""
        self.watchers += 1
        self.changed()
        try:
            yield
        finally:
            self.watchers -= 1

    def _draw(self) -> float:
        begun = perf_counter()
        shown = _encode(self._look())
        if shown != self._shown:
            self._shown = shown
            self._number += 1
            self._tell()
        return perf_counter() - begun

    def _tell(self) -> None:
        if self._turn is not None:
            self._turn.set_result(None)
            self._turn = None

    async def _next(self) -> None:
        """Wait for the next picture, or for as long as a page may hear nothing."""
        if self._turn is None:
            self._turn = asyncio.get_running_loop().create_future()
        turn = self._turn
        await asyncio.wait([turn], timeout=BEAT_SECONDS)
