"""The one bounded queue into the loop."""

from __future__ import annotations

import asyncio
from collections import deque

from msgspec import Struct

from router.ami.link import AmiLink
from router.ami.menu import MenuVerdict
from router.ami.message import Message
from router.ami.resync import Listed
from router.core.events import AnyEvent

MAX_ITEMS = 20_000
"""Some minutes of the busiest line. Beyond it nothing that is told can be believed any more."""


class LinkUp(Struct, frozen=True):
    """A new link to Asterisk is open."""

    link: AmiLink


class LegsListed(Struct, frozen=True):
    """Asterisk has said what it holds, on this link."""

    link: AmiLink
    listed: list[Listed]
    talked: tuple[str, ...] = ()
    """Calls of talks that no daemon was there to see."""


class LegsNamed(Struct, frozen=True):
    """Asterisk has named its channels (None: it would not), after these legs were asked about."""

    asked: list[str]
    named: frozenset[str] | None


class Errand(Struct, frozen=True):
    """Ops ask for an event; they are told whether it is stored, once the engine has taken it."""

    event: AnyEvent
    stored: asyncio.Future[bool]


Item = Message | AnyEvent | LinkUp | LegsListed | LegsNamed | MenuVerdict | Errand


class Inbox:
    """Keeps items in the order in which they came."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._wake = asyncio.Event()
        self.overflowed = False
        """Items were refused: what is believed is to be made anew from what Asterisk holds."""

    def put(self, item: Item) -> None:
        """Add an item. Only Asterisk's messages can be too many; what else comes always fits."""
        if len(self._items) >= MAX_ITEMS and isinstance(item, Message):
            self.overflowed = True
        else:
            self._items.append(item)
        self._wake.set()

    def wake(self) -> None:
        """Let the loop turn though nothing has come."""
        self._wake.set()

    async def wait(self) -> None:
        """Wait until there is something to be looked at."""
        await self._wake.wait()
        self._wake.clear()

    def take(self, most: int) -> list[Item]:
        """Take what has come, up to so many.

        A listing of Asterisk's legs is always the first of what is taken: it is compared with what
        the engine has ordered, so all that came before must have been worked through.
        """
        taken: list[Item] = []
        while self._items and len(taken) < most:
            if taken and isinstance(self._items[0], LegsListed):
                break
            taken.append(self._items.popleft())
        if self._items:
            self._wake.set()
        return taken
