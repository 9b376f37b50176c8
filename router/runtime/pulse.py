"""The pulse: the heartbeat that keeps the dialplan from its fallback, and the loop's lag."""

from __future__ import annotations

import asyncio
import time
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

LOOK_AT_CLOCK_SECONDS = 0.5
"""Between two looks whether the clock was put: the dialplan calls the heartbeat stale at once."""

LEAP_SECONDS = 1.0
"""By how much a clock is put at the least; what ntp slews in a beat is a thousandth of that."""

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
        while True:
            ahead_seconds = self._ahead_seconds()
            now = self._clock()
            self._beat(now)
            self._check_if_due(now)
            self._intake.look_at_fence()
            # Each beat turns the loop once, so that an idle one is not taken for a stuck one.
            self._inbox.wake()
            await self._pause(ahead_seconds)

    def _beat(self, now: float) -> None:
        still_seconds = self._loop.still_seconds
        if still_seconds > STUCK_SECONDS:
            log.error("loop_stuck", seconds=round(still_seconds, 1))
            return
        self._actor.beat(now)
        # What a loop has not read yet does not count as missed.
        self._intake.look_at_echo()

    async def _pause(self, ahead_seconds: float) -> None:
        """Wait for the next beat: if the clock leaps, by which the dialplan judges, that is now."""
        event_loop = asyncio.get_running_loop()
        next_at = event_loop.time() + BEAT_EVERY_SECONDS
        while (left_seconds := next_at - event_loop.time()) > 0:
            meant_to_wake = event_loop.time() + min(left_seconds, LOOK_AT_CLOCK_SECONDS)
            await asyncio.sleep(meant_to_wake - event_loop.time())
            self._metrics.loop_lag_seconds.observe(max(0.0, event_loop.time() - meant_to_wake))
            leap_seconds = self._ahead_seconds() - ahead_seconds
            if abs(leap_seconds) > LEAP_SECONDS:
                log.warning("clock_leapt", seconds=round(leap_seconds, 1))
                return

    def _ahead_seconds(self) -> float:
        """Give how far the clock is ahead of the one that nobody can put."""
        return self._clock() - time.monotonic()

    def _check_if_due(self, now: float) -> None:
        if self._inbox.overflowed:
            self._inbox.overflowed = False
            self._intake.begin_anew()
        elif self._intake.doubtful or abs(now - self._checked_at) >= CHECK_EVERY_SECONDS:
            self._checked_at = now
            self._intake.check()
