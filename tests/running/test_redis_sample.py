"""The sample redis.conf, in a server that runs by it, and promises in that."""

from __future__ import annotations

import asyncio
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from router.doctor import store
from router.doctor.store import check_store
from router.errors import StoreError
from router.store.promise_store import PromiseStore
from tests.doctor.conftest import PATIENCE_SECONDS
from tests.doctor.house import House
from tests.patience import take_time
from tests.testbed.ami import Account
from tests.testbed.need import require_program
from tests.tidy.source import ROOT

CONFIG = ROOT / "config/redis/redis.conf"
LOOK_AGAIN_SECONDS, LOOKS = 0.05, 1200


@pytest.fixture(autouse=True)
def _a_busy_disk_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    take_time(monkeypatch)
    monkeypatch.setattr(store, "ANSWER_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Path]:
    """Give the socket of Debian's own Redis, run by the sample."""
    program = require_program("redis-server")
    text = CONFIG.read_text(encoding="utf-8").replace("/run/redis-decroche", str(tmp_path))
    (tmp_path / "data").mkdir()
    config = tmp_path / "redis.conf"
    config.write_text(text.replace("/var/lib/redis/decroche", f"{tmp_path}/data"))
    process = subprocess.Popen([program, config], stdout=subprocess.DEVNULL)
    try:
        with client_of(tmp_path / "redis.sock") as client:
            client.ping()
        yield tmp_path / "redis.sock"
    finally:
        process.kill()
        process.wait()


def client_of(path: Path) -> Redis:
    patience = Retry(ConstantBackoff(LOOK_AGAIN_SECONDS), LOOKS)
    return Redis(unix_socket_path=str(path), retry=patience)


def house_with(server: Path, folder: Path) -> House:
    """Give an installation that uses this server, and promises to call back."""
    house = House(folder / "house").at(Account(1, "decroche", "s" * 20))
    house.change('state_dir = "state"', f'redis_url = "unix://{server}"')
    house.change("[secrets]", '[secrets]\nvault_file = "vault.secret"')
    house.keep("vault", "v" * 40)
    return house


def test_promises_are_safe_there_and_the_doctor_says_so(server: Path, tmp_path: Path) -> None:
    asyncio.run(PromiseStore(f"unix://{server}").check())
    (tmp_path / "house").mkdir()
    assert check_store(house_with(server, tmp_path).settings()).mark == "ok"


def test_nobody_comes_in_but_by_the_socket_and_only_its_group(server: Path) -> None:
    with client_of(server) as client:
        assert client.info("server")["tcp_port"] == 0
    assert stat.S_IMODE(server.stat().st_mode) == 0o770


def test_a_store_that_may_throw_promises_away_is_seen_and_how_to_mend_it(
    server: Path, tmp_path: Path
) -> None:
    (tmp_path / "house").mkdir()
    house = house_with(server, tmp_path)
    with client_of(server) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
    verdict = check_store(house.settings())
    assert verdict.mark == "failed"
    assert "maxmemory-policy noeviction" in verdict.mend
    with pytest.raises(StoreError, match="noeviction"):
        asyncio.run(PromiseStore(f"unix://{server}").check())


def test_a_store_that_is_full_refuses_and_loses_nothing(server: Path) -> None:
    async def scene() -> None:
        promises = PromiseStore(f"unix://{server}")
        await promises.write({("decroche:promises", "p-1"): b"kept"})
        with client_of(server) as client:
            client.config_set("maxmemory", 1)
            with pytest.raises(StoreError):
                await promises.write({("decroche:promises", "p-2"): b"too much"})
            client.config_set("maxmemory", 0)
            assert client.hgetall("decroche:promises") == {b"p-1": b"kept"}
        await promises.close()

    asyncio.run(scene())
