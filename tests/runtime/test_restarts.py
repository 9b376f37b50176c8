"""What a daemon that starts again makes of what the one before has left, as it is wired."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from router.core.events import ListenerWentOff
from router.core.listener import Duty
from router.runtime.daemon import Daemon
from router.runtime.notify import Notify
from router.store import journal as journal_module
from router.store.embedded import EmbeddedStore
from tests.config.trees import Tree
from tests.testbed.testbed import free_port
from tests.web.api.installation import SECRET

DEADLINE_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.02


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("AMI", "CALLER", "DIALPLAN"):
        monkeypatch.setenv(f"DECROCHE_{name}_SECRET", SECRET)
    # A socket's path must be short, and those of pytest are not.
    folder = Path(tempfile.mkdtemp(prefix="dcr-"))
    yield folder
    shutil.rmtree(folder)


def site_in(folder: Path, store: str = "") -> Tree:
    """Write the config of a site without any Asterisk."""
    tree = Tree(folder)
    tables = f"""
[store]
state_dir = "{folder}/state"
{store}
[web]
port = {free_port()}
[asterisk]
port = {free_port()}
"""
    tree.path.write_text(tree.path.read_text(encoding="utf-8") + tables, encoding="utf-8")
    return tree


@asynccontextmanager
async def daemon_of(tree: Tree) -> AsyncIterator[Daemon]:
    """Have a daemon run, to be stopped in good order."""
    daemon = Daemon(tree.load(), Notify({}))
    running = asyncio.create_task(daemon.run())
    try:
        yield daemon
    finally:
        daemon.stop()
        await asyncio.wait_for(running, DEADLINE_SECONDS)


async def until_anne_is(duty: Duty, daemon: Daemon) -> None:
    """Wait until the engine holds her to be so."""

    def holds() -> bool:
        loop = daemon._loop
        anne = loop.engine.state.listeners.get("anne") if loop is not None else None
        return anne is not None and anne.duty == duty

    await asyncio.to_thread(wait_until, holds)


def wait_until(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + DEADLINE_SECONDS
    again = threading.Event()
    while not holds():
        assert time.monotonic() < give_up_at
        again.wait(LOOK_AGAIN_SECONDS)


def test_hours_that_were_changed_while_no_daemon_was_there_hold_at_its_start(folder: Path) -> None:
    async def story() -> None:
        tree = site_in(folder)
        async with daemon_of(tree) as first:
            await until_anne_is("on", first)
        tree.spoil('shifts = "none"', 'shifts = ["mon-sun 00:00-24:00"]')
        tree.spoil('shifts = "always"', 'shifts = "none"')
        async with daemon_of(tree) as second:
            await until_anne_is("off", second)

    asyncio.run(story())


def test_who_went_off_before_a_power_cut_is_off_once_the_store_is_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        (folder / "redis").mkdir()
        store = EmbeddedStore(folder / "redis")
        tree = site_in(folder, f'redis_url = "{store.url}"')
        await store.start()
        async with daemon_of(tree) as first:
            await until_anne_is("on", first)
            first._inbox.put(ListenerWentOff("anne"))
            await until_anne_is("off", first)
        await store.stop()
        monkeypatch.setattr(journal_module, "READ_BACK_DEADLINE_SECONDS", 0.0)
        async with daemon_of(tree) as second:
            await until_anne_is("on", second)
            await store.start()
            await until_anne_is("off", second)
        await store.stop()

    asyncio.run(story())
