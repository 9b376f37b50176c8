"""Apps that have fallen silent: of a listener it is told once it is sure to be theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

SURE_SECONDS: Final = 4.0
"""A broker that ends in good order tells everybody's last word, and only then leaves us; an app
that was elsewhere for a moment is back by then. With the broker's own patience: 20 s."""


class Silences:
    """Tells of each silence that lasts, while the broker is there."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._lasting: dict[str, asyncio.TimerHandle] = {}

    def begins(self, listener: str) -> None:
        """Note that an app is gone."""
        if listener not in self._lasting:
            loop = asyncio.get_running_loop()
            self._lasting[listener] = loop.call_later(SURE_SECONDS, self._lasts, listener)

    def ends(self, listener: str) -> None:
        """Note that it is there."""
        lasting = self._lasting.pop(listener, None)
        if lasting is not None:
            lasting.cancel()

    def end_all(self) -> None:
        """Note that the broker is gone: nobody's silence is their own any more."""
        for listener in list(self._lasting):
            self.ends(listener)

    def _lasts(self, listener: str) -> None:
        del self._lasting[listener]
        self._tell(listener)
