"""panoramisk's manager for the life of one connection."""

from __future__ import annotations

import asyncio

from panoramisk.manager import Manager

from router.ami.protocol import LinkProtocol


class OneConnection(Manager):  # type: ignore[misc]  # panoramisk has no types
    """A manager that connects once, and whose end is the end.

    panoramisk's own logs in unwatched, pings without waiting for the pong, connects again when
    nobody wants it any more, and then sends old actions again: a listener would be rung twice.
    """

    def __init__(self, host: str, port: int, protocol: LinkProtocol) -> None:
        super().__init__(
            host=host,
            port=port,
            loop=asyncio.get_running_loop(),
            protocol_factory=lambda: protocol,
        )
        self.protocol = protocol

    def connection_made(self, f: asyncio.Future[object]) -> None:
        """Leave the login to the link: whoever awaits `connect` learns how it went."""
