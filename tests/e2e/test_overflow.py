"""Callers who are more than the platform can take reach a partner's number, over the trunk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.farm import Farm

ANNE, BRUNO = TEAM
LINE = "0805232336"
PARTNER = "0199000095"
"""A number outside: the farm plays the operator."""
Scene = Callable[[Farm, Service], Awaitable[None]]


@pytest.fixture
def overflowing(service: Service) -> Service:
    """Give an installation with one listener, and a partner who takes two calls at once."""
    del service.people[BRUNO]
    service.partners["sos"] = {
        "name": "SOS partner",
        "endpoint": f"PJSIP/{PARTNER}@trunk",
        "skills": {"health": 2, "fr": 1},
        "pool": "partners",
        "places": 2,
        "shifts": "always",
    }
    service.lines["health"] |= {
        "pools": ["team"],
        "ladder": [
            {"after_seconds": 0, "ring_at_once": 1},
            {
                "after_seconds": 30,
                "pools": ["partners"],
                "when": ["nobody_free"],
                "ring_at_once": 1,
            },
        ],
    }
    return service


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm:
            await farm.listener(ANNE, behaviour.answers())
            await scene(farm, service)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0


def test_two_callers_at_once_reach_the_partners_one_number_and_the_listener_comes_first(
    bed: Testbed, overflowing: Service
) -> None:
    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(PARTNER, behaviour.answers())
        callers = []
        for number, listener in (("50", ANNE), ("51", PARTNER), ("52", PARTNER)):
            callers.append(await farm.call(LINE, f"06399800{number}"))
            assert await farm.heard(callers[-1], 10) == listener
        await service.until(lambda: len(service.log_lines("listener_rung")) == 3, 10, "the log")
        rung = [line["listener"] for line in service.log_lines("listener_rung")]
        assert rung[0] == ANNE
        assert sorted(rung[1:]) == ["sos-1", "sos-2"]
        for caller in callers:
            await farm.hang_up(caller)
        await service.until(lambda: len(service.log_lines("call_ended")) == 3, 20, "three ends")
        assert {line["outcome"] for line in service.log_lines("call_ended")} == {"answered"}

    play(bed, overflowing, scene)


def test_a_machine_that_picks_up_at_the_partners_is_no_answer(
    bed: Testbed, overflowing: Service
) -> None:
    overflowing.lines["health"]["accept_seconds"] = 7.0

    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(PARTNER, behaviour.voicemail())
        talking = await farm.call(LINE, "0639980053")
        assert await farm.heard(talking, 10) == ANNE
        caller = await farm.call(LINE, "0639980054")
        await service.until(lambda: bool(service.log_lines("offer_over")), 20, "its end")
        over = service.log_lines("offer_over")[0]
        assert (over["listener"][:4], over["result"]) == ("sos-", "no_key")
        assert len(service.log_lines("call_answered")) == 1
        await farm.hang_up(talking)
        await farm.hang_up(caller)
        await service.until(lambda: len(service.log_lines("call_ended")) == 2, 20, "both ends")

    play(bed, overflowing, scene)
