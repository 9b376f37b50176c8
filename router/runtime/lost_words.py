"""Words of listeners that were not heard, for one of them said too much: they are asked for again.

The broker keeps what each listener wants, and has told them that it was taken. So who floods, or is
on a network that comes and goes, is not left with what they said before, and nor is anybody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Final

import structlog

log = structlog.get_logger(__name__)

ASK_AGAIN_SECONDS: Final = 5.0
"""After the first word that was lost. Meanwhile the gate has room for what the broker keeps of each
listener, two words, and a flood that goes on costs little."""

TELL_AGAIN_SECONDS: Final = 60.0
"""Between two lines in the log, and two words to their app, about one listener who floods."""


class LostWords:
    """Asks again by `ask_again`, once for all that was lost within a few seconds."""

    def __init__(self, ask_again: Callable[[], None], clock: Callable[[], float]) -> None:
        self._ask_again = ask_again
        self._clock = clock
        self._is_due = False
        self._told_at: dict[str, float] = {}

    def flooded(self, listener: str) -> bool:
        """Note that a word was lost because this listener, one of the site's, said too much.

        Says whether it is time to tell of it.
        """
        self.lost()
        now = self._clock()
        if now - self._told_at.get(listener, -inf) < TELL_AGAIN_SECONDS:
            return False
        self._told_at[listener] = now
        log.warning("app_floods", listener=listener)
        return True

    def lost(self) -> None:
        """Note that somebody's word was lost."""
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_later(ASK_AGAIN_SECONDS, self._ask)

    def _ask(self) -> None:
        self._is_due = False
        self._ask_again()
