from __future__ import annotations

import asyncio
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testbed import Testbed, behaviour, require_testbed
from tests.testbed.ami import AmiRefusedError, connected
from tests.testbed.behaviour import Behaviour
from tests.testbed.pbx import PROJECT

HEALTH_NUMBER = "0805232336"
PHONE = "0199000101"
SOON_SECONDS = 20.0
TALK_SECONDS = 30.0
START_SECONDS = 120.0


def test_a_caller_and_a_listener_prove_that_they_hear_each_other(bed: Testbed) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener("0199000091", behaviour.answers())
            caller = await farm.call(HEALTH_NUMBER, talk_seconds=0.5)
            assert await farm.heard(caller, TALK_SECONDS) == "0199000091"
            await farm.left(caller, SOON_SECONDS)
            assert farm.talks() == [(caller, "0199000091")]
            assert farm.rings("0199000091") == 1

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("treats", "cause"),
    [(behaviour.busy(), "17"), (behaviour.rejects(), "21"), (None, "1")],
    ids=["busy", "rejects", "unreachable"],
)
def test_a_listener_can_be_out_of_reach_in_several_ways(
    bed: Testbed, treats: Behaviour | None, cause: str
) -> None:
    async def scene() -> None:
        phone = f"01990002{cause.zfill(2)}"
        async with bed.farm() as farm, bed.watch() as ami:
            if treats is not None:
                await farm.listener(phone, treats)
            await ami.send(
                "Originate",
                Channel=f"PJSIP/{phone}@trunk",
                ChannelId=f"out-of-reach-{cause}",
                Context="decroche-offer",
                Exten="s",
                Priority="1",
                Async="true",
            )
            ended = await ami.wait_for(
                lambda e: e.has(Event="Hangup", Uniqueid=f"out-of-reach-{cause}"), SOON_SECONDS
            )
            assert ended["Cause"] == cause

    asyncio.run(scene())


def test_an_asterisk_killed_comes_back_on_its_ports_with_no_calls(bed: Testbed) -> None:
    bed.pbx.kill()
    with pytest.raises(ConnectionRefusedError):
        asyncio.run(_log_in(bed))
    bed.pbx.start()
    asyncio.run(_log_in(bed))
    assert "0 active calls" in bed.pbx.command("core show channels")


def test_testbeds_stand_side_by_side_and_leave_nothing_behind(bed: Testbed) -> None:
    with Testbed() as other:
        assert other.pbx.admin.port != bed.pbx.admin.port
        asyncio.run(_log_in(other))
        folder, pid = other.folder, other.pbx.pid
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_testbed_ends_with_the_process_that_started_it() -> None:
    require_testbed()
    program = (
        "import os, signal; from tests.testbed import Testbed; bed = Testbed().start();"
        "print(bed.folder, bed.pbx.pid, bed.farm_instance.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    ) as starter:
        said, _ = starter.communicate(timeout=START_SECONDS)
    folder, *pids = said.split()
    for pid in pids:
        assert_ends(int(pid))
    shutil.rmtree(folder)


def test_a_wrong_secret_is_refused(bed: Testbed) -> None:
    async def scene() -> None:
        wrong = type(bed.pbx.admin)(bed.pbx.admin.port, "decroche", "wrong")
        with pytest.raises(AmiRefusedError, match="Authentication failed"):
            async with connected(wrong):
                pass

    asyncio.run(scene())


def test_a_missing_asterisk_skips_or_fails_with_the_way_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("DECROCHE_NO_SKIP", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"python -m tests\.testbed install"):
        require_testbed()
    monkeypatch.setenv("DECROCHE_NO_SKIP", "1")
    with pytest.raises(pytest.fail.Exception, match="Asterisk in"):
        require_testbed()


def assert_ends(pid: int) -> None:
    try:
        ended = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    assert select.select([ended], [], [], SOON_SECONDS)[0] == [ended]
    os.close(ended)


async def _log_in(bed: Testbed) -> None:
    async with bed.manager() as ami:
        await ami.wait_for(lambda event: event["Event"] == "FullyBooted", SOON_SECONDS)
