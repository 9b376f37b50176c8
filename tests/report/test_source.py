"""A journal that is read from a store, and how far back it goes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from typing import Any, cast

import pytest

from router.core.engine import Engine
from router.core.entry import Entry, encode
from router.core.events import EngineStarted
from router.core.machine import EventRefused
from router.errors import DecrocheError
from router.past import source
from router.past.journal import Journal
from router.past.source import journal_at, journal_named
from router.report.gather import gather
from router.report.make import make_report
from router.report.page import as_html
from router.report.span import Span
from router.store import client
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.places import store_places
from router.store.stream import (
    BEFORE_ALL,
    BEGINNINGS,
    FIELD,
    SNAPSHOT_INDEX,
    STREAM,
    kept_snapshots,
    snapshot_key,
)
from tests.patience import let_pass, take_time
from tests.report.stages import UTC, figures, simulated

DAY = 86_400.0
SNAPSHOT_AT = 3 * DAY


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    take_time(monkeypatch)


@pytest.fixture
def url() -> Iterator[str]:
    """Give a store with the journal of a week, and a snapshot of its third midnight."""
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    asyncio.run(_fill(folder, simulated("ordinary_week")[1].entries))
    yield store_places(folder).url
    asyncio.run(_stop(folder))
    shutil.rmtree(folder)


def test_a_store_that_rests_is_waited_for_longer_than_by_a_daemon_with_callers(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "REPLY_SECONDS", 6 * client.REPLY_DEADLINE_SECONDS)

    async def check() -> Journal:
        asking = open_client(url)
        store = (await asking.info("server"))["process_id"]
        await asking.aclose()

        def rest_is_over() -> None:
            let_pass(3 * client.REPLY_DEADLINE_SECONDS)
            asyncio.get_running_loop().call_later(0.1, os.kill, store, signal.SIGCONT)

        os.kill(store, signal.SIGSTOP)
        asyncio.get_running_loop().call_later(0.3, rest_is_over)
        return await journal_at(url, "the store")

    assert asyncio.run(check()).entries


async def _fill(folder: Path, entries: Sequence[Entry]) -> None:
    address = await EmbeddedStore(folder).start()
    client, engine = open_client(address, reply_seconds=10.0), Engine()
    is_kept = False
    await client.set(snapshot_key(BEFORE_ALL), engine.snapshot())
    await client.zadd(SNAPSHOT_INDEX, {BEFORE_ALL: entries[0].at})
    async with client.pipeline(transaction=False) as pipe:
        for number, entry in enumerate(entries, start=1):
            if entry.at >= SNAPSHOT_AT and not is_kept:
                is_kept = True
                last_id = f"{number - 1}-0"
                await pipe.set(snapshot_key(last_id), engine.snapshot())
                await pipe.zadd(SNAPSHOT_INDEX, {last_id: SNAPSHOT_AT})
            await pipe.xadd(STREAM, {FIELD: encode(entry)}, id=f"{number}-0")
            try:
                engine.step(entry.event, entry.at)
            except EventRefused:
                continue
        await pipe.execute()
    await client.aclose()


async def _stop(folder: Path) -> None:
    store = EmbeddedStore(folder)
    await store.start()
    await store.stop()


def read(url: str, since: float = -inf) -> Journal:
    return asyncio.run(journal_at(url, "the store", since))


def waits(journal: Journal, after: float) -> list[tuple[str, str, float | None]]:
    calls = gather(journal).calls
    return sorted(
        (one.call, one.outcome, one.waited_seconds) for one in calls if one.arrived >= after
    )


def test_what_a_state_says_of_the_days_before_need_not_be_read(url: str) -> None:
    _, whole = simulated("ordinary_week")
    assert read(url).entries == whole.entries
    late = read(url, since=SNAPSHOT_AT)
    assert late.snapshot is not None
    assert len(late.entries) < 0.7 * len(whole.entries)
    assert waits(late, SNAPSHOT_AT) == waits(whole, SNAPSHOT_AT)
    assert len(waits(late, SNAPSHOT_AT)) > 50


def test_a_span_that_begins_before_every_state_is_read_from_the_first_entry(url: str) -> None:
    assert read(url, since=SNAPSHOT_AT - 1.0).snapshot == Engine().snapshot()
    assert journal_named(url, since=SNAPSHOT_AT - 1.0).entries == read(url).entries


def test_the_states_on_the_way_are_read_with_their_places(url: str) -> None:
    _, whole = simulated("ordinary_week")
    index = next(n for n, entry in enumerate(whole.entries) if entry.at >= SNAPSHOT_AT)
    (mark,) = read(url).waymarks
    assert (mark.index, mark.at, mark.begins) == (index, SNAPSHOT_AT, False)
    assert not read(url, since=SNAPSHOT_AT).waymarks


def test_what_an_outage_left_out_is_made_up_for_by_the_state_after_it(url: str) -> None:
    asyncio.run(_lose_the_evening_before(url))
    _, whole = simulated("ordinary_week")
    assert waits(read(url), SNAPSHOT_AT) == waits(whole, SNAPSHOT_AT)
    facts = gather(read(url))
    (gap,) = facts.gaps
    assert gap.ended == SNAPSHOT_AT
    assert gap.misfits == 0
    assert len(facts.calls) + gap.cut_calls < len(gather(whole).calls)


async def _lose_the_evening_before(url: str) -> None:
    client = open_client(url)
    _, kept = await kept_snapshots(client)
    last = int(kept.last_id.partition("-")[0])
    await client.xdel(STREAM, *(f"{number}-0" for number in range(last - 200, last + 1)))
    await client.sadd(BEGINNINGS, kept.last_id)
    await client.aclose()


def test_of_a_journal_that_was_cut_the_report_says_where_it_begins(url: str) -> None:
    asyncio.run(_trim(url))
    left = read(url, since=DAY)
    assert left.snapshot is not None
    facts = gather(left)
    report = make_report(facts, Span(0.0, 7 * DAY, UTC))
    assert report.covered[0] >= SNAPSHOT_AT
    assert figures(report)["calls"] == len(waits(left, SNAPSHOT_AT))
    assert "Le journal ne commence que le 04/01/1970" in as_html(report, "fr").decode()


def test_a_journal_that_was_cut_right_before_a_start_is_read_from_the_state_before_it(
    url: str,
) -> None:
    async def cut() -> None:
        await _trim(url)
        client = cast("Any", open_client(url))
        ((place, _), *rows) = await client.xrange(STREAM)
        start = {FIELD: encode(Entry(SNAPSHOT_AT, EngineStarted("another")))}
        await client.delete(STREAM)
        await client.xadd(STREAM, start, id=place)
        for row, fields in rows:
            await client.xadd(STREAM, fields, id=row)
        await client.aclose()

    asyncio.run(cut())
    assert read(url, since=DAY).snapshot is not None
    assert waits(read(url), SNAPSHOT_AT) == waits(simulated("ordinary_week")[1], SNAPSHOT_AT)


async def _trim(url: str) -> None:
    client = open_client(url)
    first, oldest = await kept_snapshots(client)
    await client.zrem(SNAPSHOT_INDEX, first.last_id)
    await client.xtrim(STREAM, minid=oldest.last_id, approximate=False)
    await client.aclose()


def test_an_empty_store_is_said_to_be_empty() -> None:
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))

    async def ask() -> None:
        store = EmbeddedStore(folder)
        try:
            await journal_at(await store.start(), "the store")
        finally:
            await store.stop()

    with pytest.raises(DecrocheError, match="the store: the journal is empty"):
        asyncio.run(ask())
    shutil.rmtree(folder)
