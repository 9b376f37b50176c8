"""The journal of a daemon, read from its store while it runs; nothing is written there."""

from __future__ import annotations

from pathlib import Path

from router.config import load
from router.core.events import EngineStarted
from router.errors import DecrocheError, StoreError
from router.store.client import STORE_TROUBLE, open_client
from router.store.places import store_places
from router.store.stream import kept_snapshots, read_from
from simulations.replay.journal import Journal

SCHEMES = ("redis://", "rediss://", "unix://")


async def journal_of_config(config: Path) -> Journal:
    """Read the whole journal of the daemon that has this config.

    Raises
    ------
    ConfigError, StoreError
        if the config cannot be used, or the store not be read.

    """
    store = load(config).store
    try:
        return await journal_at(store.redis_url or store_places(store.state_dir).url, str(config))
    except StoreError as error:
        hint = "; the embedded store runs as long as the daemon does: start it"
        raise StoreError(f"{error}{'' if store.redis_url else hint}") from error


async def journal_at(url: str, source: str) -> Journal:
    """Read the whole journal at a store's address, from the oldest state that is kept.

    Parameters
    ----------
    url
        `redis://...`, `rediss://...` or `unix://...`.
    source
        what the journal is called in words: an address may hold a password.

    Raises
    ------
    StoreError
        if the store cannot be read.

    """
    client = open_client(url)
    try:
        found = await read_from(client, [])
        if not (found.entries and isinstance(found.entries[0].event, EngineStarted)):
            found = await read_from(client, (await kept_snapshots(client))[:1])
    except STORE_TROUBLE as error:
        raise StoreError(f"the journal cannot be read: {error}") from error
    finally:
        await client.aclose()
    if not found.entries:
        raise DecrocheError(f"{source}: the journal is empty")
    unreadable = found.unreadable_entries
    notes = (f"{source}: {unreadable} entries cannot be read, left out",) if unreadable else ()
    return Journal(
        source, tuple(found.entries), found.snapshot, 1 + (found.snapshot is not None), notes
    )
