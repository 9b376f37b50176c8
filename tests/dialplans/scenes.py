"""Scenes that take real time are played side by side on one testbed; each has a test of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.testbed import Testbed

Scene = Callable[[Testbed], Awaitable[None]]
LONGEST_SCENE_SECONDS = 240.0
"""The longest takes a sixth of it: what is waited for in a scene has a deadline of its own."""


class Outcomes:
    """How each scene went."""

    def __init__(self, failures: dict[Scene, BaseException | None]) -> None:
        self._failures = failures

    def of(self, scene: Scene) -> None:
        """Pass if that scene went well; otherwise raise what it raised."""
        failure = self._failures[scene]
        if failure is not None:
            raise failure


def play(bed: Testbed, *scenes: Scene) -> Outcomes:
    """Play all these scenes at the same time, and wait until each has ended."""

    async def together() -> list[BaseException | None]:
        async with asyncio.timeout(LONGEST_SCENE_SECONDS):
            return await asyncio.gather(*(s(bed) for s in scenes), return_exceptions=True)

    return Outcomes(dict(zip(scenes, asyncio.run(together()), strict=True)))
