"""The journal: what happened, on durable storage before what it causes leaves the process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import structlog

from router.core.entry import Entry, encode
from router.errors import StoreError
from router.observe.metrics import Metrics
from router.store import stream
from router.store.client import (
    STORE_TROUBLE,
    WRITER_NAME,
    Client,
    fence_off_other_writers,
    open_client,
    warn_if_not_durable,
)
from router.store.snapshots import write_snapshot
from router.store.stream import FIELD, STREAM, KeptSnapshot, Recovered

APPEND_DEADLINE_SECONDS = 0.5
"""Callers wait behind the journal: beyond this they are served without it."""

SNAPSHOT_DEADLINE_SECONDS = 2.0
"""A snapshot is some megabytes at most, and is seldom; more than this is a sick disk."""

READ_BACK_DEADLINE_SECONDS = 10.0
"""At the start, when nobody is served yet but by the dialplan's fallback."""

RECOVERY_PAUSE_SECONDS = 0.5
"""Between two attempts to get the store back: soon, and no load on a store that is starting."""

log = structlog.get_logger(__name__)


class Journal:
    """Writes entries and snapshots, and goes on without them while the store is gone.

    `take_snapshot` gives the engine's state at that instant; it is called when a lost store is
    back, since what happened meanwhile is in no entry. `revive`, if given, is awaited before each
    attempt to get the store back (the embedded store's `start`).
    """

    def __init__(
        self,
        url: str,
        *,
        take_snapshot: Callable[[], bytes],
        metrics: Metrics,
        revive: Callable[[], Awaitable[object]] | None = None,
        journal_days: float = 30.0,
    ) -> None:
        self._url = url
        self._take_snapshot = take_snapshot
        self._metrics = metrics
        self._revive = revive
        self._journal_days = journal_days
        self._client = open_client(url, WRITER_NAME)
        self._writing = asyncio.Lock()
        self._last_id = stream.BEFORE_ALL
        self._degraded = False
        self._recovery: asyncio.Task[None] | None = None

    @property
    def degraded(self) -> bool:
        """Whether events are being handled without having been stored."""
        return self._degraded

    async def read_back(self) -> Recovered:
        """Read the last snapshot and what came after it. Call this once, before all else.

        With the store gone, the answer is empty, its `complete` is False, and the journal is
        degraded.
        """
        try:
            async with asyncio.timeout(READ_BACK_DEADLINE_SECONDS):
                await fence_off_other_writers(self._client)
                await warn_if_not_durable(self._client)
                kept = await stream.kept_snapshots(self._client)
                recovered = await stream.read_from(self._client, kept)
        except STORE_TROUBLE as error:
            self._degrade(error)
            return Recovered(complete=False)
        self._last_id = recovered.last_id
        self._metrics.journal_unreadable_entries.inc(recovered.unreadable_entries)
        self._metrics.journal_connected.set(1)
        return recovered

    async def append(self, entries: Sequence[Entry]) -> bool:
        """Store a group of entries, all or none, in one round trip; say whether it is durable.

        Never raises, and takes `APPEND_DEADLINE_SECONDS` at the most; no time at all once the
        journal is degraded. After False the group may still be in the stream, but always before
        the next snapshot.
        """
        if self._degraded:
            return False
        writable = [payload for payload in map(_payload, entries) if payload is not None]
        if writable and not await self._store(writable):
            return False
        return len(writable) == len(entries)

    async def save_snapshot(self, data: bytes) -> bool:
        """Store the state that all entries appended so far have led to; say whether it is durable.

        Await it where entries are appended, so that no entry comes between `data` and the call.
        """
        last_id = self._last_id
        if self._degraded:
            return False
        try:
            async with self._writing:
                await self._write_snapshot(data, last_id)
        except STORE_TROUBLE as error:
            self._degrade(error)
            return False
        return True

    async def history(self, since: float) -> Recovered:
        """Read what leads to the state from the epoch second `since` on.

        Raises
        ------
        StoreError
            if the store cannot be read.

        """
        return await stream.read_history(self._url, since)

    async def close(self) -> None:
        """Leave the store; what was appended is there."""
        if self._recovery is not None:
            self._recovery.cancel()
            await asyncio.wait([self._recovery])
        await self._client.aclose()

    async def _store(self, payloads: list[bytes]) -> bool:
        try:
            async with asyncio.timeout(APPEND_DEADLINE_SECONDS), self._writing:
                if self._degraded:
                    return False
                with self._metrics.journal_write_seconds.time():
                    self._last_id = await _write(self._client, payloads)
        except STORE_TROUBLE as error:
            self._degrade(error)
            return False
        return True

    async def _write_snapshot(self, data: bytes, last_id: str) -> None:
        async with asyncio.timeout(SNAPSHOT_DEADLINE_SECONDS):
            newest = KeptSnapshot(last_id, time.time())
            await write_snapshot(self._client, data, newest, self._journal_days)

    def _degrade(self, error: BaseException) -> None:
        self._degraded = True
        if self._recovery is None:
            problem = f"{type(error).__name__}: {error}"
            log.error("journal_down", problem=problem, effect="calls are routed, not journalled")
            self._metrics.journal_connected.set(0)
            self._recovery = asyncio.create_task(self._recover(), name="journal recovery")

    async def _recover(self) -> None:
        while self._degraded:
            await asyncio.sleep(RECOVERY_PAUSE_SECONDS)
            try:
                await self._begin_again()
            except (*STORE_TROUBLE, StoreError) as error:
                self._degraded = True
                log.debug("journal_still_down", problem=type(error).__name__)
            except Exception:
                # A task's end: left to itself it would go in silence, and nobody would try again.
                self._degraded = True
                log.exception("journal_recovery_failed")
        self._recovery = None
        self._metrics.journal_connected.set(1)
        log.warning("journal_up", snapshot=self._last_id)

    async def _begin_again(self) -> None:
        if self._revive is not None:
            await self._revive()
        await self._client.aclose()
        self._client = open_client(self._url, WRITER_NAME)
        async with asyncio.timeout(SNAPSHOT_DEADLINE_SECONDS):
            await fence_off_other_writers(self._client)
            self._last_id = await stream.last_id(self._client)
        async with self._writing:
            # From this very instant groups queue behind the snapshot, so that none is missing.
            self._degraded = False
            await self._write_snapshot(self._take_snapshot(), self._last_id)


def _payload(entry: Entry) -> bytes | None:
    try:
        return encode(entry)
    except UnicodeEncodeError:
        # Half a surrogate pair, out of somebody's headers.
        log.warning("journal_entry_unwritable", event_type=type(entry.event).__name__)
        return None


async def _write(client: Client, payloads: list[bytes]) -> str:
    async with client.pipeline(transaction=True) as transaction:
        for payload in payloads:
            transaction.xadd(STREAM, {FIELD: payload})
        ids = cast("list[bytes]", await transaction.execute())
    return ids[-1].decode()
