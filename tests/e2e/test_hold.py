"""What a caller hears while the daemon searches: the rung's words, how long, and the choice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service, team
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, Message
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

ANNE, _ = TEAM
LINE = "0805232336"
KNOWN, OTHER = "0639980066", "0639980067"
Scene = Callable[[Farm, Ami, Service], Awaitable[None]]


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await scene(farm, watch, service)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []
    assert bed.pbx.complaints() == []


def test_a_waiting_caller_hears_the_words_of_the_rung_and_then_how_long_it_may_take(
    bed: Testbed, service: Service
) -> None:
    service.people = team([f"paul010{number}" for number in range(7)], health=2, fr=1)
    service.lines["health"] |= {
        "ladder": [
            {"after_seconds": 0, "ring_at_once": 1},
            {"after_seconds": 8, "ring_at_once": 1, "words": "hold-further"},
        ],
        "ring_seconds": 10.0,
        "everybody_after_seconds": 110.0,
        "says_wait": True,
    }

    async def scene(farm: Farm, watch: Ami, _: Service) -> None:
        for name in service.people:
            await farm.listener(name, behaviour.never())
        caller = await farm.call(LINE, OTHER)
        call = (await told(watch, "DecrocheArrived"))["Call"]
        await hears(watch, call, "wait-under-1")
        assert heard(watch, call) == [
            "welcome-health",
            "confidential",
            "keys-health",
            "hold-further",
            "wait-under-1",
        ]
        await farm.hang_up(caller)

    play(bed, service, scene)


def test_a_known_caller_whose_listener_is_busy_chooses_after_the_welcome_and_gets_them(
    bed: Testbed, service: Service
) -> None:
    service.people = team([ANNE], health=2, fr=1)

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(ANNE, behaviour.answers())
        first = await farm.call(LINE, KNOWN)
        assert await farm.heard(first, 20) == ANNE
        await farm.hang_up(first)
        await service.until(lambda: bool(service.log_lines("offer_over")), 40, "Anne's leg gone")
        talking = await farm.call(LINE, OTHER)
        assert await farm.heard(talking, 20) == ANNE
        since = len(watch.events)
        again = await farm.call(LINE, KNOWN)
        call = (await told(watch, "DecrocheArrived", since))["Call"]
        await hears(watch, call, "choice")
        assert heard(watch, call) == ["welcome-health", "confidential", "choice"]
        await farm.press(again, "1")
        assert (await told(watch, "DecrocheChoice", since))["Choice"] == "wait"
        since = len(farm.events)
        await farm.hang_up(talking)
        assert await farm.heard(again, 60, since) == ANNE
        await farm.hang_up(again)

    play(bed, service, scene)


async def hears(watch: Ami, call: str, words: str) -> Message:
    return await watch.wait_for(
        lambda e: (
            e.has(Event="Newexten", Uniqueid=call)
            and e["Application"] == "Read"
            and f"decroche/{words}" in e["AppData"]
        ),
        45,
    )


def heard(watch: Ami, call: str) -> list[str]:
    """Give the prompts that a caller has heard, in order."""
    said = [
        event["AppData"]
        for event in watch.events
        if event.has(Event="Newexten", Uniqueid=call) and event["Application"] == "Read"
    ]
    return [
        word.partition(",")[0]
        for words in said
        for word in words.replace("&", ",").split("decroche/")[1:]
    ]


async def told(watch: Ami, name: str, since: int = 0) -> Message:
    return await watch.wait_for(lambda e: e.is_user_event(name), 20, since)
