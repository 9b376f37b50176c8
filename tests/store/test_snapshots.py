from __future__ import annotations

import asyncio
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from router.store import stream
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.lease import Lease
from router.store.snapshots import (
    DAY_SECONDS,
    KEPT_BEGINNINGS,
    KEPT_SNAPSHOTS,
    superseded,
    write_snapshot,
)
from router.store.stream import KeptSnapshot, kept_snapshots

NOW = 1_700_000_000.0
DAYS = 30.0

LAST_YEARS = b"what happened last year"
FORGOTTEN_SECONDS = 40.0
"""A rewrite of so little takes milliseconds."""


def snapshot_at(taken_at: float) -> KeptSnapshot:
    return KeptSnapshot(f"{int(taken_at * 1000)}-0", taken_at)


def test_of_a_month_one_a_day_is_kept_besides_the_newest() -> None:
    every_hour = [snapshot_at(NOW - hour * 3600) for hour in reversed(range(60 * 24))]
    dropped = superseded(every_hour, NOW - DAYS * DAY_SECONDS)
    kept = [snapshot for snapshot in every_hour if snapshot not in dropped]
    assert kept[-KEPT_SNAPSHOTS:] == every_hour[-KEPT_SNAPSHOTS:]
    days = [snapshot.taken_at // DAY_SECONDS for snapshot in kept[:-KEPT_SNAPSHOTS]]
    assert days == sorted(set(days))
    assert 29 <= len(days) <= 31


@given(ages=st.sets(st.integers(0, int(400 * DAY_SECONDS)), min_size=1, max_size=40))
def test_the_newest_snapshots_are_always_kept_however_old(ages: set[int]) -> None:
    kept = [snapshot_at(NOW - age) for age in sorted(ages, reverse=True)]
    dropped = superseded(kept, NOW - DAYS * DAY_SECONDS)
    assert not set(dropped) & set(kept[-KEPT_SNAPSHOTS:])


def test_what_was_dropped_once_is_not_followed_by_another_drop() -> None:
    every_hour = [snapshot_at(NOW - hour * 3600) for hour in reversed(range(40 * 24))]
    oldest_wanted_at = NOW - DAYS * DAY_SECONDS
    dropped = superseded(every_hour, oldest_wanted_at)
    kept = [snapshot for snapshot in every_hour if snapshot not in dropped]
    assert superseded(kept, oldest_wanted_at) == []


def test_what_was_taken_after_an_outage_is_kept_for_as_long_as_a_report_may_ask() -> None:
    every_hour = [snapshot_at(NOW - hour * 3600) for hour in reversed(range(60 * 24))]
    begun = every_hour[-200]._replace(begins=True)
    too_old = every_hour[10]._replace(begins=True)
    every_hour[-200], every_hour[10] = begun, too_old
    dropped = superseded(every_hour, NOW - DAYS * DAY_SECONDS)
    assert begun not in dropped
    assert too_old in dropped


def test_a_daemon_that_starts_again_all_night_fills_no_store() -> None:
    all_night = [snapshot_at(NOW + n)._replace(begins=True) for n in range(1000)]
    dropped = superseded(all_night, NOW - DAYS * DAY_SECONDS)
    assert len(all_night) - len(dropped) <= KEPT_BEGINNINGS + 2
    assert not set(dropped) & set(all_night[-KEPT_BEGINNINGS:])


def test_a_snapshot_at_the_place_of_one_after_an_outage_is_one_itself(
    store: EmbeddedStore,
) -> None:
    async def check() -> None:
        client, lease = open_client(store.url), Lease(store.url)
        after_it = KeptSnapshot("5-0", NOW, begins=True)
        await write_snapshot(client, lease, b"after it", after_it, DAYS)
        await write_snapshot(client, lease, b"later", KeptSnapshot("5-0", NOW + 1.0), DAYS)
        assert await kept_snapshots(client) == [KeptSnapshot("5-0", NOW + 1.0, begins=True)]
        for day in range(1, 60):
            newest = snapshot_at(NOW + day * DAY_SECONDS)
            await write_snapshot(client, lease, b"much later", newest, DAYS)
        assert not [one for one in await kept_snapshots(client) if one.begins]
        assert not await client.exists(stream.BEGINNINGS), "what is dropped leaves no mark"
        await client.aclose()

    asyncio.run(check())


def test_old_entries_go_but_never_those_after_the_oldest_kept_snapshot(
    store: EmbeddedStore,
) -> None:
    async def check() -> None:
        client, lease = open_client(store.url), Lease(store.url)
        for day in range(60):
            taken_at = NOW + day * DAY_SECONDS
            for n in range(50):
                entry_id = f"{int(taken_at * 1000)}-{n}"
                await client.xadd(stream.STREAM, {stream.FIELD: b"{}"}, id=entry_id)
            await write_snapshot(client, lease, b"state", KeptSnapshot(entry_id, taken_at), DAYS)
        kept = await kept_snapshots(client)
        assert len(kept) == 31
        first_entry = await client.xrange(stream.STREAM, max=kept[0].last_id, count=1)
        assert first_entry, "the entry that the oldest kept snapshot reaches to is there"
        assert 31 * 50 <= await client.xlen(stream.STREAM) <= 34 * 50
        assert len(await client.keys("decroche:snapshot:*")) == len(kept)
        await client.aclose()

    asyncio.run(check())


def test_what_was_dropped_is_on_the_disk_no_more(store: EmbeddedStore, state_dir: Path) -> None:
    def holds(path: Path) -> bool:
        try:
            return LAST_YEARS in path.read_bytes()
        except FileNotFoundError:
            return False  # it was rewritten as we looked

    def on_disk() -> bool:
        return any(holds(path) for path in state_dir.rglob("*.aof"))

    async def check() -> None:
        client, lease = open_client(store.url), Lease(store.url)
        for n in range(200):
            await client.xadd(stream.STREAM, {stream.FIELD: LAST_YEARS}, id=f"{n + 1}-0")
        for day in range(KEPT_SNAPSHOTS):
            taken_at = NOW + day * DAY_SECONDS
            newest = KeptSnapshot(f"{int(taken_at * 1000)}-0", taken_at)
            await write_snapshot(client, lease, b"state", newest, DAYS)
        assert on_disk()
        old = KeptSnapshot("200-0", NOW - 2 * DAYS * DAY_SECONDS)
        await client.zadd(stream.SNAPSHOT_INDEX, {old.last_id: old.taken_at})
        await write_snapshot(client, lease, b"state", newest, DAYS)
        async with asyncio.timeout(FORGOTTEN_SECONDS):
            while on_disk():
                await client.ping()
        assert await client.get(stream.snapshot_key(newest.last_id)) == b"state"
        await client.aclose()

    asyncio.run(check())


def test_a_quiet_line_keeps_the_entries_that_its_last_snapshots_lack(
    store: EmbeddedStore,
) -> None:
    async def check() -> None:
        client, lease = open_client(store.url), Lease(store.url)
        await client.xadd(stream.STREAM, {stream.FIELD: b"{}"}, id="1000-0")
        await write_snapshot(client, lease, b"old", KeptSnapshot("1000-0", 1.0), DAYS)
        await client.xadd(stream.STREAM, {stream.FIELD: b"{}"}, id="2000-0")
        await client.xadd(stream.STREAM, {stream.FIELD: b"{}"}, id="3000-0")
        await write_snapshot(client, lease, b"new", KeptSnapshot("3000-0", NOW), DAYS)
        assert await client.xlen(stream.STREAM) == 3
        await client.aclose()

    asyncio.run(check())


def test_a_snapshot_that_is_missing_is_made_up_for_by_an_older_one(store: EmbeddedStore) -> None:
    async def check() -> None:
        client, lease = open_client(store.url), Lease(store.url)
        await write_snapshot(client, lease, b"old", KeptSnapshot("1-0", 1.0), DAYS)
        await write_snapshot(client, lease, b"new", KeptSnapshot("2-0", 2.0), DAYS)
        await client.delete(stream.snapshot_key("2-0"))
        recovered = await stream.read_from(client, await kept_snapshots(client))
        assert recovered.snapshot == b"old"
        await client.aclose()

    asyncio.run(check())
