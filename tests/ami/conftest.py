"""Runs a test's coroutine within a deadline, with all that it left behind seen."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from tests.ami.acting import Desk

Run = Callable[[Coroutine[Any, Any, None]], None]

TEST_SECONDS = 60.0
"""Nothing here takes a fifth of it; on two busy cores it must still be enough."""


@pytest.fixture
def run() -> Run:
    return run_to_the_end


def run_to_the_end(test: Coroutine[Any, Any, None]) -> None:
    complaints: list[str] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(str(context)))
        async with asyncio.timeout(TEST_SECONDS):
            await test
            # Whatever a closed link or a stopped reconnect had under way comes to its end.
            ours = [task for task in asyncio.all_tasks() if task.get_name().startswith("ami-")]
            await asyncio.gather(*ours, return_exceptions=True)

    asyncio.run(watched())
    gc.collect()
    assert complaints == [], "asyncio had something to complain of"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        desk = Desk(runner.get_loop())
        yield desk
        assert desk.complaints == []
