"""Reading the journal: a stream of entries, and snapshots that say which entry they reach to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import msgspec
import structlog

from router.core.entry import Entry, decode
from router.errors import StoreError
from router.store.client import STORE_TROUBLE, Client, open_client

STREAM = "decroche:journal"
FIELD = b"entry"
SNAPSHOT_INDEX = "decroche:snapshots"
"""A sorted set: the stream ids of the kept snapshots, by the epoch second they were taken at."""

BEGINNINGS = "decroche:snapshots:begun"
"""A set: the stream ids of those of them that a journal begins anew with."""

BEFORE_ALL = "0-0"
"""The stream id before every entry."""

NEWEST = ("XREVRANGE", STREAM, "+", "-", "COUNT", 1)
"""Asks for the newest entry."""

PAGE_ENTRIES = 1000
"""Entries fetched in one round trip: some 200 KB, so that one reply stays well in its deadline."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Recovered:
    """What the journal held. `entries` are those after the snapshot, or all where it is None."""

    snapshot: bytes | None = None
    entries: list[Entry] = field(default_factory=list)
    unreadable_entries: int = 0
    complete: bool = True
    """False where the store could not be read: then this is empty and says nothing of the past."""
    last_id: str = BEFORE_ALL
    ids: list[str] = field(default_factory=list, compare=False)
    """The stream ids of the entries."""


class KeptSnapshot(NamedTuple):
    """The stream id of the last entry in a snapshot, and the epoch second it was taken at."""

    last_id: str
    taken_at: float
    begins: bool = False
    """A daemon's first, or the first after an outage: what led to it may be in no entry."""


def snapshot_key(last_id: str) -> str:
    """Give the key of the snapshot that reaches to this entry."""
    return f"decroche:snapshot:{last_id}"


def id_order(stream_id: str) -> tuple[int, int]:
    """Give the place of a stream id (`milliseconds-sequence`) among others."""
    milliseconds, _, sequence = stream_id.partition("-")
    return int(milliseconds), int(sequence or 0)


async def kept_snapshots(client: Client) -> list[KeptSnapshot]:
    """List the snapshots, oldest first, in the journal's own order (a clock can be set back)."""
    index = await client.zrange(SNAPSHOT_INDEX, 0, -1, withscores=True)
    pairs = cast("list[tuple[bytes, float]]", index)
    begun = await cast("Awaitable[set[bytes]]", client.smembers(BEGINNINGS))
    kept = [
        KeptSnapshot(member.decode(), float(taken_at), member in begun)
        for member, taken_at in pairs
    ]
    return sorted(kept, key=lambda snapshot: id_order(snapshot.last_id))


async def last_id(client: Client) -> str:
    """Give the stream id of the newest entry."""
    return newest_id(await client.xrevrange(STREAM, count=1))


def newest_id(answer: object) -> str:
    """Read the stream id of the newest entry from what the store says to `NEWEST`."""
    newest = cast("list[tuple[bytes, object]]", answer)
    return newest[0][0].decode() if newest else BEFORE_ALL


async def snapshot_of(client: Client, snapshot: KeptSnapshot) -> bytes | None:
    """Read a snapshot; None where it is not there."""
    return cast("bytes | None", await client.get(snapshot_key(snapshot.last_id)))


async def read_from(client: Client, snapshots: list[KeptSnapshot]) -> Recovered:
    """Read the newest of these snapshots that is there, and all the entries after it."""
    for snapshot in reversed(snapshots):
        data = await snapshot_of(client, snapshot)
        if data is not None:
            return await _with_entries_after(client, snapshot.last_id, data)
        log.error("journal_snapshot_missing", snapshot=snapshot.last_id)
    return await _with_entries_after(client, BEFORE_ALL, None)


async def history(client: Client, since: float) -> Recovered:
    """Read what is needed to know the state from the epoch second `since` on: see `Recovered`."""
    kept = await kept_snapshots(client)
    return await read_from(client, [snapshot for snapshot in kept if snapshot.taken_at <= since])


async def read_history(url: str, since: float) -> Recovered:
    """Read the journal of a running daemon from another process; nothing is written.

    Raises
    ------
    StoreError
        if the store cannot be read.

    """
    client = open_client(url)
    try:
        return await history(client, since)
    except STORE_TROUBLE as error:
        raise StoreError(f"the journal cannot be read: {error}") from error
    finally:
        await client.aclose()


async def _with_entries_after(client: Client, after: str, snapshot: bytes | None) -> Recovered:
    entries: list[Entry] = []
    ids: list[str] = []
    unreadable = 0
    newest = after
    async for entry_id, payload in _payloads_after(client, after):
        newest = entry_id
        try:
            entries.append(decode(payload))
            ids.append(entry_id)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            unreadable += 1
            log.warning("journal_entry_unreadable", entry=entry_id, problem=type(error).__name__)
    return Recovered(snapshot, entries, unreadable, last_id=newest, ids=ids)


async def _payloads_after(client: Client, after: str) -> AsyncIterator[tuple[str, bytes]]:
    while True:
        page = await client.xrange(STREAM, min=f"({after}", count=PAGE_ENTRIES)
        rows = cast("list[tuple[bytes, dict[bytes, bytes]]]", page)
        for row_id, fields in rows:
            yield row_id.decode(), fields.get(FIELD, b"")
        if len(rows) < PAGE_ENTRIES:
            return
        after = rows[-1][0].decode()
