"""A caller whom their listener, or somebody at the PBX, has put through to others."""

from __future__ import annotations

import asyncio

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour

ANNE, BRUNO = TEAM
EMERGENCY = "15"
GRACE_SECONDS = 1.0
RINGING_SECONDS = 4.0
"""Longer than the grace: who was searched for meanwhile would be taken from the ringing phone."""


def test_a_caller_who_was_put_through_to_the_emergency_service_is_left_there(
    bed: Testbed, service: Service
) -> None:
    service.lines["health"]["after_talk_seconds"] = GRACE_SECONDS

    async def scene() -> None:
        async with bed.farm() as farm, bed.manager() as pbx:
            await farm.listener(ANNE, behaviour.answers())
            await farm.listener(BRUNO, behaviour.never())
            await farm.listener(EMERGENCY, behaviour.takes(RINGING_SECONDS, 0.3))
            caller = await farm.call("0805232336", "0639980701")
            assert await farm.heard(caller, 30) == ANNE
            await farm.listener(BRUNO, behaviour.answers())
            channels = await pbx.list_of("CoreShowChannels")
            leg = next(one["Channel"] for one in channels if one["Uniqueid"].startswith("dcr-"))
            seen = len(farm.events)
            to = {"Context": "decroche-emergency", "Exten": EMERGENCY}
            answer = await pbx.send("BlindTransfer", Channel=leg, **to)
            assert answer["Response"] == "Success"
            await farm.hang_up_as(ANNE)
            assert await farm.heard(caller, 20, since=seen) == EMERGENCY
            # Had anybody been sought for them, it would have been before this one was.
            newcomer = await farm.call("0805232336", "0639980702")
            assert await farm.heard(newcomer, 20) in TEAM
            await farm.hang_up(caller)
            await service.until(lambda: bool(service.log_lines("call_ended")), 20, "the end")
            (ended,) = service.log_lines("call_ended")
            assert ended["outcome"] == "answered"
            await farm.hang_up(newcomer)
            await service.until(lambda: len(service.log_lines("call_ended")) == 2, 20, "both ends")
            assert len(service.log_lines("call_answered")) == 2
            assert len(service.log_lines("listener_rung")) == 2

    service.start()
    asyncio.run(scene())
    assert service.metric("decroche_invariant_violations_total") == 0
