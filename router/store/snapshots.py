"""Writing snapshots: which are kept, and how much of the stream before them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from redis.exceptions import ResponseError

from router.store.client import Client
from router.store.lease import Lease, StoreCommand
from router.store.stream import (
    BEGINNINGS,
    SNAPSHOT_INDEX,
    STREAM,
    KeptSnapshot,
    id_order,
    kept_snapshots,
    snapshot_key,
)

KEPT_SNAPSHOTS = 5
"""The newest ones, all kept: a daemon that cannot read its newest still has others."""

KEPT_BEGINNINGS = 50
"""Those that a journal begins anew with, besides: no entry leads to them. A daemon that ends and
starts again all night fills no store with them."""

DAY_SECONDS = 86_400.0


async def write_snapshot(
    client: Client, lease: Lease, data: bytes, newest: KeptSnapshot, journal_days: float
) -> None:
    """Store a snapshot, and drop the snapshots and entries that nobody needs any more, at once.

    Raises
    ------
    Superseded
        if a newer daemon writes the journal now.

    """
    before = await kept_snapshots(client)
    kept = [old for old in before if old.last_id != newest.last_id]
    # What no entry leads to is not led to by one that is taken at the same place later, either.
    begins = any(old.begins for old in before if old.last_id == newest.last_id)
    kept.append(newest._replace(begins=newest.begins or begins))
    oldest_wanted_at = newest.taken_at - journal_days * DAY_SECONDS
    dropped = superseded(kept, oldest_wanted_at)
    oldest_kept = next(snapshot for snapshot in kept if snapshot not in dropped)
    commands: list[StoreCommand] = [
        ("SET", snapshot_key(newest.last_id), data),
        ("ZADD", SNAPSHOT_INDEX, newest.taken_at, newest.last_id),
    ]
    if newest.begins:
        commands.append(("SADD", BEGINNINGS, newest.last_id))
    for snapshot in dropped:
        commands.append(("DEL", snapshot_key(snapshot.last_id)))
        commands.append(("ZREM", SNAPSHOT_INDEX, snapshot.last_id))
        commands.append(("SREM", BEGINNINGS, snapshot.last_id))
    commands.append(("XTRIM", STREAM, "MINID", "~", _trim_before(oldest_kept, oldest_wanted_at)))
    await lease.run(client, commands)
    if dropped:
        await _have_the_disk_forget(client)


def superseded(kept: Sequence[KeptSnapshot], oldest_wanted_at: float) -> list[KeptSnapshot]:
    """Say which snapshots to drop, of these, given oldest first.

    The newest few stay, and the first of each day that is still wanted: from there `explain` can
    follow a call of last week without every state in between being kept. So do those that a
    journal begins anew with: without them a report is wrong for the rest of that day.
    """
    dropped = []
    days_seen = set()
    beginnings = [snapshot for snapshot in kept if snapshot.begins][-KEPT_BEGINNINGS:]
    for snapshot in kept[:-KEPT_SNAPSHOTS]:
        day = snapshot.taken_at // DAY_SECONDS
        is_needed = day not in days_seen or snapshot in beginnings
        if not is_needed or snapshot.taken_at < oldest_wanted_at:
            dropped.append(snapshot)
        days_seen.add(day)
    return dropped


async def _have_the_disk_forget(client: Client) -> None:
    """Have the append-only file written anew, in which all that was dropped still stands."""
    # Refused where it is being done already, or to an account without the right: the store then
    # does it by itself when that file has grown enough.
    with suppress(ResponseError):
        await client.bgrewriteaof()


def _trim_before(oldest_kept: KeptSnapshot, oldest_wanted_at: float) -> str:
    by_age = f"{max(0, int(oldest_wanted_at * 1000))}-0"
    return min(by_age, oldest_kept.last_id, key=id_order)
