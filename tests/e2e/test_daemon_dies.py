"""`kill -9` of the daemon: nobody is lost, whether it comes back or not."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

from tests.dialplans.daemon import living
from tests.e2e.service import Service, installed, team
from tests.testbed import Testbed, behaviour, require_testbed
from tests.testbed.ami import Message
from tests.testbed.farm import Farm

TALKERS = [f"t01{number:02}" for number in range(5)]
LATE = "late0120"
FALLBACK = [f"f09{number:02}" for number in range(6)]
HUMAN_WITHIN_SECONDS = 20.0


def test_talks_go_on_and_callers_keep_their_order_over_a_kill_and_a_restart(
    tmp_path: Path,
) -> None:
    require_testbed()
    with (
        Testbed(fallback=["0199000091"]) as bed,
        installed(bed, tmp_path, team([*TALKERS, LATE], health=2, fr=1)) as service,
    ):
        service.start()
        asyncio.run(_kill_and_restart(bed, service))


async def _kill_and_restart(bed: Testbed, service: Service) -> None:
    async with bed.farm() as farm:
        talking = await _five_talks(farm)
        # The sixth phone rings for the first who waits, and is picked up after the restart.
        await farm.listener(LATE, behaviour.rings_until_told())
        waiting = [await _enter(farm, f"06399801{n:02}") for n in range(10)]
        await farm.rang(LATE, 10)
        await service.until(lambda: service.metric("decroche_calls_waiting") == 10, 10, "10 wait")

        service.kill()
        # A busy machine may take longer to start the daemon than the dialplan waits for it, and
        # whoever is then in a round of the fallback keeps no order.
        async with living(bed):
            await asyncio.to_thread(service.start)
        await farm.listener(LATE, behaviour.answers())
        await farm.pick_up(LATE)

        assert await farm.heard(waiting[0], 20) == LATE
        answered = [waiting[0]]
        for caller in [*talking, *waiting[:4]]:
            seen = len(farm.events)
            await farm.hang_up(caller)
            told = await farm.ami.wait_for(
                lambda event: event.is_user_event("ListenerTook"), 20, since=seen
            )
            answered.append(told["Caller"])
        assert answered == waiting
        # Nobody of the five was cut off: each of them left only when told to.
        assert [caller for caller, _ in farm.talks()[:5]] == talking
        for caller in waiting[4:]:
            await farm.hang_up(caller)
        await service.until(lambda: len(service.log_lines("call_ended")) >= 15, 20, "15 ends")

    rung = Counter((line["call"], line["listener"]) for line in service.log_lines("listener_rung"))
    assert max(rung.values()) == 1
    assert sum(farm.rings(name) for name in [*TALKERS, LATE]) == sum(rung.values()) == 15
    assert {line["outcome"] for line in service.log_lines("call_ended")} == {"answered"}


async def _five_talks(farm: Farm) -> list[str]:
    talking = []
    for number, name in enumerate(TALKERS):
        await farm.listener(name, behaviour.answers())
        talking.append(await _enter(farm, f"06399800{number:02}"))
    for caller in talking:
        await farm.heard(caller, 20)
    # In the order in which they were answered, which is the order in which they are let go.
    return [caller for caller, _ in farm.talks()]


async def _enter(farm: Farm, number: str) -> str:
    """Dial, and wait until the line has answered: callers enter in the order of these calls."""
    caller = await farm.call("0805232336", number)
    await farm.entered(caller, 10)
    return caller


def test_with_the_daemon_dead_waiting_and_new_callers_reach_the_fallback_within_20_seconds(
    tmp_path: Path,
) -> None:
    require_testbed()
    with (
        Testbed(fallback=FALLBACK) as bed,
        installed(bed, tmp_path, team(TALKERS[:2], health=2, fr=1)) as service,
    ):
        service.start()
        asyncio.run(_stays_dead(bed, service))


async def _stays_dead(bed: Testbed, service: Service) -> None:
    async with bed.farm() as farm:
        for name in FALLBACK:
            await farm.listener(name, behaviour.answers(after_seconds=1))
        for name in TALKERS[:2]:
            await farm.listener(name, behaviour.never())
        waiting = [await farm.call("0805232336", f"06399802{n:02}") for n in range(3)]
        await service.until(lambda: service.metric("decroche_calls_waiting") == 3, 10, "3 wait")

        service.kill()
        alone_since = dict.fromkeys(waiting, time.time())
        for number in range(2):
            caller = await farm.call("0805232336", f"06399803{number:02}")
            alone_since[caller] = time.time()
        for caller in alone_since:
            assert await farm.heard(caller, HUMAN_WITHIN_SECONDS) in FALLBACK
        took_at = {e["Caller"]: float(e["Timestamp"]) for e in farm.events if took(e)}
        for caller, since in alone_since.items():
            # By Asterisk's own stamps: whoever hears of it may be busy.
            assert took_at[caller] - since < HUMAN_WITHIN_SECONDS


def took(event: Message) -> bool:
    return event.is_user_event("ListenerTook")
