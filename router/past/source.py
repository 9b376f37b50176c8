"""Where a journal is: in a file, or a daemon's store, which may run on; nothing is written."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Final

from router.config import load
from router.config.shape import Store
from router.errors import DecrocheError, StoreError
from router.past.journal import Journal, Waymark, read
from router.past.stopped import copy_of_stopped
from router.store.client import STORE_TROUBLE, Client, open_client
from router.store.places import store_places
from router.store.stream import (
    KeptSnapshot,
    Recovered,
    id_order,
    kept_snapshots,
    read_from,
    snapshot_of,
)

SCHEMES = ("redis://", "rediss://", "unix://")

REPLY_SECONDS: Final = 10.0
"""No caller waits behind whoever reads: a store that rests for a moment is waited for."""


def journal_named(named: str, since: float = -inf) -> Journal:
    """Read a journal: a file, a store's address, or the config of a daemon (`*.toml`).

    Raises
    ------
    DecrocheError
        if it cannot be read.

    """
    if named.startswith(SCHEMES):
        return asyncio.run(journal_at(named, "the store", since))
    if named.endswith(".toml"):
        return asyncio.run(journal_of_config(Path(named), since))
    return read(Path(named))


async def journal_of_config(config: Path, since: float = -inf) -> Journal:
    """Read the journal of the daemon that has this config: see `journal_at`.

    Raises
    ------
    ConfigError, StoreError
        if the config cannot be used, or the store not be read.

    """
    return await journal_of_store(load(config).store, str(config), since)


async def journal_of_store(store: Store, source: str, since: float = -inf) -> Journal:
    """Read the journal of the daemon that keeps it there: see `journal_at`.

    An embedded store runs as long as its daemon does; of one that is stopped a copy is read.

    Raises
    ------
    StoreError
        if the store cannot be read.

    """
    if store.redis_url is not None:
        return await journal_at(store.redis_url, source, since)
    try:
        return await journal_at(store_places(store.state_dir).url, source, since)
    except StoreError as unanswered:
        try:
            async with copy_of_stopped(store.state_dir) as url:
                return await journal_at(url, source, since)
        except StoreError as error:
            raise StoreError(f"{unanswered}; {error}") from error


async def journal_at(url: str, source: str, since: float = -inf) -> Journal:
    """Read the journal at a store's address.

    Parameters
    ----------
    url
        `redis://...`, `rediss://...` or `unix://...`.
    source
        what the journal is called in words: an address may hold a password.
    since
        the epoch second from which on it is wanted: it begins with a state of before, or else
        with the oldest that is kept.

    Raises
    ------
    StoreError
        if the store cannot be read.

    """
    client = open_client(url, reply_seconds=REPLY_SECONDS)
    try:
        kept = await kept_snapshots(client)
        found = await _read(client, kept, since)
        waymarks = await _waymarks(client, kept, found)
    except STORE_TROUBLE as error:
        raise StoreError(f"the journal cannot be read: {error}") from error
    finally:
        await client.aclose()
    if not found.entries:
        raise DecrocheError(f"{source}: the journal is empty")
    unreadable = found.unreadable_entries
    notes = (f"{source}: {unreadable} entries cannot be read, left out",) if unreadable else ()
    return Journal(
        source,
        tuple(found.entries),
        found.snapshot,
        1 + (found.snapshot is not None),
        notes,
        waymarks,
    )


async def _read(client: Client, kept: list[KeptSnapshot], since: float) -> Recovered:
    if before := [snapshot for snapshot in kept if snapshot.taken_at <= since]:
        found = await read_from(client, before)
        if found.snapshot is not None and found.entries:
            return found
    # The very first start keeps a state, too. Without the oldest a journal that was cut could begin
    # with any other start, and lack all that was there by then.
    return await read_from(client, kept[:1])


async def _waymarks(
    client: Client, kept: Sequence[KeptSnapshot], found: Recovered
) -> tuple[Waymark, ...]:
    """Read the states that lie among the entries."""
    waymarks = []
    for one in kept:
        index = bisect_right(found.ids, id_order(one.last_id), key=id_order)
        state = await snapshot_of(client, one) if index else None
        if state is not None:
            waymarks.append(Waymark(index, one.taken_at, state, one.begins))
    return tuple(waymarks)
