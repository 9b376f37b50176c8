"""A store that lacks what it had confirmed is told from ours, and one that has it all is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from router.core.entry import Entry
from router.store import journal as journal_module
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.stream import kept_snapshots, last_id
from tests.store.recovered import recovered

pytestmark = pytest.mark.slow

OpenJournal = Callable[..., Journal]
Arrivals = Callable[..., list[Entry]]


@pytest.mark.parametrize("has_more_to_say", [True, False])
def test_a_store_that_is_emptied_while_it_lives_has_the_journal_begin_anew_with_a_snapshot(
    store: EmbeddedStore,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
    *,
    has_more_to_say: bool,
) -> None:
    monkeypatch.setattr(journal_module, "ASK_EVERY_SECONDS", 0.0)

    async def check() -> None:
        journal = journal_on(store, take_snapshot=lambda: b"all of it")
        await journal.read_back()
        assert await journal.append(arrivals(2))
        assert await journal.save_snapshot(b"before it")
        client = open_client(store.url)
        await client.flushall()
        with capture_logs() as lines:
            assert not await journal.append(arrivals(1, first=2) if has_more_to_say else [])
            await recovered(journal)
        said = [line["event"] for line in lines if line["log_level"] != "debug"]
        assert said == ["journal_forgot", "journal_down", "journal_up"]
        assert await journal.append(arrivals(1, first=3))
        await journal.close()
        (begun,) = await kept_snapshots(client)
        assert begun.begins
        await client.aclose()
        back = await journal_on(store).read_back()
        assert (back.snapshot, back.entries) == (b"all of it", arrivals(1, first=3))

    asyncio.run(check())


def test_another_store_behind_the_address_is_told_from_ours(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        journal = journal_on(store, take_snapshot=lambda: b"all of it")
        await journal.read_back()
        assert await journal.append(arrivals(2))
        client = open_client(store.url)
        # As it was before the last write: a replica that was promoted in its place.
        await client.xdel("decroche:journal", await last_id(client))
        await client.aclose()
        assert not await journal.append(arrivals(1, first=2))
        await recovered(journal)
        await journal.close()
        assert (await journal_on(store).read_back()).snapshot == b"all of it"

    asyncio.run(check())


def test_a_store_that_keeps_all_is_not_taken_for_another(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        before = journal_on(store)
        assert await before.append(arrivals(2))
        assert await before.save_snapshot(b"state")
        await before.close()
        journal = journal_on(store)
        await journal.read_back()
        with capture_logs() as lines:
            assert await journal.append([])
            assert await journal.append(arrivals(2, first=2))
            assert await journal.save_snapshot(b"state")
            assert await journal.append(arrivals(1, first=4))
        assert lines == []
        await journal.close()

    asyncio.run(check())
