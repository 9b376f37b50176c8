"""Tasks that a test has begun, and ends."""

from __future__ import annotations

import asyncio


async def end(task: asyncio.Task[None]) -> None:
    """End a task that speaks with a server: until 3.12, `wait_for` may swallow a cancellation."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1)
