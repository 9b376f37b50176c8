from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from router.doctor.store import check_store
from router.store.embedded import EmbeddedStore
from tests.doctor.house import House
from tests.testbed.ami import Account

NOBODY = Account(1, "decroche", "s" * 20)


@pytest.fixture
def store_url(tmp_path: Path) -> Iterator[str]:
    store = EmbeddedStore(tmp_path / "store")
    yield asyncio.run(store.start())
    asyncio.run(store.stop())


def test_a_store_that_keeps_what_it_is_told_is_well(house: House, store_url: str) -> None:
    house.at(NOBODY).change('state_dir = "state"', f'redis_url = "{store_url}"')

    assert check_store(house.settings()).mark == "ok"


def test_a_store_that_forgets_with_a_restart_is_a_warning(house: House, store_url: str) -> None:
    house.at(NOBODY).change('state_dir = "state"', f'redis_url = "{store_url}"')
    with Redis.from_url(store_url) as client:
        client.config_set("appendonly", "no")

    assert check_store(house.settings()).mark == "warning"


def test_where_promises_are_made_a_store_that_syncs_now_and_then_is_a_warning(
    house: House, store_url: str
) -> None:
    house.at(NOBODY).change('state_dir = "state"', f'redis_url = "{store_url}"')
    with Redis.from_url(store_url) as client:
        client.config_set("appendfsync", "everysec")

    assert check_store(house.settings()).mark == "ok"
    house.change("[secrets]", '[secrets]\nvault_file = "vault.secret"')
    verdict = check_store(house.settings())
    assert verdict.mark == "warning"
    assert "appendfsync always" in verdict.mend


def test_fewer_replicas_than_have_to_confirm_a_promise_are_told(
    house: House, store_url: str
) -> None:
    asked = f'redis_url = "{store_url}"\nreplicas_acknowledge = 1'
    house.at(NOBODY).change('state_dir = "state"', asked)
    assert check_store(house.settings()).mark == "warning"

    house.change("[secrets]", '[secrets]\nvault_file = "vault.secret"')
    verdict = check_store(house.settings())

    assert verdict.mark == "failed"
    assert "0 of 1 replicas follow the store" in verdict.detail


def test_the_master_key_is_looked_at_where_numbers_are_kept(house: House) -> None:
    house.at(NOBODY).change("[secrets]", '[secrets]\nvault_file = "vault.secret"')
    finding = house.findings()["secrets"]
    assert finding.mark == "failed"
    assert "vault.secret: vault secret: cannot be read" in finding.detail
    house.keep("vault", "x" * 40)
    assert house.findings()["secrets"].ok


def test_a_store_that_is_not_there_fails_and_its_password_is_not_shown(house: House) -> None:
    url = "redis://:opensesame@127.0.0.1:1/0"
    house.at(NOBODY).change('state_dir = "state"', f'redis_url = "{url}"')

    finding = house.findings()["store"]

    assert finding.mark == "failed"
    assert "opensesame" not in repr(finding)


def test_the_embedded_store_may_be_started_where_its_folder_can_be_made(house: House) -> None:
    assert check_store(house.at(NOBODY).settings()).mark == "ok"
    assert not (house.folder / "state").exists()


def test_a_state_folder_that_cannot_be_one_fails(house: House) -> None:
    (house.folder / "state").write_text("a file")

    assert check_store(house.at(NOBODY).settings()).mark == "failed"


def test_secrets_too_short_missing_or_open_to_others_are_told_all_at_once(house: House) -> None:
    house.at(NOBODY)
    house.keep("ami", "short")
    house.keep("dialplan", "x" * 40).chmod(0o644)
    (house.folder / "caller.secret").unlink()

    finding = house.findings()["secrets"]

    assert finding.mark == "failed"
    told = [line.split("; make one with")[0] for line in finding.detail.split("\n")]
    assert [line.replace(f"{house.folder}/", "") for line in told] == [
        "ami.secret: AMI secret: expected at least 12 bytes, got 5",
        "caller.secret: caller secret: cannot be read: No such file or directory",
        (
            "dialplan.secret: dialplan secret: expected mode 0600, got 0644; "
            "mend it with: chmod 600 dialplan.secret"
        ),
    ]
    assert "openssl rand" in finding.detail


def test_secrets_may_come_from_the_environment(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.at(NOBODY).keep("caller", "short")
    monkeypatch.setenv("DECROCHE_CALLER_SECRET", "from-the-environment-0123456789-abc")

    assert house.findings()["secrets"].ok


def test_a_config_that_cannot_be_used_is_all_that_is_told(house: House) -> None:
    house.at(NOBODY).change("port = 1", "port = 0")

    findings = house.findings()

    assert list(findings) == ["config"]
    assert "expected a port from 1 to 65535, got 0" in findings["config"].detail
