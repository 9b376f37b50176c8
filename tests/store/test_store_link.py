"""A link to the store that loses replies, or delivers late, must not write what was given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.exceptions import TimeoutError as ReplyTimeoutError

from router.core.entry import Entry
from router.store import client as client_module
from router.store import journal as journal_module
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.stream import STREAM
from tests.patience import let_pass
from tests.store.recovered import recovered

pytestmark = pytest.mark.slow

OpenJournal = Callable[..., Journal]
Arrivals = Callable[..., list[Entry]]

DEADLINE_SECONDS = 40.0


class BadLink:
    """Passes everything on, except that it can lose replies to writes, or hold writes back."""

    def __init__(self, server: Path) -> None:
        self._server = server
        self.loses_replies = False
        self.has_lost_one = asyncio.Event()
        self.holds_writes = False
        self.holds_one = asyncio.Event()
        self.let_go = asyncio.Event()
        self.delivered_late = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._server)
        while request := await reader.read(65536):
            is_write = b"XADD" in request
            held = is_write and self.holds_writes
            if held:
                self.holds_one.set()
                await self.let_go.wait()
            server_writer.write(request)
            reply = await server_reader.read(65536)
            if held:
                self.delivered_late.set()
            if is_write and self.loses_replies:
                self.has_lost_one.set()
            else:
                writer.write(reply)
        server_writer.close()
        writer.close()


@asynccontextmanager
async def bad_link(state_dir: Path) -> AsyncIterator[tuple[BadLink, str]]:
    link = BadLink(state_dir / "store" / "store.sock")
    socket = state_dir / "link.sock"
    async with await asyncio.start_unix_server(link.serve, socket):
        yield link, f"unix://{socket}"


async def given_up(appending: Coroutine[None, None, bool], seen: asyncio.Event) -> None:
    """Have a group given up, once the link has seen it, for want of an answer."""
    task = asyncio.create_task(appending)
    async with asyncio.timeout(DEADLINE_SECONDS):
        await seen.wait()
    let_pass(journal_module.APPEND_DEADLINE_SECONDS)
    async with asyncio.timeout(DEADLINE_SECONDS):
        assert not await task


async def entries_stored(store: EmbeddedStore) -> int:
    client = open_client(store.url)
    stored = await client.xlen(STREAM)
    await client.aclose()
    return stored


def test_a_command_whose_reply_was_lost_is_not_sent_again(
    store: EmbeddedStore, state_dir: Path
) -> None:
    async def check() -> None:
        async with bad_link(state_dir) as (link, url):
            link.loses_replies = True
            client = open_client(url)
            adding = asyncio.ensure_future(client.xadd(STREAM, {"once": "only"}))
            async with asyncio.timeout(DEADLINE_SECONDS):
                await link.has_lost_one.wait()
            let_pass(client_module.REPLY_DEADLINE_SECONDS)
            with pytest.raises(ReplyTimeoutError):
                await adding
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
            await given_up(journal.append(arrivals(2)), link.has_lost_one)
            link.loses_replies = False
            await recovered(journal)
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
            await given_up(journal.append(arrivals(2)), link.holds_one)
            link.holds_writes = False
            await recovered(journal)
            link.let_go.set()
            await asyncio.wait_for(link.delivered_late.wait(), DEADLINE_SECONDS)
            await journal.close()
        assert await entries_stored(store) == 0

    asyncio.run(check())
