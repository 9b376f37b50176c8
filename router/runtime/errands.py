"""What ops ask of the running daemon: each is an event, done once it is journalled and taken."""

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


class Errands:
    """Carries what is asked into the loop. `commands` are what there is to ask for."""

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
        await self._run(CallerForgotten(caller))

    async def _run(self, event: AnyEvent) -> None:
        errand = Errand(event, asyncio.get_running_loop().create_future())
        self._inbox.put(errand)
        try:
            stored = await asyncio.wait_for(errand.stored, ERRAND_SECONDS)
        except TimeoutError:
            raise ControlError(
                f"the daemon's loop has not come to it within {ERRAND_SECONDS:g} s: try again"
            ) from None
        if not stored:
            raise ControlError(
                "done, but the journal is down and a restart would undo it: "
                "do it again once the store is back"
            )
