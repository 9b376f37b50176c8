from __future__ import annotations

import asyncio
import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from redis import Redis

from router.runtime.daemon import Daemon
from router.store.data_keys import DataKeys, keys_folder
from router.store.embedded import EmbeddedStore
from router.store.kept_numbers import CLOSED, LIVE, NAME, TAKEN, Kept, read_kept
from router.store.kept_numbers import PROMISES as OWED
from router.store.master_keys import MasterKeys
from router.store.number_vault import NumberVault
from tests.crash.witness import Witness
from tests.search.forms import written_in
from tests.search.site import (
    all_log_lines,
    at_work,
    copied,
    everything_in,
    everything_stored,
    plan_of,
)

pytestmark = pytest.mark.slow

PROMISES = 200
MASTER = b"v" * 48


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dcr-search-") as name:
        yield Path(name)


@pytest.mark.parametrize(
    "form",
    [
        b"0639980042",
        b"+33639980042",
        b"tel:0033639980042;",
        b"06 39 98 00 42",
        b"06.39.98.00.42",
        b"+33 (0)6 39-98-00-42",
        b'{"n":639980042}',
        base64.b64encode(b"+33639980042"),
        base64.b64encode(b"x0639980042"),
        b"+33639980042".hex().encode(),
        "0639980042".encode("utf-16"),
        "+33639980042".encode("utf-16-be"),
    ],
)
def test_a_number_is_found_in_whatever_form_it_is_written(form: bytes) -> None:
    assert written_in(b"before " + form + b" after", ["+33639980042"])
    assert not written_in(b"1800000639.980042 and 06399800421 and 0.63998004212", ["+33639980042"])


def test_nothing_that_a_site_keeps_gives_a_callers_number_up(folder: Path) -> None:
    site, backup = folder / "site", folder / "backup"
    site.mkdir()
    plan = plan_of(Random(1))  # noqa: S311 - a world's chances, no secrets
    numbers = [person.e164 for person in plan.persons]
    vault = NumberVault(DataKeys(keys_folder(site / "state"), MasterKeys(MASTER)))
    before: list[Kept] = []

    with store_in(folder / "store-dir") as url, all_log_lines() as lines:

        async def search(daemon: Daemon, _: Witness) -> None:
            pages = [("metrics", daemon._metrics.render())]
            answers = daemon._promise_errands
            pages.append(("promises list", await answers.all(b"")))
            pages.append(("log", lines.getvalue().encode()))
            places = [*everything_in(folder), *everything_stored(url), *pages]
            found = {name: written_in(content, numbers) for name, content in places}
            assert {name: forms for name, forms in found.items() if forms} == {}

        async def while_promises_are_open(daemon: Daemon, witness: Witness) -> None:
            await search(daemon, witness)
            before.append(_kept(url))
            sealed = [one.number for one in before[0].promises.values()]
            assert sealed
            assert {vault.open(one) for one in sealed} <= set(numbers)
            copied(folder / "store-dir", backup)

        async def when_all_are_kept(daemon: Daemon, witness: Witness) -> None:
            await search(daemon, witness)
            kept = _kept(url)
            assert (kept.promises, kept.live) == ({}, {})
            assert vault.held() == set()

        witness = at_work(plan, url, site, (while_promises_are_open, when_all_are_kept))

    noted = sum(bool(one.noted_at) for one in witness.records.values())
    assert noted >= PROMISES
    assert witness.faults == []
    assert witness.lost(plan.persons) == []
    _gives_nothing_up(backup, vault, before[0])


@contextmanager
def store_in(folder: Path) -> Iterator[str]:
    """Run a store on the files of this folder; give its address."""
    store = EmbeddedStore(folder)
    try:
        yield asyncio.run(store.start())
    finally:
        asyncio.run(store.stop())


def _gives_nothing_up(backup: Path, vault: NumberVault, before: Kept) -> None:
    """Read a copy of the store's files, made while promises were open, with the keys left now."""
    with store_in(backup) as url:
        kept = _kept(url)
    assert kept.promises.keys() >= before.promises.keys()
    sealed = [one.number for one in kept.promises.values()]
    sealed += [one.number for one in kept.live.values()]
    assert {vault.open(one) for one in sealed} == {None}


def _kept(url: str) -> Kept:
    with Redis.from_url(url) as store:
        return read_kept(*(store.hgetall(shelf) for shelf in (LIVE, OWED, TAKEN, CLOSED, NAME)))
