from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from router.core.entry import Entry
from router.observe.metrics import Metrics
from router.store import journal as journal_module
from router.store import lease as lease_module
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.journal import APPEND_DEADLINE_SECONDS, Journal
from router.store.lease import CONFIRM_SECONDS
from router.store.stream import kept_snapshots, read_from, read_history
from tests.store.recovered import recovered

pytestmark = pytest.mark.slow

OpenJournal = Callable[..., Journal]
Arrivals = Callable[..., list[Entry]]

LEFT_SECONDS = 30.0


def at_once(appending: Coroutine[None, None, bool]) -> bool:
    """Give what it says without ever waiting: neither for the store nor for the clock."""
    with pytest.raises(StopIteration) as ended:
        appending.send(None)
    said: bool = ended.value.value
    return said


def signalled(store: EmbeddedStore, sign: signal.Signals) -> None:
    assert store.pid is not None
    os.kill(store.pid, sign)


def test_a_killed_store_loses_nothing_that_was_acknowledged(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    acknowledged: list[Entry] = []

    async def write_until_the_store_is_gone() -> None:
        journal = journal_on(store)
        for n in range(0, 100_000, 3):
            if n == 300:
                asyncio.get_running_loop().call_soon(signalled, store, signal.SIGKILL)
            group = arrivals(3, first=n)
            if not await journal.append(group):
                break
            acknowledged.extend(group)
        await journal.close()

    async def check() -> None:
        await write_until_the_store_is_gone()
        await store.start()
        entries = (await journal_on(store).read_back()).entries
        assert len(acknowledged) >= 300
        assert entries[: len(acknowledged)] == acknowledged
        assert len(entries) - len(acknowledged) in {0, 3}, "a group is stored whole or not at all"

    asyncio.run(check())


def test_a_killed_store_is_brought_back_and_a_fresh_snapshot_closes_the_gap(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        journal = journal_on(store, take_snapshot=lambda: b"after the gap")
        await journal.append(arrivals(1))
        assert await journal.save_snapshot(b"before it")
        assert await journal.append(arrivals(1, first=9))
        first = store.pid
        signalled(store, signal.SIGKILL)
        assert not await journal.append(arrivals(1, first=1))
        await recovered(journal)
        assert store.pid != first
        assert await journal.append(arrivals(1, first=2))
        assert await journal.save_snapshot(b"and later")
        await journal.close()
        client = open_client(store.url)
        *_, after_it, later = await kept_snapshots(client)
        assert (after_it.begins, later.begins) == (True, False)
        back = await read_from(client, [after_it])
        assert (back.snapshot, back.entries) == (b"after the gap", arrivals(1, first=2))
        await client.aclose()

    asyncio.run(check())


def test_a_frozen_store_holds_nobody_up_and_is_taken_back_when_it_wakes(
    store: EmbeddedStore, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert APPEND_DEADLINE_SECONDS + CONFIRM_SECONDS < 1.0

    async def check() -> None:
        metrics = Metrics()
        journal = Journal(store.url, take_snapshot=lambda: b"fresh", metrics=metrics)
        await journal.read_back()
        assert await journal.append(arrivals(1))
        assert b"decroche_journal_connected 1.0" in metrics.render()

        signalled(store, signal.SIGSTOP)
        with capture_logs() as lines, monkeypatch.context() as in_service:
            in_service.setattr(journal_module, "APPEND_DEADLINE_SECONDS", APPEND_DEADLINE_SECONDS)
            in_service.setattr(lease_module, "CONFIRM_SECONDS", CONFIRM_SECONDS)
            # It never answers: by these two alone does it end.
            assert not await journal.append(arrivals(1, first=1))
            for n in range(100):
                assert not at_once(journal.append(arrivals(1, first=n)))
        assert [(line["event"], line["log_level"]) for line in lines] == [("journal_down", "error")]
        assert b"decroche_journal_connected 0.0" in metrics.render()

        with capture_logs() as lines:
            signalled(store, signal.SIGCONT)
            await recovered(journal)
        assert [line["event"] for line in lines if line["log_level"] != "debug"] == ["journal_up"]
        assert b"decroche_journal_connected 1.0" in metrics.render()
        assert await journal.append(arrivals(1, first=7))
        await journal.close()
        back = await read_history(store.url, since=time.time())
        assert (back.snapshot, back.entries) == (b"fresh", arrivals(1, first=7))

    asyncio.run(check())


def test_a_group_that_comes_while_the_store_is_taken_back_follows_the_snapshot(
    store: EmbeddedStore, arrivals: Arrivals
) -> None:
    async def check() -> None:
        came_meanwhile: list[asyncio.Task[bool]] = []

        def take_snapshot() -> bytes:
            # The engine's loop goes on at this very instant.
            came_meanwhile.append(asyncio.create_task(journal.append(arrivals(1, first=1))))
            return b"before it"

        journal = Journal(
            store.url, take_snapshot=take_snapshot, metrics=Metrics(), revive=store.start
        )
        signalled(store, signal.SIGKILL)
        assert not await journal.append(arrivals(1))
        await recovered(journal)
        assert await came_meanwhile[0]
        await journal.close()
        back = await read_history(store.url, since=time.time())
        assert (back.snapshot, back.entries) == (b"before it", arrivals(1, first=1))

    asyncio.run(check())


def test_a_failing_snapshot_does_not_end_the_attempts_to_get_the_store_back(
    store: EmbeddedStore, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "RECOVERY_PAUSE_SECONDS", 0.01)

    async def check() -> None:
        attempts = 0

        def take_snapshot() -> bytes:
            nonlocal attempts
            attempts += 1
            if attempts == 1:
                raise ZeroDivisionError
            return b"the second time"

        journal = Journal(
            store.url, take_snapshot=take_snapshot, metrics=Metrics(), revive=store.start
        )
        signalled(store, signal.SIGKILL)
        with capture_logs() as lines:
            await journal.append(arrivals(1))
            await recovered(journal)
        assert [line["event"] for line in lines if line["log_level"] != "debug"] == [
            "journal_down",
            "journal_recovery_failed",
            "journal_up",
        ]
        await journal.close()
        assert (await read_history(store.url, since=time.time())).snapshot == b"the second time"

    asyncio.run(check())


def test_a_store_that_refuses_writes_is_a_store_that_is_gone(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        client = open_client(store.url)
        await client.config_set("maxmemory", 1)
        journal = journal_on(store)
        assert not await journal.append(arrivals(1))
        assert journal.degraded
        assert not await journal.save_snapshot(b"state")
        await client.config_set("maxmemory", 0)
        await client.aclose()
        await recovered(journal)
        assert await journal.append(arrivals(1))
        await journal.close()

    asyncio.run(check())


def test_a_daemon_that_starts_without_its_store_is_told_so_and_goes_on(
    state_dir: Path,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal_module, "READ_BACK_DEADLINE_SECONDS", 0.1)

    async def check() -> None:
        store = EmbeddedStore(state_dir)
        journal = Journal(store.url, take_snapshot=lambda: b"now", metrics=Metrics())
        back = await journal.read_back()
        assert (back.complete, back.snapshot, back.entries) == (False, None, [])
        assert not await journal.append(arrivals(1))
        await store.start()
        await recovered(journal)
        assert await journal.append(arrivals(1, first=1))
        await journal.close()
        assert (await journal_on(store).read_back()).snapshot == b"now"
        await store.stop()

    asyncio.run(check())


def test_a_daemon_can_leave_while_its_store_is_gone(
    store: EmbeddedStore, arrivals: Arrivals
) -> None:
    async def check() -> None:
        journal = Journal(store.url, take_snapshot=bytes, metrics=Metrics())
        signalled(store, signal.SIGKILL)
        await journal.append(arrivals(1))
        await asyncio.wait_for(journal.close(), LEFT_SECONDS)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(check())
