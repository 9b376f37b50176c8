"""A connection to a port of ours: so many at most, and none for longer than it may last."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from router.web.unspoken import SILENT


class Peer(web.RequestHandler):
    """Speaks HTTP with whoever has connected.

    Of more than `most` the last is turned away: each takes a descriptor, of which the way to
    Asterisk and to the store needs one, too. It is cut off after `seconds`, unless `may_stay` is
    called before. What else there is to say to aiohttp is in `settings`.
    """

    def __init__(
        self,
        manager: web.Server,
        *,
        loop: asyncio.AbstractEventLoop,
        most: int,
        seconds: float,
        **settings: Any,
    ) -> None:
        super().__init__(manager, loop=loop, access_log=SILENT, logger=SILENT, **settings)
        self._house = manager
        self._most = most
        self._seconds = seconds
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let a peer in, or turn them away where too many are."""
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport), "TCP is a stream"
        if len(self._house.connections) > self._most:
            transport.abort()
            return
        self._end = self._loop.call_later(self._seconds, transport.abort)

    def connection_lost(self, exc: BaseException | None) -> None:
        """See a peer off."""
        self.may_stay()
        super().connection_lost(exc)

    def may_stay(self) -> None:
        """Cut this one off no more."""
        if self._end is not None:
            self._end.cancel()
            self._end = None
