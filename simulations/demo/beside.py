"""Work that goes on beside something, and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

CANCEL_AGAIN_SECONDS = 1.0
"""Until Python 3.12, `asyncio.wait_for` may swallow a cancellation."""


@asynccontextmanager
async def beside(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Have all of these go on; whatever fails sets `stop`, and is raised at the end."""
    tasks = {asyncio.create_task(work) for work in works}
    for task in tasks:
        # What goes on for ever is done only where it has failed.
        task.add_done_callback(lambda _: stop.set())
    try:
        yield
    finally:
        await _end(tasks)
    for task in tasks:
        if not task.cancelled() and (failure := task.exception()) is not None:
            raise failure


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    while going_on := {task for task in tasks if not task.done()}:
        for task in going_on:
            task.cancel()
        await asyncio.wait(going_on, timeout=CANCEL_AGAIN_SECONDS)
