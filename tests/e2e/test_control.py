"""What ops ask of the running daemon by its socket."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm

LINE = "0805232336"
NUMBER = "0639980059"


def test_a_caller_who_was_known_is_a_stranger_once_ops_have_had_them_forgotten(
    bed: Testbed, service: Service
) -> None:
    async def scene() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            await calls_as(farm, watch, service, "known-0")
            await calls_as(farm, watch, service, "known-1")
            done = await asyncio.to_thread(forget, service, "06 39 98 00 59")
            assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
            await calls_as(farm, watch, service, "known-0")
            stranger = await asyncio.to_thread(forget, service, "06 39 98 00 60")
            assert (stranger.returncode, stranger.stdout) == (0, "done\n")

    service.start()
    socket = service.folder / "state/control.sock"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    asyncio.run(scene())
    assert service.metric("decroche_invariant_violations_total") == 0
    assert NUMBER[1:] not in service.log_path.read_text()
    assert service.stop() == 0
    refused = forget(service, NUMBER)
    assert refused.returncode == 1
    assert "the daemon does not run" in refused.stderr
    assert NUMBER[1:] not in refused.stderr


async def calls_as(farm: Farm, watch: Ami, service: Service, prompt: str) -> None:
    """Have the caller call; their listener's phone is to say this of them."""
    # Whoever is busy is not asked: the listener whom the caller knows is to be free again.
    await service.until(lambda: service.held() == 0, 20, "everybody is free")
    seen = len(watch.events)
    caller = await farm.call(LINE, NUMBER, talk_seconds=1)
    await farm.heard(caller, 20)
    await watch.wait_for(
        lambda e: e["Event"] == "Newexten" and f"decroche/{prompt}" in e["AppData"], 5, since=seen
    )
    await farm.left(caller, 20)


def forget(service: Service, number: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "router", "forget", "--config", str(service.config)]
    return subprocess.run(
        words, input=f"{number}\n", capture_output=True, text=True, timeout=60, check=False
    )
