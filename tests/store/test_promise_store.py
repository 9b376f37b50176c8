"""What is confirmed is on disk; what is not known to be there is not confirmed."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from router.errors import StoreError
from router.store import promise_store
from router.store.client import STORE_TROUBLE, open_client
from router.store.embedded import EmbeddedStore, find_server
from router.store.kept_numbers import TAKEN, Changes
from router.store.places import store_places
from router.store.promise_store import PromiseStore
from tests.testbed.testbed import free_port

LINKED_SECONDS = 40.0


def marks(*names: str) -> Changes:
    return {(TAKEN, name): b"1" for name in names}


async def configure(store: EmbeddedStore, name: str, value: str) -> None:
    client = open_client(store.url)
    await client.config_set(name, value)
    await client.aclose()


async def kept(store: EmbeddedStore) -> frozenset[str]:
    promises = PromiseStore(store.url)
    try:
        return (await promises.read()).taken
    finally:
        await promises.close()


async def refusal(store: EmbeddedStore, replicas: int = 0) -> str:
    promises = PromiseStore(store.url, replicas)
    try:
        with pytest.raises(StoreError) as refused:
            await promises.write(marks("p"))
    finally:
        await promises.close()
    return str(refused.value)


def test_what_is_written_is_read_back_and_what_is_taken_away_is_gone(store: EmbeddedStore) -> None:
    async def check() -> None:
        promises = PromiseStore(store.url)
        await promises.check()
        await promises.write(marks("a", "b"))
        await promises.write({(TAKEN, "a"): None, (TAKEN, "c"): b"1"})
        assert (await promises.read()).taken == {"b", "c"}
        await promises.close()

    asyncio.run(check())


def test_a_store_killed_under_load_has_all_that_it_confirmed(store: EmbeddedStore) -> None:
    async def check() -> None:
        confirmed: list[str] = []
        promises = PromiseStore(store.url)
        assert store.pid is not None
        for at in range(100_000):
            if at == 200:
                asyncio.get_running_loop().call_soon(os.kill, store.pid, signal.SIGKILL)
            try:
                await promises.write(marks(f"p-{at}"))
            except StoreError:
                break
            confirmed.append(f"p-{at}")
        await store.start()
        assert len(confirmed) >= 200
        await promises.write(marks("after"))
        assert (await promises.read()).taken >= {*confirmed, "after"}
        await promises.close()

    asyncio.run(check())


def test_a_disk_that_takes_no_more_confirms_nothing_and_loses_nothing(
    store: EmbeddedStore, state_dir: Path
) -> None:
    async def check() -> None:
        confirmed: list[str] = []
        promises = PromiseStore(store.url)
        await promises.write(marks("p"))
        files = store_places(state_dir).folder.rglob("*.aof")
        room = max(path.stat().st_size for path in files) + 5_000
        _let_files_grow_to(store, room)
        with pytest.raises(StoreError):  # noqa: PT012 - which of them is refused is the disk's choice
            for at in range(1_000):
                await promises.write(marks(f"p-{at}"))
                confirmed.append(f"p-{at}")
        await promises.close()
        await store.start()
        assert len(confirmed) > 10
        assert await kept(store) >= set(confirmed)

    asyncio.run(check())


def _let_files_grow_to(store: EmbeddedStore, size: int) -> None:
    assert store.pid is not None
    resource.prlimit(store.pid, resource.RLIMIT_FSIZE, (size, size))


def test_a_store_that_is_full_confirms_nothing(store: EmbeddedStore) -> None:
    async def check() -> None:
        await configure(store, "maxmemory", "1")
        assert "not stored" in await refusal(store)
        await configure(store, "maxmemory", "0")
        assert await kept(store) == frozenset()

    asyncio.run(check())


def test_a_store_that_makes_room_by_what_it_holds_confirms_nothing(store: EmbeddedStore) -> None:
    async def check() -> None:
        await configure(store, "maxmemory-policy", "allkeys-lru")
        promises = PromiseStore(store.url)
        await promises.write(marks("unbounded"))
        await promises.close()
        await configure(store, "maxmemory", "1000000000")
        with pytest.raises(StoreError, match="noeviction"):
            await promises.write(marks("refused"))
        await configure(store, "maxmemory-policy", "noeviction")
        await promises.write(marks("mended"))
        assert (await promises.read()).taken == {"unbounded", "mended"}
        await promises.close()

    asyncio.run(check())


def test_a_store_without_an_append_only_file_confirms_nothing(store: EmbeddedStore) -> None:
    async def check() -> None:
        await configure(store, "appendonly", "no")
        assert "append" in await refusal(store)

    asyncio.run(check())


def test_a_store_that_syncs_once_a_second_is_waited_for_or_refused(store: EmbeddedStore) -> None:
    async def check() -> None:
        await configure(store, "appendfsync", "everysec")
        promises = PromiseStore(store.url)
        await promises._connected()
        if promises._waits_for_disk:
            await promises.write(marks("p"))
        else:
            assert "appendfsync always" in await refusal(store)
        await promises.close()

    asyncio.run(check())


def test_a_replica_that_is_asked_for_and_not_there_means_no(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promise_store, "ACKNOWLEDGE_MS", 50)
    assert "0 of 1 replicas" in asyncio.run(refusal(store, replicas=1))


def test_a_store_that_is_away_is_said_to_be_so(state_dir: Path) -> None:
    async def check() -> None:
        promises = PromiseStore(store_places(state_dir).url)
        with pytest.raises(StoreError, match="not stored"):
            await promises.write(marks("p"))
        with pytest.raises(StoreError, match="cannot be read"):
            await promises.read()

    asyncio.run(check())


def test_a_frozen_store_is_given_up_within_the_deadline_and_is_used_again_when_it_wakes(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        assert store.pid is not None
        promises = PromiseStore(store.url)
        await promises.check()
        os.kill(store.pid, signal.SIGSTOP)
        with monkeypatch.context() as impatient:
            impatient.setattr(promise_store, "WRITE_DEADLINE_SECONDS", 0.2)
            # It never answers: by this alone does it end.
            with pytest.raises(StoreError):
                await promises.write(marks("frozen"))
        os.kill(store.pid, signal.SIGCONT)
        await promises.write(marks("awake"))
        assert "awake" in (await promises.read()).taken
        await promises.close()

    asyncio.run(check())


def test_a_record_that_cannot_be_read_is_told_and_the_others_are_read(
    store: EmbeddedStore,
) -> None:
    async def check() -> None:
        promises = PromiseStore(store.url)
        await promises.write({("decroche:promises", "p"): b"{", ("decroche:live", "c"): b"[]"})
        found = await promises.read()
        assert found.promises == {}
        assert set(found.unreadable) == {("decroche:promises", "p"), ("decroche:live", "c")}
        await promises.close()

    asyncio.run(check())


@contextmanager
def server(folder: Path, *settings: str) -> Iterator[int]:
    """Run a server of its own on a free port, with its files in this folder."""
    folder.mkdir()
    port = free_port()
    given = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    durable = ["--appendonly", "yes", "--appendfsync", "always", "--repl-diskless-sync-delay", "0"]
    process = subprocess.Popen(
        [find_server(), *given, *durable, *settings], stdout=subprocess.DEVNULL
    )
    try:
        yield port
    finally:
        process.kill()
        process.wait()


async def until_linked(port: int) -> None:
    """Wait until a replica follows its master."""
    client = open_client(f"redis://127.0.0.1:{port}/0")
    async with asyncio.timeout(LINKED_SECONDS):
        while True:
            with suppress(*STORE_TROUBLE):
                if (await client.info("replication"))["master_link_status"] == "up":
                    break
    await client.aclose()


def test_with_a_replica_asked_for_a_promise_is_on_its_disk_too_and_without_it_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check(master: int, replica: int) -> None:
        promises = PromiseStore(f"redis://127.0.0.1:{master}/0", replicas=1)
        await until_linked(replica)
        await promises.write(marks("on both"))
        copy = open_client(f"redis://127.0.0.1:{replica}/0")
        assert await copy.hexists(TAKEN, "on both")
        with suppress(*STORE_TROUBLE):
            await copy.shutdown(nosave=True)
        await copy.aclose()
        monkeypatch.setattr(promise_store, "ACKNOWLEDGE_MS", 50)
        with pytest.raises(StoreError, match="0 of 1 replicas"):
            await promises.write(marks("on one alone"))
        await promises.close()

    with server(tmp_path / "master") as master:  # noqa: SIM117 - the one follows the other
        with server(tmp_path / "replica", "--replicaof", "127.0.0.1", str(master)) as replica:
            asyncio.run(check(master, replica))
