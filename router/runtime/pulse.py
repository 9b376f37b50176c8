"""The pulse: the heartbeat that keeps the dialplan from its fallback, and the loop's lag."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from router.ami.act import Actor
from router.observe.metrics import Metrics
from router.runtime.inbox import Inbox
from router.runtime.intake import Intake
from router.runtime.loop import Loop

log = structlog.get_logger(__name__)

BEAT_EVERY_SECONDS = 2.0
"""The dialplan calls a heartbeat of 6 s stale: two may be lost."""

CHECK_EVERY_SECONDS = 30.0
"""Between two looks whether a leg is gone without a word; sooner where something seems wrong."""

STUCK_SECONDS = 5.0
"""A loop that has not turned for so long routes nobody: the dialplan shall know."""


class Pulse:
    """Beats as long as the loop turns. A loop that is stuck is not spoken for."""

    def __init__(
        self,
        *,
        actor: Actor,
        loop: Loop,
        metrics: Metrics,
        inbox: Inbox,
        intake: Intake,
        clock: Callable[[], float],
    ) -> None:
        self._actor = actor
        self._loop = loop
        self._metrics = metrics
        self._inbox = inbox
        self._intake = intake
        self._checked_at = clock()
        self._clock = clock

    async def run(self) -> None:
        """Beat for ever."""
        event_loop = asyncio.get_running_loop()
        while True:
            now = self._clock()
            if now - self._loop.turned_at <= STUCK_SECONDS:
                self._actor.beat(now)
            else:
                log.error("loop_stuck", seconds=round(now - self._loop.turned_at, 1))
            self._check_if_due(now)
            # Each beat turns the loop once, so that an idle one is not taken for a stuck one.
            self._inbox.wake()
            meant_to_wake = event_loop.time() + BEAT_EVERY_SECONDS
            await asyncio.sleep(BEAT_EVERY_SECONDS)
            self._metrics.loop_lag_seconds.observe(max(0.0, event_loop.time() - meant_to_wake))

    def _check_if_due(self, now: float) -> None:
        if self._inbox.overflowed:
            self._inbox.overflowed = False
            self._intake.begin_anew()
        elif self._intake.doubtful or abs(now - self._checked_at) >= CHECK_EVERY_SECONDS:
            self._checked_at = now
            self._intake.check()
