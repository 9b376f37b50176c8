"""The journal of a daemon that is stopped, and who may read the file that it is written to."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.core.entry import Entry
from router.core.events import EngineStarted
from router.errors import DecrocheError, StoreError
from router.observe.metrics import Metrics
from router.past.journal import read, write
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal as Writer
from router.store.places import store_places
from simulations.replay import command
from simulations.replay.command import journal
from tests.config.trees import Tree
from tests.patience import take_time

ENTRIES = [Entry(1_000.0 + number, EngineStarted(f"start {number}")) for number in range(20)]


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    take_time(monkeypatch)


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """Give the state of a daemon that has journalled, and was stopped."""
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    asyncio.run(_journalled(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def config(state_dir: Path, tmp_path: Path) -> Path:
    tree = Tree(tmp_path)
    tree.spoil("[pools]", f'[store]\nstate_dir = "{state_dir}"\n\n[pools]')
    return tree.path


async def _journalled(folder: Path) -> None:
    store = EmbeddedStore(folder)
    writer = Writer(await store.start(), take_snapshot=lambda: b"", metrics=Metrics())
    await writer.read_back()
    assert await writer.append(ENTRIES)
    await writer.close()
    await store.stop()


def held(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_journal_of_a_daemon_that_is_stopped_can_be_had_and_its_store_stays_as_it_is(
    state_dir: Path, config: Path, tmp_path: Path
) -> None:
    before = held(state_dir)
    journal(config=config, out=tmp_path / "out.jsonl")
    assert list(read(tmp_path / "out.jsonl").entries) == ENTRIES
    assert held(state_dir) == before


def test_of_a_copy_nothing_is_left(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    journal(config=config, out=tmp_path / "out.jsonl")
    assert list(copies.iterdir()) == []


def test_a_store_whose_server_does_not_answer_is_left_alone(
    state_dir: Path, config: Path, tmp_path: Path
) -> None:
    with store_places(state_dir).lock.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="its server runs, and does not answer: try again"):
            journal(config=config, out=tmp_path / "out.jsonl")


def test_where_no_daemon_ever_was_nothing_is_made_and_that_is_said(
    state_dir: Path, config: Path, tmp_path: Path
) -> None:
    shutil.rmtree(state_dir / "store")
    with pytest.raises(StoreError, match="there is no store in"):
        journal(config=config, out=tmp_path / "out.jsonl")
    assert list(state_dir.iterdir()) == []


def test_typed_as_it_stands_it_reads_the_daemon_of_this_machine(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert journal.__kwdefaults__ is not None
    assert journal.__kwdefaults__["config"] == Path("/etc/decroche/decroche.toml")
    monkeypatch.chdir(tmp_path)
    journal(config=config)
    assert list(read(tmp_path / command.JOURNAL_FILE).entries) == ENTRIES


def test_what_is_written_its_owner_alone_may_read_also_where_a_file_was_before(
    config: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(b"something else\n" * 10_000)
    out.chmod(0o644)
    journal(config=config, out=out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(read(out).entries) == ENTRIES


def test_what_is_no_file_keeps_its_mode(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o644)
    with os.fdopen(os.open(pipe, os.O_RDWR), "rb") as reader:
        write(pipe, [b"x"])
        assert reader.read(1) == b"x"
    assert stat.S_IMODE(pipe.stat().st_mode) == 0o644
    with pytest.raises(DecrocheError, match="cannot be written"):
        write(tmp_path, [b"x"])
