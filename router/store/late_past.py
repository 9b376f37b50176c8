"""What a journal held that could not be read at the start: told once, when the store is back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from router.store import stream
from router.store.client import Client
from router.store.stream import Recovered

LATE_READING_SECONDS: Final = 10.0
"""Beside the loop, with calls routed meanwhile and not journalled."""

MOST_TRIES: Final = 3
"""After these the journal is taken up without: what goes on matters more than what was."""


class LatePast:
    """Reads it before the snapshot is written with which the journal goes on."""

    def __init__(self) -> None:
        self.take: Callable[[Recovered], Awaitable[None]] = _let_be
        """Told all that was there."""
        self._tries_left = 0

    def missed(self) -> None:
        """Note that the daemon has started without it."""
        self._tries_left = MOST_TRIES

    async def read(self, client: Client) -> None:
        """Read it, if it was missed, and have it taken."""
        if not self._tries_left:
            return
        self._tries_left -= 1
        async with asyncio.timeout(LATE_READING_SECONDS):
            past = await stream.read_from(client, await stream.kept_snapshots(client))
        self._tries_left = 0
        await self.take(past)


async def _let_be(_past: Recovered) -> None:
    """Go on without."""
