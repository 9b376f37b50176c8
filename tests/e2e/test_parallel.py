"""Several phones ring for one caller: one has the call, and the others lose nothing by it."""

from __future__ import annotations

import asyncio

import pytest

from tests.e2e.config_files import Person
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm

ANNE, BRUNO = TEAM
CAROL = "carol0103"
LINE = "0805232336"


@pytest.fixture
def three(service: Service) -> Service:
    """Give an installation whose three listeners are rung at once, and rest long from a miss."""
    service.people[CAROL] = Person()
    service.lines["health"] |= {
        "ladder": [{"after_seconds": 0, "ring_at_once": 3}],
        "ring_seconds": 30.0,
        "accept_seconds": 30.0,
    }
    service.care["missed_rest_seconds"] = [600.0]
    return service


def test_the_first_to_press_has_the_call_and_it_is_no_miss_for_the_others(
    bed: Testbed, three: Service
) -> None:
    async def scene(farm: Farm, watch: Ami) -> None:
        await farm.listener(ANNE, behaviour.takes(0.2, 8))
        await farm.listener(BRUNO, behaviour.takes(0.2, 3))
        await farm.listener(CAROL, behaviour.never())
        caller = await farm.call(LINE, "0639980056")
        assert await farm.heard(caller, 20) == BRUNO
        # Who has picked up is told; whose phone only rings finds it silent.
        taken = await watch.wait_for(
            lambda e: e["Event"] == "Newexten" and e["AppData"] == "decroche/taken", 10
        )
        await three.until(lambda: len(three.log_lines("listener_rung")) == 3, 10, "the log")
        offers = {line["offer"]: line["listener"] for line in three.log_lines("listener_rung")}
        assert offers[taken["Uniqueid"]] == ANNE
        for name in (ANNE, CAROL):
            await farm.let_go(name, 15)
        await farm.hang_up(caller)
        await three.until(
            lambda: three.metric("decroche_listeners", 'state="free"') == 3, 30, "all three free"
        )
        await three.until(lambda: len(three.log_lines("offer_over")) == 3, 10, "three results")
        results = {line["listener"]: line["result"] for line in three.log_lines("offer_over")}
        assert results == {ANNE: "lost_race", BRUNO: "talked", CAROL: "lost_race"}
        seen = len(farm.events)
        again = await farm.call(LINE, "0639980057")
        for name in (ANNE, BRUNO, CAROL):
            await farm.rang(name, 10, since=seen)
        await farm.hang_up(again)

    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await scene(farm, watch)

    three.start()
    asyncio.run(played())
    assert three.metric("decroche_invariant_violations_total") == 0
