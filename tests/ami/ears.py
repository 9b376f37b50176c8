"""Somebody who holds a link and remembers what it told."""

from __future__ import annotations

from dataclasses import replace

from router.ami.deadlines import Deadlines
from router.ami.link import AmiLink
from router.ami.wire import Message
from tests.ami.peer import Peer, Seen

SOON = 0.05
"""A deadline that a test waits out."""

PATIENT = Deadlines(
    connect_seconds=600.0,
    login_seconds=600.0,
    boot_seconds=600.0,
    action_seconds=600.0,
    list_seconds=600.0,
    ping_every_seconds=600.0,
    pong_seconds=600.0,
)
"""Longer than any test: however late the machine lets us run, nothing is given up or asked."""


def hasty(**soon: float) -> Deadlines:
    """Give deadlines of which those that are named can be waited out, and no other comes."""
    return replace(PATIENT, **soon)


class Ears:
    """What a link told."""

    def __init__(self) -> None:
        self.events: Seen[Message] = Seen()
        self.lost: Seen[Exception] = Seen()

    def names(self) -> list[str]:
        return [event.name for event in self.events.items]

    async def open(self, peer: Peer, deadlines: Deadlines = PATIENT) -> AmiLink:
        return await AmiLink.open(
            peer.account, on_event=self.events.add, on_lost=self.lost.add, deadlines=deadlines
        )


def event(name: str, **headers: str) -> bytes:
    lines = [f"Event: {name}", *(f"{key}: {value}" for key, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
