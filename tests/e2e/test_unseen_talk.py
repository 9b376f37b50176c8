"""A daemon dies as it has had two joined; their talk is over before there is another one."""

from __future__ import annotations

import asyncio

from tests.e2e.called_back import ANNE, RULES, owes, play, promised, voice
from tests.e2e.proxy import Wire, wire_to
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm

JOINED_SECONDS = 40.0
"""Anne rings, presses 1 and hears what it is; then the caller rings, and presses 1."""


def test_whom_anne_has_called_back_while_no_daemon_was_there_is_not_rung_again(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980307"
    # Were it not kept, they would be rung again before what follows has come to pass.
    calling_back.lines["health"]["call_back"] = {**RULES, "again_seconds": [1.0]}

    async def scene(farm: Farm, watch: Ami, service: Service, wire: Wire) -> None:
        await farm.listener(number, behaviour.is_called_back())
        talking = await promised(farm, watch, number)
        seen = len(farm.events)
        wire.silence_after("Bridge")
        await farm.hang_up(talking)
        assert await farm.heard(voice(number), JOINED_SECONDS, since=seen) == ANNE
        assert wire.is_silent
        service.kill()
        await farm.hang_up_as(number)
        await watch.wait_for(lambda e: is_mark(e["Variable"], e["Value"]), 10)
        wire.speak()
        await asyncio.to_thread(service.start)
        await owes(service, 0)
        # The mark has done its work, and is taken away.
        await watch.wait_for(lambda e: (e["Variable"], e["Value"]) == ("DECROCHE_TALKED", ""), 10)
        # Anne is free: had the call-back been owed, she would have it before this caller has her.
        caller = await farm.call("0805232336", "0639980308")
        assert await farm.heard(caller, 30) == ANNE
        await farm.hang_up(caller)
        assert (farm.rings(number), farm.rings(ANNE)) == (1, 3)

    with wire_to(bed.pbx.manager.port) as wire:
        calling_back.ami_port = wire.port
        play(bed, calling_back, lambda farm, watch, service: scene(farm, watch, service, wire))
        # Before its wire does.
        assert calling_back.stop() == 0


def is_mark(variable: str, value: str) -> bool:
    return variable == "DECROCHE_TALKED" and value.startswith("&dcb-")
