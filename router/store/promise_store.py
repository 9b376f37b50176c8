"""Promises on durable storage: what is confirmed here outlives the store's own death."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any, Final, cast

import structlog
from redis.exceptions import ResponseError

from router.errors import StoreError
from router.store.client import PROMISES_NAME, STORE_TROUBLE, Client, open_client
from router.store.kept_numbers import CLOSED, LIVE, NAME, PROMISES, TAKEN, Kept, Place, read_kept
from router.store.lease import Lease, StoreCommand

WRITE_DEADLINE_SECONDS: Final = 1.8
"""A caller who asked for a call-back is told within 2 s whether it is noted."""

READ_DEADLINE_SECONDS: Final = 10.0
"""At the start, beside the loop."""

LOOK_DEADLINE_SECONDS: Final = 0.5
"""For a look between two writes: the next one may already wait behind it."""

ACKNOWLEDGE_MS: Final = 1_700
"""For the disk, and the replicas, to confirm: just before we give up ourselves."""

KNOWS_WAITAOF: Final = (7, 2)
"""The Redis from which on one can wait for the disk, and Valkey, which says to be one."""

log = structlog.get_logger(__name__)


MARK: Final = "written"
"""Where, beside the store's name, each write leaves a mark of its own: a store in which the next
one does not find it has lost that write, and maybe others before it."""

MARK_BYTES: Final = 8


_SHELVES: Final = (LIVE, PROMISES, TAKEN, CLOSED, NAME)


class PromiseStore:
    """Writes groups of changes, and says that they are there only once they are on disk.

    `replicas` is how many of them have to confirm as well. Nothing is ever sent again: whoever
    writes knows by an exception that it is not known whether a group is there. With a newer daemon
    on the store, each of its methods raises `Superseded`, and nothing is there.
    """

    def __init__(self, url: str, replicas: int = 0, lease: Lease | None = None) -> None:
        self._url = url
        self._replicas = replicas
        self._lease = lease or Lease(url)
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._waits_for_disk = False
        self._evicts = False
        self._writing = asyncio.Lock()
        self._mark: bytes | None = None
        """That of the last write that was confirmed."""
        self._next_mark: bytes | None = None
        """That of those writes since of which nothing is known."""
        self.may_lack = False
        """Whether the server behind the address may lack what was confirmed: another one has taken
        its place, or it came up without its file. Whoever writes all of it anew resets this."""

    async def write(self, changes: Mapping[Place, bytes | None]) -> None:
        """Put these changes on durable storage, in one round trip.

        Raises
        ------
        StoreError
            if they are not known to be there: some of them may be, now or later.

        """
        try:
            async with asyncio.timeout(WRITE_DEADLINE_SECONDS):
                client = await self._connected()
                if self._evicts:
                    # What is seen of it anew is seen as it connects.
                    await self.close()
                    raise StoreError("it may evict promises: expected maxmemory-policy noeviction")
                async with self._writing:
                    await self._write_marked(client, changes)
        except STORE_TROUBLE as error:
            await self.close()
            raise StoreError(f"not stored: {type(error).__name__}: {error}") from error

    async def look(self) -> None:
        """See whether what was written last is still there; else it `may_lack` more.

        Raises
        ------
        StoreError
            if the store cannot be asked.

        """
        try:
            async with asyncio.timeout(LOOK_DEADLINE_SECONDS):
                client = await self._connected()
                (found,) = await self._lease.run(client, [("HGET", NAME, MARK)])
        except STORE_TROUBLE as error:
            await self.close()
            raise StoreError(f"cannot be asked: {type(error).__name__}: {error}") from error
        self._compare(found)

    async def read(self) -> Kept:
        """Read all that is kept.

        Raises
        ------
        StoreError
            if the store cannot be read.

        """
        try:
            async with asyncio.timeout(READ_DEADLINE_SECONDS):
                client = await self._connected()
                # What an older daemon still has on the way is refused from here on, not missed.
                await self._lease.run(client, [])
                rows = [await cast("Any", client.hgetall(one)) for one in _SHELVES]
        except STORE_TROUBLE as error:
            await self.close()
            raise StoreError(f"promises cannot be read: {type(error).__name__}: {error}") from error
        return read_kept(*rows)

    async def check(self) -> None:
        """See whether the store can promise that what it confirms is on disk.

        Raises
        ------
        StoreError
            if it cannot, with what is expected of it.

        """
        await self.write({})

    async def close(self) -> None:
        """Leave the store. What is still on the way may yet arrive there."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None:
                client = open_client(self._url, PROMISES_NAME, WRITE_DEADLINE_SECONDS)
                try:
                    version = str((await client.info("server"))["redis_version"])
                    memory = await client.info("memory")
                except BaseException:
                    await client.aclose()
                    raise
                self._waits_for_disk = _parts(version) >= KNOWS_WAITAOF
                self._evicts = may_evict(memory)
                self._client = client
            return self._client

    async def _write_marked(self, client: Client, changes: Mapping[Place, bytes | None]) -> None:
        self._next_mark = mark = self._next_mark or secrets.token_hex(MARK_BYTES).encode()
        answers = await self._send(client, {(NAME, MARK): mark, **changes})
        self._judge(answers)
        found, *_ = answers[0]
        self._compare(found)
        self._mark, self._next_mark = mark, None

    def _compare(self, found: bytes | None) -> None:
        """Hold the mark that was there against the one that was left."""
        if self._mark is None or found == self._mark:
            return
        # One that was left by a write without an answer: on which server is not known.
        if found != self._next_mark and not self.may_lack:
            log.error("promise_store_forgot", effect="all that is owed is written anew")
        self.may_lack = True

    async def _send(self, client: Client, changes: Mapping[Place, bytes | None]) -> list[Any]:
        await self._lease.hold(client)
        # One connection for all of it: what is waited for is what was written on the same one.
        async with client.pipeline(transaction=False) as group:
            written = [_command(place, one) for place, one in changes.items()]
            cast("Any", group).eval(*self._lease.fenced([("HGET", NAME, MARK), *written]))
            if self._waits_for_disk:
                group.execute_command("WAITAOF", 1, self._replicas, ACKNOWLEDGE_MS)
            else:
                group.config_get("appendonly")
                group.config_get("appendfsync")
                group.execute_command("WAIT", self._replicas, ACKNOWLEDGE_MS)
            return await group.execute(raise_on_error=False)

    def _judge(self, answers: list[Any]) -> None:
        for answer in answers:
            if isinstance(answer, ResponseError):
                self._lease.judge(answer)
                raise StoreError(f"not stored: {answer}") from answer
            if isinstance(answer, Exception):
                raise StoreError(f"not stored: {type(answer).__name__}") from answer
        if self._waits_for_disk:
            disks, replicas = answers[1]
        else:
            settings = {**answers[1], **answers[2]}
            disks, replicas = int(_syncs_each_write(settings)), answers[3]
        if disks < 1:
            raise StoreError("not on disk: expected appendonly yes and appendfsync always")
        if replicas < self._replicas:
            raise StoreError(f"{replicas} of {self._replicas} replicas have confirmed")


def _command(place: Place, content: bytes | None) -> StoreCommand:
    shelf, name = place
    return ("HDEL", shelf, name) if content is None else ("HSET", shelf, name, content)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def may_evict(memory: Mapping[str, Any]) -> bool:
    """Say whether a store, when full, makes room by what nobody has given a time to live."""
    is_bounded = int(memory.get("maxmemory", 0)) > 0
    return is_bounded and str(memory.get("maxmemory_policy")).startswith("allkeys")


def _syncs_each_write(settings: Mapping[str, str]) -> bool:
    return settings.get("appendonly") == "yes" and settings.get("appendfsync") == "always"
