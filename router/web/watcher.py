"""A connection to the web port: Prometheus, a proxy, a wallboard, which may go on for days."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from router.web.peer import Peer

MOST_WATCHERS: Final = 200
"""Prometheus, a proxy and the wallboards that there may be are far fewer."""

SILENT_SECONDS: Final = 15.0
"""Until its first word. Later aiohttp ends a connection on which nothing more is asked."""


class Watcher(Peer):
    """Is there for as long as it likes, once it has said what it wants."""

    def __init__(self, manager: web.Server, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(manager, loop=loop, most=MOST_WATCHERS, seconds=SILENT_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Hear what is wanted."""
        self.may_stay()
        super().data_received(data)
