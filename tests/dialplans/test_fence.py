"""Only the daemon that came last dials: an older one is refused before the phone rings."""

from __future__ import annotations

import asyncio

from tests.dialplans.daemon import Daemon, living
from tests.dialplans.test_call_back import dial
from tests.testbed import Testbed, behaviour

NUMBER = "0639980241"
REJECTED, REFUSED = "21", "38"


def test_only_the_daemon_that_came_last_can_have_a_phone_rung(bed: Testbed) -> None:
    asyncio.run(_dialled_by_each(bed))
    assert bed.pbx.complaints() == []


async def _dialled_by_each(bed: Testbed) -> None:
    async with bed.farm() as farm, living(bed) as daemon:
        await farm.listener(NUMBER, behaviour.rejects())
        # Before the first daemon that has an epoch, there is nobody to be fenced off.
        assert await dialled(daemon, "5") == REJECTED
        await daemon.ami.send("Setvar", Variable="DECROCHE_EPOCH", Value="10")
        assert await dialled(daemon, "10") == REJECTED
        assert await dialled(daemon, "11") == REJECTED
        # The farm is heard on a line of its own, and may tell a moment later.
        await farm.ami.wait_for(lambda _: farm.rings(NUMBER) == 3, 10)
        for older in ("9", "", "x"):
            assert await dialled(daemon, older) == REFUSED
        # Had one of them rung it, it would have been before this one.
        assert await dialled(daemon, "12") == REJECTED
        await farm.ami.wait_for(lambda _: farm.rings(NUMBER) >= 4, 10)
        assert farm.rings(NUMBER) == 4


async def dialled(daemon: Daemon, epoch: str) -> str:
    """Dial as the daemon of this epoch does, and give the cause by which it ended."""
    leg = f"dcb-fenced-{epoch or 'none'}"
    await dial(daemon, leg, NUMBER, epoch=epoch)
    ended = await daemon.ami.wait_for(lambda e: e.has(Event="Hangup", Uniqueid=leg), 10)
    return ended["Cause"]
