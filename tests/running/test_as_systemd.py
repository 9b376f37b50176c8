"""The daemon started by the unit that we ship, on an emulated PBX, and what systemd hears of it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from router.config import hash_pin
from simulations.pbx.leg import Leg
from simulations.pbx.people import Caller, Ring
from simulations.pbx.server import EmulatedPbx
from simulations.pbx.site import Site
from tests.e2e.config_files import Person, write_listeners, write_main
from tests.e2e.proxy import wire_to
from tests.running import sabotage
from tests.running.manager import DEADLINE_SECONDS, Manager
from tests.testbed.testbed import free_port

pytestmark = pytest.mark.slow

SECRETS = {
    f"decroche.{name}": f"the {name} secret, of at least 32 bytes"
    for name in ("ami", "caller", "dialplan")
}
NUMBER = "0639980042"
NO_LINK = "STATUS=no link to Asterisk"
SILENT_SECONDS = 3.0
"""The saboteur's daemon tells something twice a second while it is well."""
TAKES_IT = Ring(picks_up_after_seconds=0.1, key="1", key_after_seconds=0.1)


def site() -> Site:
    ami, dialplan = SECRETS["decroche.ami"], SECRETS["decroche.dialplan"]
    return Site("decroche", ami, dialplan, {"anne": lambda: TAKES_IT})


def write_config(folder: Path, ami_port: int) -> Path:
    """Write a config that names no secret."""
    config = folder / "decroche.toml"
    lines = {"lines.health": {"number": "0805232336", "skills": {"health": 1}}}
    store = {"state_dir": str(folder / "state")}
    web = {"port": free_port()}
    write_main(config, {"asterisk": {"port": ami_port}, "store": store, "web": web, **lines})
    people = {"anne": Person({"health": 1})}
    write_listeners(folder / "listeners.toml", people, hash_pin("2580"), {})
    return config


@asynccontextmanager
async def routing(folder: Path, *program: str) -> AsyncIterator[tuple[Manager, EmulatedPbx]]:
    """Give a daemon that routes calls."""
    async with EmulatedPbx(site()) as pbx:
        config = write_config(folder, pbx.port)
        async with Manager(folder, config, SECRETS, program) as manager:
            await manager.until_told("READY=1")
            yield manager, pbx


async def call_is_answered(pbx: EmulatedPbx) -> None:
    """Call, and wait until a listener talks with us."""
    answered = asyncio.Event()

    def watch(event: str, leg: Leg, headers: Mapping[str, str]) -> None:
        if (
            event == "BridgeEnter"
            and leg is caller
            and headers["BridgeTechnology"] == "simple_bridge"
        ):
            answered.set()

    pbx.exchange.watches.append(watch)
    caller = pbx.phones.call(Caller(NUMBER, "health", talk_seconds=60.0))
    await asyncio.wait_for(answered.wait(), DEADLINE_SECONDS)


def sabotaged(fault: str) -> tuple[str, ...]:
    return (sys.executable, "-m", sabotage.__name__, fault)


def test_it_is_ready_once_calls_are_routed_and_tells_of_its_link(tmp_path: Path) -> None:
    async def scene() -> None:
        with wire_to(free_port()) as wire:
            config = write_config(tmp_path, wire.port)
            async with Manager(tmp_path, config, SECRETS) as manager:
                await manager.until_told("EXTEND_TIMEOUT_USEC=")
                await manager.until_told(NO_LINK)
                assert "READY=1" not in manager.heard
                async with EmulatedPbx(site()) as pbx:
                    wire._target_port = pbx.port
                    await manager.until_told("READY=1")
                    await call_is_answered(pbx)
                await manager.until_told(NO_LINK, times=2)
                # Without Asterisk it goes on, and is not started again in vain.
                await manager.until_told("WATCHDOG=1", manager.heard.count("WATCHDOG=1") + 1)
                assert manager.heard.count("READY=1") == 1

    asyncio.run(scene())


def test_systemd_has_it_read_its_config_again_and_end(tmp_path: Path) -> None:
    async def scene() -> None:
        async with routing(tmp_path) as (manager, _):
            assert await manager.reload()
            await manager.until_told("READY=1", times=2)
            begun = manager.heard.index("RELOADING=1")
            assert re.fullmatch(r"MONOTONIC_USEC=[1-9]\d+", manager.heard[begun + 1])
            config = tmp_path / "decroche.toml"
            config.write_text(config.read_text().replace("[pools]", "[ponds]"))
            assert not await manager.reload()
            manager.send(signal.SIGHUP)
            await manager.until_told("READY=1", times=3)
            assert await manager.end(signal.SIGTERM) == 0
            # What it logs is written beside its work: all of it is there once it has ended.
            assert "config_refused" in manager.log()
            await manager.until_told("STOPPING=1")
            assert manager.heard.count("STOPPING=1") == 1
            assert manager.heard[-2] == "STOPPING=1"
            for secret in SECRETS.values():
                assert secret not in manager.log()

    asyncio.run(scene())


def test_a_loop_that_hangs_is_not_petted_for_though_all_beside_it_goes_on(tmp_path: Path) -> None:
    async def scene() -> None:
        async with routing(tmp_path, *sabotaged("hangs")) as (manager, _):
            await manager.until_told("WATCHDOG=1", times=2)
            manager.send(signal.SIGUSR1)
            await manager.until_silent(SILENT_SECONDS, after="loop_stuck")
            await manager.end(signal.SIGKILL)

    asyncio.run(scene())


def test_an_engine_that_never_returns_is_not_petted_for_and_tells_where_it_was(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with routing(tmp_path, *sabotaged("blocks")) as (manager, pbx):
            await manager.until_told("WATCHDOG=1", times=2)
            manager.send(signal.SIGUSR1)
            pbx.phones.call(Caller(NUMBER, "health"))
            await manager.until_silent(SILENT_SECONDS, after=sabotage.BLOCKED)
            assert await manager.end(signal.SIGABRT) == -signal.SIGABRT
            assert re.search(r"Aborted.*in step\b", manager.log(), re.DOTALL)

    asyncio.run(scene())


def test_an_engine_that_fails_ends_the_daemon_which_says_so(tmp_path: Path) -> None:
    async def scene() -> None:
        async with routing(tmp_path, *sabotaged("raises")) as (manager, pbx):
            manager.send(signal.SIGUSR1)
            pbx.phones.call(Caller(NUMBER, "health"))
            assert await manager.ended() == 1
            await manager.until_told("STOPPING=1")
            assert "WATCHDOG=1" not in manager.heard[manager.heard.index("STOPPING=1") :]

    asyncio.run(scene())


def test_without_a_credential_it_does_not_start_and_says_which(tmp_path: Path) -> None:
    async def scene() -> None:
        secrets = {name: word for name, word in SECRETS.items() if name != "decroche.caller"}
        config = write_config(tmp_path, free_port())
        async with Manager(tmp_path, config, secrets) as manager:
            assert await manager.ended() == 1
            assert "expected the credential decroche.caller" in " ".join(manager.log().split())

    asyncio.run(scene())
