"""Promises by ops: asked for at a terminal, kept by phone, and seen to the end."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.config.any_hour import any_hour
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.farm import Farm

ANNE = TEAM[0]
NUMBER = "0639980371"
OTHER = "0639980372"
CODE = "042"


@pytest.fixture
def calling_back(service: Service) -> Service:
    """Give an installation with one listener, whose line calls back."""
    service.people = {ANNE: service.people[ANNE]}
    service.people[ANNE].code = CODE
    # Whatever the time of day at which this test is run.
    rules = {"yields_seconds": 0.0, "hours": any_hour(), "again_seconds": [600.0]}
    service.lines["health"] |= {"call_back": rules, "ring_seconds": 10.0}
    return service


def test_whom_ops_promise_a_call_is_rung_and_how_it_was_kept_is_told_after_a_restart_too(
    bed: Testbed, calling_back: Service
) -> None:
    async def scene() -> str:
        async with bed.farm() as farm:
            await farm.listener(ANNE, behaviour.answers())
            await farm.listener(NUMBER, behaviour.is_called_back())
            added = await asyncio.to_thread(add, calling_back, NUMBER, "--listener", CODE)
            assert (added.returncode, added.stderr) == (0, "")
            name = added.stdout.partition(":")[0]
            talking = asyncio.create_task(talk(farm))
            await asyncio.to_thread(later_and_cancelled, calling_back, name)
            await talking
            await calling_back.until(lambda: owed(calling_back) == 0, 20, "it is kept")
            assert (farm.rings(ANNE), farm.rings(NUMBER)) == (1, 1)
            return name

    calling_back.start()
    name = asyncio.run(scene())
    told = calling_back.command("promises", "show", name)
    assert told.stdout.startswith(f"{name}: kept\n")
    assert "asked for by ops" in told.stdout
    assert f"the caller talks ({ANNE})" in told.stdout
    assert "the talk is over: kept" in told.stdout
    assert calling_back.stop() == 0
    calling_back.start()
    assert calling_back.command("promises", "show", name).stdout == told.stdout
    assert calling_back.metric("decroche_invariant_violations_total") == 0
    assert NUMBER[1:] not in calling_back.log_path.read_text() + told.stdout + told.stderr


def later_and_cancelled(service: Service, owed_now: str) -> None:
    """Ask for somebody else's call-back tomorrow, and think better of it."""
    refused = add(service, OTHER, "--listener", "777")
    assert (refused.returncode, refused.stderr) == (1, "no listener has this code\n")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    later = add(service, OTHER, "--from", tomorrow).stdout.partition(":")[0]
    listed = json.loads(service.command("promises", "list", "--json").stdout)
    assert {one["promise"] for one in listed} - {owed_now} == {later}
    cancelled = service.command("promises", "cancel", later)
    assert (cancelled.returncode, cancelled.stdout) == (0, f"{later}: cancelled\n")
    again = service.command("promises", "cancel", later)
    assert (again.returncode, again.stderr) == (1, "there is no open promise of this name\n")


async def talk(farm: Farm) -> None:
    """Wait until Anne talks with whom she calls back, and let them hang up."""
    assert await farm.heard(NUMBER[-7:], 30) == ANNE
    await farm.hang_up_as(NUMBER)
    await farm.let_go(ANNE, 20)


def owed(service: Service) -> float:
    return service.metric("decroche_promises_owed")


def add(service: Service, number: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `decroche promises add` with this number on its standard input."""
    command = [sys.executable, "-m", "router", "promises", "add", "--line", "health", *words]
    return subprocess.run(
        [*command, "--config", str(service.config)],
        input=f"{number}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
