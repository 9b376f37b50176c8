"""The daemon, with a fault that begins at SIGUSR1: `python sabotage.py FAULT run --config ...`.

One ends then instead: it `waits` with its first turn.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from router import cli
from router.core.engine import Engine
from router.runtime import notify, pulse
from router.store.journal import Journal

BLOCKED = "the engine never returns from here"
WAITING = "the first turn is waited with"

_begun = threading.Event()


def hangs() -> None:
    """Have the loop wait for ever, while all that is beside it goes on."""
    appends = Journal.append

    async def append(self: Journal, entries: Any) -> bool:
        if _begun.is_set():
            await asyncio.get_running_loop().create_future()
        return await appends(self, entries)

    _put(Journal, "append", append)


def waits() -> None:
    """Have the first turn wait until then, while all that is beside the loop goes on."""
    appends = Journal.append

    async def append(self: Journal, entries: Any) -> bool:
        if not _begun.is_set():
            sys.stderr.write(f"{WAITING}\n")
            sys.stderr.flush()
            await asyncio.to_thread(_begun.wait)
        return await appends(self, entries)

    _put(Journal, "append", append)


def blocks() -> None:
    """Have a step of the engine never return, so that nothing goes on."""
    _before_each_step(_block)


def raises() -> None:
    """Have the engine fail."""
    _before_each_step(_fail)


def _block() -> None:
    sys.stderr.write(f"{BLOCKED}\n")
    sys.stderr.flush()
    threading.Event().wait()


def _fail() -> None:
    raise RuntimeError("sabotaged")


def _before_each_step(fault: Callable[[], object]) -> None:
    steps = Engine.step

    def step(self: Engine, event: Any, now: float) -> Any:
        if _begun.is_set():
            fault()
        return steps(self, event, now)

    _put(Engine, "step", step)


def _put(owner: object, name: str, what: object) -> None:
    setattr(owner, name, what)


def _begin(_number: int, _frame: FrameType | None) -> None:
    _begun.set()


if __name__ == "__main__":
    {"hangs": hangs, "waits": waits, "blocks": blocks, "raises": raises}[sys.argv.pop(1)]()
    # So that a test need not listen for long whether all is silent.
    pulse.BEAT_EVERY_SECONDS, pulse.STUCK_SECONDS = 0.5, 1.0
    _put(notify, "PET_EVERY_SECONDS", 0.2)
    signal.signal(signal.SIGUSR1, _begin)
    cli.main()
