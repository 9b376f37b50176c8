"""Writing snapshots: which are kept, and how much of the stream before them."""

from __future__ import annotations

from collections.abc import Sequence

from router.store.client import Client
from router.store.stream import (
    SNAPSHOT_INDEX,
    STREAM,
    KeptSnapshot,
    id_order,
    kept_snapshots,
    snapshot_key,
)

KEPT_SNAPSHOTS = 5
"""The newest ones, all kept: a daemon that cannot read its newest still has others."""

DAY_SECONDS = 86_400.0


async def write_snapshot(
    client: Client, data: bytes, newest: KeptSnapshot, journal_days: float
) -> None:
    """Store a snapshot, and drop the snapshots and entries that nobody needs any more, at once."""
    kept = [old for old in await kept_snapshots(client) if old.last_id != newest.last_id]
    kept.append(newest)
    oldest_wanted_at = newest.taken_at - journal_days * DAY_SECONDS
    dropped = superseded(kept, oldest_wanted_at)
    oldest_kept = next(snapshot for snapshot in kept if snapshot not in dropped)
    async with client.pipeline(transaction=True) as transaction:
        transaction.set(snapshot_key(newest.last_id), data)
        transaction.zadd(SNAPSHOT_INDEX, {newest.last_id: newest.taken_at})
        for snapshot in dropped:
            transaction.delete(snapshot_key(snapshot.last_id))
            transaction.zrem(SNAPSHOT_INDEX, snapshot.last_id)
        transaction.xtrim(STREAM, minid=_trim_before(oldest_kept, oldest_wanted_at))
        await transaction.execute()


def superseded(kept: Sequence[KeptSnapshot], oldest_wanted_at: float) -> list[KeptSnapshot]:
    """Say which snapshots to drop, of these, given oldest first.

    The newest few stay, and the first of each day that is still wanted: from there `explain` can
    follow a call of last week without every state in between being kept.
    """
    dropped = []
    days_seen = set()
    for snapshot in kept[:-KEPT_SNAPSHOTS]:
        day = snapshot.taken_at // DAY_SECONDS
        if day in days_seen or snapshot.taken_at < oldest_wanted_at:
            dropped.append(snapshot)
        days_seen.add(day)
    return dropped


def _trim_before(oldest_kept: KeptSnapshot, oldest_wanted_at: float) -> str:
    by_age = f"{max(0, int(oldest_wanted_at * 1000))}-0"
    return min(by_age, oldest_kept.last_id, key=id_order)
