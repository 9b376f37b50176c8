"""A store that is later than the daemon, as after a power cut of both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from redis.exceptions import ResponseError
from structlog.testing import capture_logs

from router.core.entry import Entry
from router.observe.metrics import Metrics
from router.store import journal as journal_module
from router.store import late_past, stream
from router.store.client import Client
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.stream import KeptSnapshot, Recovered, read_from
from tests.store.recovered import recovered
from tests.tasks import end

pytestmark = pytest.mark.slow

OpenJournal = Callable[..., Journal]
Arrivals = Callable[..., list[Entry]]

ASKED_SECONDS = 30.0

LOADING = b"-LOADING Redis is loading the dataset in memory\r\n"


class StillLoading:
    """Stands before a store, and says for the first connections that it reads its file yet."""

    def __init__(self, store: EmbeddedStore, connections: int) -> None:
        self._socket = store.url.removeprefix("unix://")
        self._connections = connections
        self._open: list[asyncio.Task[None]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._connections:
            self._connections -= 1
            while asked := await reader.read(65536):
                writer.write(LOADING * asked.count(b"*"))
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self._socket)
        self._open.append(asyncio.create_task(_pump(far_reader, writer)))
        await _pump(reader, far_writer)

    async def close(self) -> None:
        for task in self._open:
            await end(task)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while heard := await reader.read(65536):
        writer.write(heard)
    writer.close()


async def read_back_by(url: str) -> Recovered:
    journal = Journal(url, take_snapshot=lambda: b"empty", metrics=Metrics())
    try:
        return await journal.read_back()
    finally:
        await journal.close()


def test_what_a_store_has_that_starts_later_than_the_daemon_is_read_back(
    state_dir: Path, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        store = EmbeddedStore(state_dir)
        await store.start()
        before = journal_on(store)
        assert await before.append(arrivals(2))
        await before.close()
        await store.stop()
        with capture_logs() as lines:
            reading = asyncio.create_task(read_back_by(store.url))
            async with asyncio.timeout(ASKED_SECONDS):
                while not lines:
                    await asyncio.to_thread(lambda: None)
            # It has asked in vain before this server has so much as started.
            await store.start()
            back = await reading
        assert (back.complete, back.entries) == (True, arrivals(2))
        assert {line["event"] for line in lines} == {"journal_awaited"}
        await store.stop()

    asyncio.run(check())


def test_a_store_that_still_reads_its_file_is_waited_for_longer_than_one_that_is_away(
    store: EmbeddedStore,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
    state_dir: Path,
) -> None:
    async def check() -> None:
        before = journal_on(store)
        assert await before.append(arrivals(2))
        await before.close()
        # Nobody who is only away would be asked a second time.
        monkeypatch.setattr(journal_module, "READ_BACK_DEADLINE_SECONDS", 0.0)
        door = StillLoading(store, connections=3)
        path = state_dir / "door.sock"
        async with await asyncio.start_unix_server(door.serve, path):
            back = await read_back_by(f"unix://{path}")
            await door.close()
        assert (back.complete, back.entries) == (True, arrivals(2))

    asyncio.run(check())


@pytest.mark.parametrize("troubles", [0, 2])
def test_what_could_not_be_read_at_the_start_is_told_once_the_store_is_back(
    state_dir: Path,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
    troubles: int,
) -> None:
    past, tries = asyncio.run(told_late(state_dir, journal_on, arrivals, monkeypatch, troubles))
    assert (past, tries) == ([(b"before", arrivals(2, first=1))], troubles + 1)


def test_a_past_that_cannot_be_read_at_all_does_not_keep_the_journal_from_going_on(
    state_dir: Path,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past, tries = asyncio.run(told_late(state_dir, journal_on, arrivals, monkeypatch, 1_000))
    assert (past, tries) == ([], late_past.MOST_TRIES)


async def told_late(
    state_dir: Path,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
    troubles: int,
) -> tuple[list[tuple[bytes | None, list[Entry]]], int]:
    """Start a daemon without its store, and have that come back and fail at so many readings.

    Gives what was told of the past, and at how many readings. The journal goes on after it.
    """
    monkeypatch.setattr(journal_module, "RECOVERY_PAUSE_SECONDS", 0.01)
    store = EmbeddedStore(state_dir)
    await store.start()
    before = journal_on(store)
    assert await before.append(arrivals(1))
    assert await before.save_snapshot(b"before")
    assert await before.append(arrivals(2, first=1))
    await before.close()
    await store.stop()

    past: list[tuple[bytes | None, list[Entry]]] = []
    tries = 0

    async def take(late: Recovered) -> None:
        past.append((late.snapshot, late.entries))

    async def read(client: Client, kept: list[KeptSnapshot]) -> Recovered:
        nonlocal tries
        tries += 1
        if tries <= troubles:
            raise ResponseError("no such thing")
        return await read_from(client, kept)

    journal = journal_on(store, take_snapshot=lambda: b"begun without")
    journal.late.take = take
    with monkeypatch.context() as impatient:
        impatient.setattr(journal_module, "READ_BACK_DEADLINE_SECONDS", 0.0)
        assert not (await journal.read_back()).complete
    monkeypatch.setattr(stream, "read_from", read)
    await store.start()
    await recovered(journal)
    assert await journal.append(arrivals(1, first=9))
    await journal.close()
    monkeypatch.setattr(stream, "read_from", read_from)
    back = await journal_on(store).read_back()
    assert (back.snapshot, back.entries) == (b"begun without", arrivals(1, first=9))
    await store.stop()
    return past, tries
