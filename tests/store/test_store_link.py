"""A link to the store that loses replies, or delivers late, must not write what was given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.exceptions import TimeoutError as ReplyTimeoutError

from router.core.entry import Entry
from router.store import client as client_module
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.stream import STREAM

OpenJournal = Callable[..., Journal]
Arrivals = Callable[..., list[Entry]]

DEADLINE_SECONDS = 10


class BadLink:
    """Passes everything on, except that it can lose replies to writes, or hold writes back."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self.loses_replies = False
        self.holds_writes = False
        self.let_go = asyncio.Event()
        self.delivered_late = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._server)
        while request := await reader.read(65536):
            is_write = b"XADD" in request
            held = is_write and self.holds_writes
            if held:
                await self.let_go.wait()
            server_writer.write(request)
            reply = await server_reader.read(65536)
            if held:
                self.delivered_late.set()
            if not (is_write and self.loses_replies):
                writer.write(reply)
        server_writer.close()
        writer.close()


@asynccontextmanager
async def bad_link(state_dir: Path) -> AsyncIterator[tuple[BadLink, str]]:
    link = BadLink(state_dir / "store" / "store.sock")
    socket = state_dir / "link.sock"
    async with await asyncio.start_unix_server(link.serve, socket):
        yield link, f"unix://{socket}"


async def entries_stored(store: EmbeddedStore) -> int:
    client = open_client(store.url)
    stored = await client.xlen(STREAM)
    await client.aclose()
    return stored


def test_a_command_whose_reply_was_lost_is_not_sent_again(
    store: EmbeddedStore, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "REPLY_DEADLINE_SECONDS", 0.1)

    async def check() -> None:
        async with bad_link(state_dir) as (link, url):
            link.loses_replies = True
            client = open_client(url)
            with pytest.raises(ReplyTimeoutError):
                await client.xadd(STREAM, {"once": "only"})
            await client.aclose()
        assert await entries_stored(store) == 1

    asyncio.run(check())


def test_a_group_whose_reply_was_lost_is_stored_once(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals, state_dir: Path
) -> None:
    async def check() -> None:
        async with bad_link(state_dir) as (link, url):
            journal = journal_on(store, url=url)
            link.loses_replies = True
            assert not await journal.append(arrivals(2))
            link.loses_replies = False
            assert journal._recovery is not None
            await asyncio.wait_for(journal._recovery, DEADLINE_SECONDS)
            await journal.close()
        assert await entries_stored(store) == 2

    asyncio.run(check())


def test_a_group_that_was_given_up_is_not_stored_when_it_arrives_late(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals, state_dir: Path
) -> None:
    async def check() -> None:
        async with bad_link(state_dir) as (link, url):
            journal = journal_on(store, url=url)
            link.holds_writes = True
            assert not await journal.append(arrivals(2))
            link.holds_writes = False
            assert journal._recovery is not None
            await asyncio.wait_for(journal._recovery, DEADLINE_SECONDS)
            link.let_go.set()
            await asyncio.wait_for(link.delivered_late.wait(), DEADLINE_SECONDS)
            await journal.close()
        assert await entries_stored(store) == 0

    asyncio.run(check())
