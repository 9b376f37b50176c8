"""Listeners' own words that a daemon did not know as it started, because the store was away.

Without them the hours have brought everybody on whose shift it is. Once the store is back, a word
that was said after that shift began counts, as if the daemon had known it all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import structlog

from router.config import Settings
from router.core.engine import Engine
from router.core.events import AnyEvent, ListenerCameOn, ListenerPaused, ListenerWentOff
from router.core.floor import State
from router.core.listener import ListenerState
from router.core.shift import LONGEST_SHIFT_SECONDS
from router.runtime.recovery import rebuild
from router.store.stream import Recovered

log = structlog.get_logger(__name__)


class LateWords:
    """Tells the engine of them."""

    def __init__(
        self,
        engine: Engine,
        settings: Callable[[], Settings],
        tell: Callable[[AnyEvent], None],
        clock: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._tell = tell
        self._clock = clock

    async def take(self, past: Recovered) -> None:
        """Find them in what the journal held, and tell them, dated."""
        before = await asyncio.to_thread(rebuild, past)
        words = [*self._words(before.state, self._engine.state)]
        for word in words:
            self._tell(word)
        log.info("late_words", count=len(words))

    def _words(self, before: State, state: State) -> Iterator[AnyEvent]:
        for name, one in before.listeners.items():
            here = state.listeners.get(name)
            if here is None or one.duty_said_at is None or one.retired or here.duty == one.duty:
                continue
            said_at = one.duty_said_at - before.set_back_seconds
            if _is_outdated(here, said_at + state.set_back_seconds):
                continue
            if one.duty == "off":
                yield ListenerWentOff(name, said_at)
            elif one.duty == "paused" and here.duty == "on":
                yield ListenerPaused(name, said_at)
            elif one.duty == "on" and self._is_own(name, said_at):
                yield ListenerCameOn(name, said_at)

    def _is_own(self, name: str, said_at: float) -> bool:
        """Say whether somebody came on by their own word, and no shift has ended it since."""
        now = self._clock()
        if not now - LONGEST_SHIFT_SECONDS < said_at < now:
            return False
        since, until = (datetime.fromtimestamp(at, UTC) for at in (said_at, now))
        return not self._settings().shifts().spells([name], since, until)


def _is_outdated(here: ListenerState, said_at: float) -> bool:
    return here.retired or (here.duty_said_at is not None and said_at < here.duty_said_at)
