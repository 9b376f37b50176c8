"""The journal: what happened, on durable storage before what it causes leaves the process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import cast

import structlog
from redis.exceptions import BusyLoadingError, RedisError

from router.core.entry import Entry, encode
from router.errors import StoreError, Superseded
from router.observe.metrics import Metrics
from router.store import stream
from router.store.client import (
    PROMISES_NAME,
    STORE_TROUBLE,
    WRITER_NAME,
    Client,
    fence_off_other_writers,
    open_client,
    warn_if_not_durable,
)
from router.store.late_past import LatePast
from router.store.lease import Lease, StoreCommand
from router.store.snapshots import write_snapshot
from router.store.stream import FIELD, STREAM, KeptSnapshot, Recovered

APPEND_DEADLINE_SECONDS = 0.5
"""Callers wait behind the journal: beyond this they are served without it."""

SNAPSHOT_DEADLINE_SECONDS = 2.0
"""A snapshot is some megabytes at most, and is seldom; more than this is a sick disk."""

READ_BACK_DEADLINE_SECONDS = 10.0
"""At the start, when nobody is served yet but by the dialplan's fallback: so long a store may be
away that was started together with us. Without it nobody's `off` and no promise's past is known."""

READING_DEADLINE_SECONDS = 10.0
"""For one reading: a month's journal takes a second or two."""

LOADING_DEADLINE_SECONDS = 40.0
"""One that says that it still reads its file will have it soon: worth more of the fallback's time,
but less than a service manager waits for our start."""

ASK_EVERY_SECONDS = 1.0
"""Between two words with the store: one who slept for longer has it asked, before all else, whether
somebody has taken over meanwhile."""

RECOVERY_PAUSE_SECONDS = 0.5
"""Between two attempts to get the store back: soon, and no load on a store that is starting."""

log = structlog.get_logger(__name__)


class Forgot(RedisError):  # noqa: N818 - it says what happened
    """The server behind the address lacks what it had confirmed: it was emptied, or is another."""


class Journal:
    """Writes entries and snapshots, and goes on without them while the store is gone.

    `take_snapshot` gives the engine's state at that instant; it is called when a lost store is
    back, or has forgotten, since what happened before is in no entry. `revive`, if given, is
    awaited before each attempt to get the store back (the embedded store's `start`). What it writes
    is fenced by `lease`: with a newer daemon on the store, each of its methods raises `Superseded`.
    """

    def __init__(
        self,
        url: str,
        *,
        take_snapshot: Callable[[], bytes],
        metrics: Metrics,
        revive: Callable[[], Awaitable[object]] | None = None,
        journal_days: float = 30.0,
        lease: Lease | None = None,
    ) -> None:
        self._url = url
        self._take_snapshot = take_snapshot
        self._metrics = metrics
        self._revive = revive
        self._journal_days = journal_days
        self._lease = lease or Lease(url)
        self._client = open_client(url, WRITER_NAME)
        self.late = LatePast()
        self._heard_at = 0.0
        self._writing = asyncio.Lock()
        self._last_id = stream.BEFORE_ALL
        self._knows_end = False
        """Whether that is the store's newest entry, as long as it keeps what it has confirmed."""
        self._degraded = False
        self._is_gap = True
        """Whether since the last snapshot something may have come about that no entry tells."""
        self._recovery: asyncio.Task[None] | None = None

    @property
    def degraded(self) -> bool:
        """Whether events are being handled without having been stored."""
        return self._degraded

    async def read_back(self) -> Recovered:
        """Read the last snapshot and what came after it. Call this once, before all else.

        A store that is away is waited for, `READ_BACK_DEADLINE_SECONDS`. After that the answer is
        empty, its `complete` is False, and the journal is degraded; `late` tells it once it can.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        while True:
            try:
                recovered = await self._read()
                break
            except STORE_TROUBLE as error:
                if clock() - began >= _patience_seconds(error):
                    self.late.missed()
                    self._degrade(error)
                    return Recovered(complete=False)
                log.warning("journal_awaited", problem=type(error).__name__)
            await asyncio.sleep(RECOVERY_PAUSE_SECONDS)
        self._last_id, self._knows_end = recovered.last_id, True
        self._metrics.journal_unreadable_entries.inc(recovered.unreadable_entries)
        self._metrics.journal_connected.set(1)
        return recovered

    async def append(self, entries: Sequence[Entry]) -> bool:
        """Store a group of entries, all or none, in one round trip; say whether it is durable.

        Takes `APPEND_DEADLINE_SECONDS` at the most, and `CONFIRM_SECONDS` once more where it
        fails; no time at all once the journal is degraded. After False the group may still be in
        the stream, but always before the next snapshot. With no entries, it is only asked whether
        we may go on.

        Raises
        ------
        Superseded
            if a newer daemon writes the journal now: nothing of this group is to be done.

        """
        self._lease.check()
        if self._degraded:
            return False
        writable = [payload for payload in map(_payload, entries) if payload is not None]
        silent = time.monotonic() - self._heard_at >= ASK_EVERY_SECONDS
        if (writable or silent) and not await self._store(writable):
            return False
        return len(writable) == len(entries)

    async def save_snapshot(self, data: bytes) -> bool:
        """Store the state that all entries appended so far have led to; say whether it is durable.

        Await it where entries are appended, so that no entry comes between `data` and the call.
        """
        last_id = self._last_id
        self._lease.check()
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

    async def _read(self) -> Recovered:
        async with asyncio.timeout(READING_DEADLINE_SECONDS):
            await self._cut_off_others(self._client)
            await warn_if_not_durable(self._client)
            kept = await stream.kept_snapshots(self._client)
            return await stream.read_from(self._client, kept)

    async def _store(self, payloads: list[bytes]) -> bool:
        try:
            async with asyncio.timeout(APPEND_DEADLINE_SECONDS), self._writing:
                if self._degraded:
                    return False
                with self._metrics.journal_write_seconds.time():
                    await self._write(payloads)
        except STORE_TROUBLE as error:
            # Who takes over cuts us off first. That must not pass for a store that is gone.
            await self._lease.confirm()
            self._degrade(error)
            return False
        self._heard_at = time.monotonic()
        return True

    async def _write(self, payloads: list[bytes]) -> None:
        added: list[StoreCommand] = [("XADD", STREAM, "*", FIELD, one) for one in payloads]
        newest, *ids = await self._lease.run(self._client, [stream.NEWEST, *added])
        found, expected = stream.newest_id(newest), self._last_id
        self._last_id = cast("bytes", ids[-1]).decode() if ids else found
        if self._knows_end and found != expected:
            log.error("journal_forgot", effect="it begins anew with a snapshot")
            raise Forgot("it lacks what it had confirmed")
        self._knows_end = True

    async def _write_snapshot(self, data: bytes, last_id: str) -> None:
        newest = KeptSnapshot(last_id, time.time(), begins=self._is_gap)
        # Noted before: a group that fails meanwhile is in no entry, and in this snapshot neither.
        self._is_gap = False
        try:
            async with asyncio.timeout(SNAPSHOT_DEADLINE_SECONDS):
                await write_snapshot(self._client, self._lease, data, newest, self._journal_days)
        except BaseException:
            self._is_gap = True
            raise

    async def _cut_off_others(self, client: Client) -> None:
        """Have only us write from now on; who is older than another one cuts nobody off."""
        if self._lease.epoch is not None:
            await self._lease.run(client, [])
            await fence_off_other_writers(client, WRITER_NAME)
            return
        # Before the epoch is taken: one that a daemon asked for which is gone is never given then.
        await fence_off_other_writers(client, WRITER_NAME, PROMISES_NAME)
        await self._lease.hold(client)

    def _degrade(self, error: BaseException) -> None:
        self._degraded = self._is_gap = True
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
            except Superseded:
                self._recovery = None
                return
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
            await self._cut_off_others(self._client)
            self._last_id, self._knows_end = await stream.last_id(self._client), True
        await self.late.read(self._client)
        async with self._writing:
            # From this very instant groups queue behind the snapshot, so that none is missing.
            self._degraded = False
            await self._write_snapshot(self._take_snapshot(), self._last_id)


def _patience_seconds(error: BaseException) -> float:
    # Over a unix socket the client has it as the cause of an error of its own.
    is_loading = isinstance(error.__cause__ or error, BusyLoadingError)
    return LOADING_DEADLINE_SECONDS if is_loading else READ_BACK_DEADLINE_SECONDS


def _payload(entry: Entry) -> bytes | None:
    try:
        return encode(entry)
    except UnicodeEncodeError:
        # Half a surrogate pair, out of somebody's headers.
        log.warning("journal_entry_unwritable", event_type=type(entry.event).__name__)
        return None
