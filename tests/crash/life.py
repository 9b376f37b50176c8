"""One life of the daemon, in this very process, and its end: as sudden as that of a kill -9."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


class Killed(BaseException):
    """Ends whatever step of a daemon reaches the boundary that it dies at."""


@dataclass(frozen=True)
class Death:
    """Where a life ends: at the so manieth time that it comes to this boundary, from 1 on."""

    boundary: str
    times: int

    def __str__(self) -> str:
        """Say it shortly."""
        return f"{self.boundary} {self.times}"


class Life:
    """What belongs to one daemon, so that all of it ends at once.

    `cut` closes its connections, as the kernel does. Its tasks and callbacks are never run again
    (see `VirtualLoop`); nothing is flushed, and nothing that they would do at their end is done.
    """

    def __init__(self, death: Death | None, cut: Callable[[Life], None]) -> None:
        self.dead = False
        self.ended_at = ""
        self.store_lock = asyncio.Lock()
        self.ended = asyncio.Event()
        self.passed: Counter[str] = Counter()
        self._death = death
        self._cut = cut

    def come_to(self, boundary: str) -> None:
        """Be at a boundary, and die there if it is the one.

        Raises
        ------
        Killed
            if this life is over.

        """
        self.passed[boundary] += 1
        if self._death == Death(boundary, self.passed[boundary]):
            self.end(str(self._death))
        if self.dead:
            raise Killed

    def end(self, where: str) -> None:
        """End it now."""
        if not self.dead:
            self.dead = True
            self.ended_at = where
            self._cut(self)
            self.ended.set()


LIFE: ContextVar[Life | None] = ContextVar("LIFE", default=None)
"""Whose daemon's work is being done; None: that of the world around it."""


def boundary(name: str) -> None:
    """Mark a boundary in the daemon's work."""
    life = LIFE.get()
    if life is not None:
        life.come_to(name)
