from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from router.core import events
from router.core.entry import Entry
from router.errors import StoreError
from router.observe.metrics import Metrics
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from router.store.stream import STREAM, Recovered, read_history
from router.store.vault import CallerHash

OpenJournal = Callable[..., Journal]
Arrivals = Callable[..., list[Entry]]

seconds = st.floats(min_value=0, max_value=4e9)
names = st.text(max_size=40)
callers = st.none() | names
any_event = st.one_of(
    st.builds(events.CallArrived, call=names, line=names, caller=callers, arrived=seconds),
    st.builds(events.ListenerRang, offer=names),
    st.builds(events.OfferFailed, offer=names, reason=st.sampled_from(["busy", "no_key"])),
    st.builds(events.TalkStarted, call=names, offer=names),
    st.builds(events.EngineStarted, boot=names),
    st.just(events.PbxLost()),
    st.just(events.TimeReached()),
)
groups_of_entries = st.lists(
    st.lists(st.builds(Entry, at=seconds, event=any_event), max_size=5), max_size=4
)


async def read_by_a_new_daemon(store: EmbeddedStore, journal_on: OpenJournal) -> Recovered:
    journal = journal_on(store)
    recovered = await journal.read_back()
    await journal.close()
    return recovered


@given(groups=groups_of_entries)
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_read_back_is_what_was_appended(
    store: EmbeddedStore, journal_on: OpenJournal, groups: Sequence[Sequence[Entry]]
) -> None:
    async def check() -> None:
        client = open_client(store.url)
        await client.flushall()
        await client.aclose()
        journal = journal_on(store)
        for group in groups:
            assert await journal.append(group)
        await journal.close()
        recovered = await read_by_a_new_daemon(store, journal_on)
        assert recovered.entries == [entry for group in groups for entry in group]
        assert recovered.complete

    asyncio.run(check())


def test_a_restart_reads_the_last_snapshot_and_only_what_came_after_it(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        journal = journal_on(store)
        await journal.append(arrivals(2))
        assert await journal.save_snapshot(b"after two")
        await journal.append(arrivals(1, first=2))
        assert await journal.save_snapshot(b"after three")
        await journal.append(arrivals(3, first=3))
        await journal.close()
        recovered = await read_by_a_new_daemon(store, journal_on)
        assert recovered.snapshot == b"after three"
        assert recovered.entries == arrivals(3, first=3)

    asyncio.run(check())


def test_a_snapshot_of_a_restarted_daemon_follows_what_was_read_back(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        first = journal_on(store)
        await first.append(arrivals(2))
        await first.close()
        second = journal_on(store)
        await second.read_back()
        await second.save_snapshot(b"after two")
        await second.close()
        assert await read_by_a_new_daemon(store, journal_on) == Recovered(
            b"after two", [], last_id=second._last_id
        )

    asyncio.run(check())


def test_a_long_journal_is_read_whole(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    async def check() -> None:
        journal = journal_on(store)
        await journal.append(arrivals(2001))
        await journal.close()
        assert (await read_by_a_new_daemon(store, journal_on)).entries == arrivals(2001)

    asyncio.run(check())


def test_an_unreadable_entry_is_skipped_with_one_line_and_counted(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    broken = [b"", b"not json", b'{"at": 1, "event": {"type": "Unheard"}}', b'"\xff"', b"[" * 9999]

    async def check() -> None:
        before, after = journal_on(store), journal_on(store)
        assert await before.append(arrivals(1))
        await before.close()
        client = open_client(store.url)
        for payload in broken:
            await client.xadd(STREAM, {"entry": payload})
        await client.xadd(STREAM, {"another field": "of another version"})
        await client.aclose()
        assert await after.append(arrivals(1, first=1))
        await after.close()
        metrics = Metrics()
        journal = Journal(store.url, take_snapshot=bytes, metrics=metrics)
        with capture_logs() as lines:
            recovered = await journal.read_back()
        await journal.close()
        assert recovered.entries == arrivals(2)
        unreadable = len(broken) + 1
        assert recovered.unreadable_entries == unreadable
        assert [line["event"] for line in lines] == ["journal_entry_unreadable"] * unreadable
        assert b"decroche_journal_unreadable_entries_total 6.0" in metrics.render()

    asyncio.run(check())


def test_an_entry_that_cannot_be_written_does_not_take_the_others_with_it(
    store: EmbeddedStore, journal_on: OpenJournal, arrivals: Arrivals
) -> None:
    half_a_pair = Entry(1.0, events.CallerHungUp("\ud800"))

    async def check() -> None:
        journal = journal_on(store)
        assert not await journal.append([half_a_pair, *arrivals(1)])
        assert not journal.degraded
        await journal.close()
        assert (await read_by_a_new_daemon(store, journal_on)).entries == arrivals(1)

    asyncio.run(check())


def test_another_process_reads_the_history_while_the_daemon_writes(
    store: EmbeddedStore,
    journal_on: OpenJournal,
    arrivals: Arrivals,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def check() -> None:
        journal = journal_on(store)
        for n in range(3):
            await journal.append(arrivals(1, first=n))
            monkeypatch.setattr("time.time", lambda taken_at=1000.0 * n: taken_at)
            await journal.save_snapshot(b"snapshot %d" % n)
        await journal.append(arrivals(1, first=3))
        between = await read_history(store.url, since=1500.0)
        assert (between.snapshot, between.entries) == (b"snapshot 1", arrivals(2, first=2))
        before_all = await journal.history(since=-1.0)
        assert (before_all.snapshot, before_all.entries) == (None, arrivals(4))
        assert await journal.append(arrivals(1, first=4))
        await journal.close()

    asyncio.run(check())


def test_history_of_a_store_that_is_gone_is_an_error_that_says_so(state_dir: Path) -> None:
    with pytest.raises(StoreError, match="the journal cannot be read"):
        asyncio.run(read_history(EmbeddedStore(state_dir).url, since=0.0))


def test_an_address_that_is_none_is_refused_with_what_was_expected() -> None:
    with pytest.raises(StoreError, match=r"expected redis://host:port/0"):
        Journal("localhost:6379", take_snapshot=bytes, metrics=Metrics())


def test_no_telephone_number_is_in_the_files_of_the_store(
    store: EmbeddedStore, journal_on: OpenJournal, state_dir: Path
) -> None:
    caller_hash = CallerHash(b"s" * 32)

    async def check() -> None:
        journal = journal_on(store)
        for n in range(100):
            caller = caller_hash.hash(f"01990000{n:02}")
            arrived = events.CallArrived(f"1700000000.{n}", "health", caller, 1700000000.0)
            assert await journal.append([Entry(1700000000.0, arrived)])
        await journal.save_snapshot(b"state")
        await journal.close()

    asyncio.run(check())
    written = b"".join(f.read_bytes() for f in state_dir.rglob("*") if f.is_file())
    assert written.count(b"CallArrived") == 100
    assert b"1990000" not in written
