"""What is asked of the engine from outside: each is an event, done once journalled and taken."""

from __future__ import annotations

import asyncio
from typing import Final

from router.ami.translate import CallerHasher
from router.core.events import AnyEvent, CallerForgotten
from router.errors import ControlError
from router.runtime.inbox import Errand, Inbox
from router.web.control import Command

ERRAND_SECONDS: Final = 5.0
"""The loop turns within milliseconds, or where the store hangs within the journal's deadline."""

LATE: Final = f"the daemon's loop has not come to it within {ERRAND_SECONDS:g} s: try again"
UNDONE_BY_RESTART: Final = (
    "done, but the journal is down and a restart would undo it: look once the store is back, and do"
    " it again if it was undone"
)


def send(inbox: Inbox, event: AnyEvent) -> asyncio.Future[bool]:
    """Send an event into the loop; the answer is whether the journal has it."""
    errand = Errand(event, asyncio.get_running_loop().create_future())
    inbox.put(errand)
    return errand.stored


async def done(errand: asyncio.Future[bool]) -> bool:
    """Wait until an errand is done. Raises TimeoutError if the loop hangs."""
    return await asyncio.wait_for(errand, ERRAND_SECONDS)


class Errands:
    """Carries what ops ask into the loop. `commands` are what there is to ask for."""

    def __init__(self, inbox: Inbox, hash_caller: CallerHasher) -> None:
        self.commands: dict[str, Command] = {"forget": self.forget}
        self._inbox = inbox
        self._hash_caller = hash_caller

    async def forget(self, number: bytes) -> None:
        """Have a caller be known to nobody any more; it is not told whether anybody knew them.

        Raises
        ------
        ControlError
            if this is no number, or it is not done for good.

        """
        caller = self._hash_caller(number.decode(errors="replace"))
        if caller is None:
            raise ControlError("expected a telephone number, such as callers' networks show it")
        try:
            stored = await done(send(self._inbox, CallerForgotten(caller)))
        except TimeoutError:
            raise ControlError(LATE) from None
        if not stored:
            raise ControlError(UNDONE_BY_RESTART)
