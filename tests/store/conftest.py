from __future__ import annotations

import asyncio
import os
import select
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from router.core.entry import Entry
from router.core.events import CallArrived
from router.observe.metrics import Metrics
from router.store import embedded
from router.store.embedded import EmbeddedStore
from router.store.journal import Journal
from tests.patience import take_time

ENDED_DEADLINE_SECONDS = 30
REMOVALS = 1_000


def wait_until_ended(pid: int) -> None:
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([process], [], [], ENDED_DEADLINE_SECONDS)
    os.close(process)
    assert ended, f"process {pid} goes on"


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    wait_until_ended(pid)


@pytest.fixture(autouse=True)
def _time_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no test fail because the machine is busy with others."""
    take_time(monkeypatch)


@pytest.fixture
def ended() -> Callable[[int], None]:
    return wait_until_ended


@pytest.fixture
def killed() -> Callable[[int], None]:
    return kill


@pytest.fixture
def state_dir() -> Iterator[Path]:
    # pytest's own folders are longer than a socket's path may be.
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    yield folder
    # What rewrites the append-only file may outlive a server that was killed by a moment.
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
    shutil.rmtree(folder)


@pytest.fixture(params=["bundled", "redis-server"])
def store(
    request: pytest.FixtureRequest, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EmbeddedStore]:
    if request.param != "bundled":
        server = shutil.which(request.param)
        if server is None:
            pytest.skip(f"{request.param} is not installed (apt install {request.param})")
        monkeypatch.setattr(embedded, "find_server", lambda: Path(server))
    store = EmbeddedStore(state_dir)
    asyncio.run(store.start())
    yield store
    if store.pid is not None:
        kill(store.pid)


@pytest.fixture
def journal_on() -> Callable[..., Journal]:
    def make(
        store: EmbeddedStore,
        take_snapshot: Callable[[], bytes] = lambda: b"the state",
        url: str | None = None,
    ) -> Journal:
        return Journal(
            url or store.url, take_snapshot=take_snapshot, metrics=Metrics(), revive=store.start
        )

    return make


@pytest.fixture
def arrivals() -> Callable[..., list[Entry]]:
    def make(count: int, first: int = 0) -> list[Entry]:
        return [
            Entry(1700000000.0 + n, CallArrived(f"1700000000.{n}", "health", None, 1700000000.0))
            for n in range(first, first + count)
        ]

    return make
