"""Those on call are rung before there is a queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.config_files import Person
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.farm import Farm

ANNE, BRUNO = TEAM
LINE = "0805232336"
SOON_SECONDS = 15.0
"""The next look ahead is at most six seconds away, and a phone rings at once."""
Scene = Callable[[Farm, Service], Awaitable[None]]


@pytest.fixture
def on_call(service: Service) -> Service:
    """Give an installation where Anne is on call, and nobody else is on duty."""
    service.people[ANNE].pool = "on-call"
    service.people[BRUNO].shifts = "none"
    service.lines["health"] |= {
        "pools": ["team"],
        "ladder": [{"after_seconds": 20, "pools": ["on-call"], "when": ["nobody_free"]}],
        "risk_wakes_above": 0.01,
    }
    return service


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm:
            await farm.listener(BRUNO, behaviour.answers())
            await scene(farm, service)

    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0


def test_whoever_is_on_call_is_rung_and_is_ready_for_the_call_that_comes(
    bed: Testbed, on_call: Service
) -> None:
    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.answers())
        service.start()
        await farm.rang(ANNE, SOON_SECONDS)
        await service.until(lambda: bool(service.log_lines("wake_answered")), 20, "the key")
        answered = service.log_lines("wake_answered")[0]
        assert (answered["listener"], answered["choice"]) == (ANNE, "ready")
        await farm.let_go(ANNE, 20)
        caller = await farm.call(LINE, "0639980070", talk_seconds=1)
        assert await farm.heard(caller, 20) == ANNE
        await farm.left(caller, 20)

    play(bed, on_call, scene)


def test_whoever_asks_for_a_pause_has_it(bed: Testbed, on_call: Service) -> None:
    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.presses("2"))
        service.start()
        await service.until(
            lambda: service.metric("decroche_listeners", 'state="paused"') == 1, 30, "the pause"
        )

    play(bed, on_call, scene)


def test_a_call_that_comes_while_the_phone_rings_has_it_and_finds_it_free(
    bed: Testbed, on_call: Service
) -> None:
    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.never())
        service.start()
        await farm.rang(ANNE, SOON_SECONDS)
        seen = len(farm.events)
        await farm.listener(ANNE, behaviour.answers())
        caller = await farm.call(LINE, "0639980071", talk_seconds=1)
        let_go = await farm.let_go(ANNE, 10, since=seen)
        rang = await farm.rang(ANNE, 10, since=seen)
        assert farm.events.index(let_go) < farm.events.index(rang)
        assert await farm.heard(caller, 20) == ANNE
        await farm.left(caller, 20)
        await service.until(lambda: bool(service.log_lines("offer_over")), 10, "its result")
        assert [line["result"] for line in service.log_lines("offer_over")] == ["talked"]

    play(bed, on_call, scene)


def test_a_daemon_that_starts_again_rings_nobody_twice_and_whoever_wants_none_is_left_alone(
    bed: Testbed, on_call: Service
) -> None:
    on_call.people[BRUNO].shifts = "always"
    on_call.people[BRUNO].pool = "on-call"
    on_call.people[BRUNO].wakes = False
    on_call.people["carol0103"] = Person(shifts="none")

    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.never())
        service.start()
        await farm.rang(ANNE, SOON_SECONDS)
        # A thread writes the log: a line may still be on its way as the phone rings.
        await service.until(lambda: bool(service.log_lines("wake")), SOON_SECONDS, "the log")
        service.kill()
        seen = len(farm.events)
        service.start()
        await service.until(
            lambda: service.metric("decroche_next_call_miss_risk", 'line="health"') > 0.0,
            SOON_SECONDS,
            "a look",
        )
        # The new daemon lets go of the phone that the one before has left ringing.
        await farm.let_go(ANNE, SOON_SECONDS, since=seen)
        (wake,) = service.log_lines("wake")
        assert wake["listeners"] == [ANNE, BRUNO]
        assert farm.rings(ANNE) == 1
        assert farm.rings(BRUNO) == 0

    play(bed, on_call, scene)
