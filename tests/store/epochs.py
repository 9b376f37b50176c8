"""Taking an epoch on a machine that may be busy."""

from __future__ import annotations

import asyncio

from router.store.lease import Lease

TAKEN_WITHIN_SECONDS = 40.0


async def taken(lease: Lease) -> int:
    """Ask until the store has answered: one question has a moment only, since a caller waits."""
    async with asyncio.timeout(TAKEN_WITHIN_SECONDS):
        while not await lease.confirm():
            pass
    assert lease.epoch is not None
    return lease.epoch
