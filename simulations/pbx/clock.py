"""The time of the emulated PBX: real, or some times faster."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Clock:
    """Lets seconds of words, of rings and of talk pass `speed` times faster than real ones.

    What o'clock it is stays real: the daemon's heartbeat is compared with it.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed

    def later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """Call this once so many of our seconds have passed."""
        return asyncio.get_running_loop().call_later(seconds / self._speed, call)

    @staticmethod
    def epoch_seconds() -> float:
        """Say what o'clock it is."""
        return time.time()
