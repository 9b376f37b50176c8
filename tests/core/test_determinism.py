"""One journal, one run: whatever the process, the same commands to the byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from router.core.engine import Engine
from router.core.entry import decode, encode
from router.core.events import AnyEvent
from tests.core.replay import replay
from tests.core.storm import storm

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
REPLAY_SECONDS = 60.0
"""It takes about one; the rest is for a busy machine."""


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("journal") / "storm.jsonl"
    entries = storm(seed=2026, happenings=12_000)
    assert len(entries) > 2_000
    path.write_bytes(b"\n".join(encode(entry) for entry in entries))
    return path


def test_the_journal_has_something_of_everything(journal: Path) -> None:
    entries = [decode(line) for line in journal.read_bytes().splitlines()]
    assert {type(entry.event) for entry in entries} == set(get_args(AnyEvent))


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_a_journal_gives_the_same_commands_in_every_process(journal: Path, hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.replay", str(journal)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        timeout=REPLAY_SECONDS,
        check=True,
    )
    assert done.stdout == replay(journal.read_bytes().splitlines())


def test_every_entry_of_a_long_journal_is_read_as_it_was_written(journal: Path) -> None:
    for line in journal.read_bytes().splitlines():
        assert encode(decode(line)) == line


def test_a_snapshot_restored_is_the_same_snapshot(journal: Path) -> None:
    snapshot = replay(journal.read_bytes().splitlines()).splitlines()[-1]
    assert Engine.restore(snapshot).snapshot() == snapshot
