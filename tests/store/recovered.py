"""A journal that has its store again."""

from __future__ import annotations

import asyncio

from router.store.journal import Journal

RECOVERED_SECONDS = 40.0


async def recovered(journal: Journal) -> None:
    """Wait until it is back, which it may be by now."""
    if journal._recovery is not None:
        await asyncio.wait_for(journal._recovery, RECOVERED_SECONDS)
    assert not journal.degraded
