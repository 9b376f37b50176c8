"""Somebody who holds a link and remembers what it told."""

from __future__ import annotations

from router.ami.deadlines import USUAL, Deadlines
from router.ami.link import AmiLink
from router.ami.wire import Message
from tests.ami.peer import Peer, Seen

SOON = 0.05
"""A deadline that a test waits out."""


class Ears:
    """What a link told."""

    def __init__(self) -> None:
        self.events: Seen[Message] = Seen()
        self.lost: Seen[Exception] = Seen()

    def names(self) -> list[str]:
        return [event.name for event in self.events.items]

    async def open(self, peer: Peer, deadlines: Deadlines = USUAL) -> AmiLink:
        return await AmiLink.open(
            peer.account, on_event=self.events.add, on_lost=self.lost.add, deadlines=deadlines
        )


def event(name: str, **headers: str) -> bytes:
    lines = [f"Event: {name}", *(f"{key}: {value}" for key, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
