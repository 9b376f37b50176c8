"""One daemon at a time: the one that was started last."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from router.core.entry import Entry
from router.errors import Superseded
from router.observe.metrics import Metrics
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.kept_numbers import TAKEN
from router.store.lease import EPOCH, Lease
from router.store.places import store_places
from router.store.promise_store import PromiseStore
from tests.store.epochs import taken
from tests.store.recovered import RECOVERED_SECONDS

Arrivals = Callable[..., list[Entry]]


def journal_of(lease: Lease, revive: Callable[[], Awaitable[object]] | None = None) -> Journal:
    return Journal(lease.url, take_snapshot=bytes, metrics=Metrics(), lease=lease, revive=revive)


def test_each_start_takes_the_next_epoch_and_keeps_it_however_often_it_is_asked_for(
    store: EmbeddedStore,
) -> None:
    async def check() -> None:
        older, newer = Lease(store.url), Lease(store.url)
        assert [await taken(older), await taken(older)] == [1, 1]
        assert [await taken(newer), await taken(newer)] == [2, 2]

    asyncio.run(check())


def test_of_those_who_start_at_once_no_two_have_the_same_epoch(store: EmbeddedStore) -> None:
    async def check() -> None:
        started = [Lease(store.url) for _ in range(20)]
        epochs = await asyncio.gather(*map(taken, started))
        assert len(set(epochs)) == len(started)

    asyncio.run(check())


def test_what_an_older_daemon_writes_is_not_written_and_it_is_told_who_is_newer(
    store: EmbeddedStore, arrivals: Arrivals
) -> None:
    async def check() -> None:
        older, newer = Lease(store.url), Lease(store.url)
        journal, promises = journal_of(older), PromiseStore(store.url, lease=older)
        await journal.read_back()
        assert await journal.append(arrivals(1))
        await promises.write({(TAKEN, "before"): b"1"})
        after_it = journal_of(newer)
        assert (await after_it.read_back()).entries == arrivals(1)

        with pytest.raises(Superseded, match=rf"epoch 2 on .* process {os.getpid()}"):
            await promises.write({(TAKEN, "after"): b"1"})
        with pytest.raises(Superseded):
            await journal.append(arrivals(1, first=1))
        with pytest.raises(Superseded):
            await journal.save_snapshot(b"of the older one")
        assert older.is_lost
        assert not newer.is_lost
        assert await after_it.append(arrivals(1, first=2))
        back = await journal_of(Lease(store.url)).read_back()
        assert (back.snapshot, back.entries) == (None, arrivals(1) + arrivals(1, first=2))
        assert (await PromiseStore(store.url).read()).taken == {"before"}

    asyncio.run(check())


def test_an_older_daemon_with_nothing_to_write_learns_it_as_it_looks_again(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.store.journal.ASK_EVERY_SECONDS", 0.0)

    async def check() -> None:
        journal = journal_of(Lease(store.url))
        await journal.read_back()
        assert await journal.append([])
        await taken(Lease(store.url))
        with pytest.raises(Superseded):
            await journal.append([])

    asyncio.run(check())


def test_an_older_daemon_does_not_take_being_cut_off_for_a_store_that_is_gone(
    store: EmbeddedStore, arrivals: Arrivals
) -> None:
    async def check() -> None:
        journal = journal_of(Lease(store.url))
        await journal.read_back()
        await journal.append(arrivals(1))
        newer = journal_of(Lease(store.url))
        await newer.read_back()
        with pytest.raises(Superseded):
            await journal.append(arrivals(1, first=1))
        assert not journal.degraded
        assert await newer.append(arrivals(1, first=2)), "the older one has cut nobody off"

    asyncio.run(check())


def test_an_older_daemon_whose_store_comes_back_leaves_it_to_the_newer_one(
    store: EmbeddedStore, arrivals: Arrivals
) -> None:
    async def check() -> None:
        newer_is_there = asyncio.Event()
        journal = journal_of(Lease(store.url), newer_is_there.wait)
        await journal.read_back()
        assert store.pid is not None
        os.kill(store.pid, signal.SIGKILL)
        assert not await journal.append(arrivals(1))
        await store.start()
        newer = journal_of(Lease(store.url))
        await newer.read_back()
        recovering = journal._recovery
        assert recovering is not None
        newer_is_there.set()
        await asyncio.wait_for(recovering, RECOVERED_SECONDS)
        with pytest.raises(Superseded):
            await journal.append(arrivals(1))
        assert await newer.append(arrivals(1, first=1))

    asyncio.run(check())


def test_a_store_that_has_lost_everything_makes_nobody_newer(
    store: EmbeddedStore, arrivals: Arrivals
) -> None:
    async def check() -> None:
        older, newer = Lease(store.url), Lease(store.url)
        await taken(older)
        journal = journal_of(newer)
        await journal.read_back()
        client = open_client(store.url)
        await client.flushall()
        assert await journal.append(arrivals(1))
        assert await client.hget(EPOCH, "number") == b"2"
        await client.aclose()
        with pytest.raises(Superseded):
            await older.confirm()

    asyncio.run(check())


def test_an_epoch_is_raised_above_one_that_a_lost_store_has_given(store: EmbeddedStore) -> None:
    async def check() -> None:
        lease = Lease(store.url)
        await taken(lease)
        assert await lease.confirm(above=7)
        assert [lease.epoch, await taken(lease), await taken(Lease(store.url))] == [8, 8, 9]

    asyncio.run(check())


def test_a_store_that_cannot_be_asked_confirms_nothing_and_denies_nothing(state_dir: Path) -> None:
    async def check() -> None:
        lease = Lease(store_places(state_dir).url)
        assert not await lease.confirm()
        assert lease.epoch is None
        assert not lease.is_lost

    asyncio.run(check())
