"""Processes that end with us."""

from __future__ import annotations

import asyncio
import ctypes
import signal
from asyncio.subprocess import Process

LEAVE_SECONDS = 20.0
"""The daemon writes a last snapshot and ends its store: well under a second, but where the machine
is busy with much else."""

PR_SET_PDEATHSIG = 1
"""Linux's prctl(2): the signal to be sent when the parent ends."""


def end_with_parent() -> None:
    """Have the kernel send SIGTERM to the process that this is in as soon as its parent is gone.

    Whoever is killed ends nothing in its own time; told so, the daemon ends its store, too.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def end(process: Process | None) -> None:
    """End a process, if there is one that still runs: in good order, if it can."""
    if process is None or process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(LEAVE_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
