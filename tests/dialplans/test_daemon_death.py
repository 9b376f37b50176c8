"""The daemon dies with callers on the line, or comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.dialplans.daemon import Daemon, dead, living
from tests.dialplans.places import (
    FALLBACK_HUMAN,
    HEALTH_NUMBER,
    HUMAN_WITHIN_SECONDS,
    SOON_SECONDS,
)
from tests.testbed import Testbed, behaviour, require_testbed
from tests.testbed.farm import Farm

NUMBERS = [f"063998000{n}" for n in range(1, 6)]
ROUND_WITH_NOBODY_SECONDS = 12.0


@pytest.fixture
def lonely_bed() -> Iterator[Testbed]:
    """Give a testbed whose fallback group has one phone, which is out of reach."""
    require_testbed()
    with Testbed(fallback=["0199000099"]) as bed:
        yield bed


def test_every_caller_waiting_as_the_daemon_dies_has_a_human_within_20_s(bed: Testbed) -> None:
    async def scene() -> None:
        async with bed.farm() as farm:
            await farm.listener(FALLBACK_HUMAN, behaviour.answers(after_seconds=1))
            async with living(bed) as daemon:
                callers = [await wait_in_hold(farm, daemon, number) for number in NUMBERS]
                newcomer = await farm.call(HEALTH_NUMBER, "0639980009")
                await daemon.arrival("0639980009")
            humans = (farm.heard(c, HUMAN_WITHIN_SECONDS) for c in [*callers, newcomer])
            assert set(await asyncio.gather(*humans)) == {FALLBACK_HUMAN}
            for caller in [*callers, newcomer]:
                await farm.hang_up(caller)

    asyncio.run(scene())
    assert bed.pbx.complaints() == []


def test_a_caller_whom_nobody_took_goes_back_to_a_daemon_that_lives_again(
    lonely_bed: Testbed,
) -> None:
    async def scene() -> None:
        async with lonely_bed.farm() as farm:
            async with dead(lonely_bed) as daemon:
                caller = await farm.call(HEALTH_NUMBER, NUMBERS[0])
                call = (await daemon.arrival(NUMBERS[0]))["Call"]
                await daemon.event("DecrocheFallback", Call=call)
            async with living(lonely_bed) as daemon:
                waiting = await daemon.event(
                    "DecrocheWaiting", ROUND_WITH_NOBODY_SECONDS, Call=call
                )
                assert waiting["Line"] == "health"
                await daemon.hears_music(call)
            await farm.hang_up(caller)
            await farm.left(caller, SOON_SECONDS)

    asyncio.run(scene())


async def wait_in_hold(farm: Farm, daemon: Daemon, number: str) -> str:
    caller = await farm.call(HEALTH_NUMBER, number)
    call = (await daemon.arrival(number))["Call"]
    await daemon.acknowledge(call)
    since = len(daemon.ami.events)
    await daemon.redirect(call, "decroche-hold", "join")
    await daemon.holding(call, "decroche-join", since)
    return caller
