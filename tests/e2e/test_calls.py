"""What callers and listeners live through, one by one, on real calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.conftest import TEAM
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.behaviour import Behaviour
from tests.testbed.farm import Farm

ANNE, BRUNO = TEAM
Scene = Callable[[Farm, Service], Awaitable[None]]


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm:
            for name in TEAM:
                await farm.listener(name, behaviour.answers())
            await scene(farm, service)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0


@pytest.mark.parametrize(
    ("how", "result"),
    [
        (behaviour.never(), "no_answer"),
        (behaviour.busy(), "busy"),
        (behaviour.rejects(), "declined"),
        (behaviour.voicemail(), "no_key"),
        (behaviour.presses("2"), "declined"),
        (behaviour.presses("5"), "declined"),
    ],
    ids=["never answers", "busy", "rejects", "voicemail", "presses 2", "presses a wrong key"],
)
def test_a_listener_who_does_not_take_the_call_is_passed_over(
    bed: Testbed, service: Service, how: Behaviour, result: str
) -> None:
    # Anne's phone is given up soon; Bruno's, on a machine that is busy, is not.
    service.lines["health"] |= {"ring_seconds": 6.0, "accept_seconds": 7.0}

    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, how)
        caller = await farm.call("0805232336", "0639980050", talk_seconds=1)
        assert await farm.heard(caller, 30) == BRUNO
        await farm.left(caller, 20)
        await service.until(lambda: len(service.log_lines("offer_over")) == 2, 10, "two results")
        results = {line["listener"]: line["result"] for line in service.log_lines("offer_over")}
        assert results == {ANNE: result, BRUNO: "talked"}

    play(bed, service, scene)


def test_an_unreachable_phone_is_passed_over_at_once(bed: Testbed, service: Service) -> None:
    service.people = {"nobody0999": service.people[ANNE], **service.people}

    async def scene(farm: Farm, service: Service) -> None:
        caller = await farm.call("0805232336", "0639980051", talk_seconds=1)
        assert await farm.heard(caller, 10) in TEAM
        await farm.left(caller, 20)
        await service.until(lambda: len(service.log_lines("offer_over")) == 2, 10, "two results")
        assert service.log_lines("offer_over")[0]["result"] == "unreachable"

    play(bed, service, scene)


def test_a_caller_whose_listener_drops_out_goes_to_the_next_at_once(
    bed: Testbed, service: Service
) -> None:
    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.drops(talk_seconds=1))
        caller = await farm.call("0805232336", "0639980052")
        assert await farm.heard(caller, 20) == ANNE
        seen = len(farm.events)
        assert await farm.heard(caller, 20, since=seen) == BRUNO
        await farm.hang_up(caller)
        await service.until(lambda: bool(service.log_lines("call_ended")), 10, "the end")
        assert service.log_lines("call_ended")[0]["outcome"] == "answered"

    play(bed, service, scene)


def test_a_caller_who_stays_after_the_listener_hung_up_is_not_left_alone(
    bed: Testbed, service: Service
) -> None:
    service.lines["health"]["after_talk_seconds"] = 2.0

    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.answers(talk_seconds=1))
        caller = await farm.call("0805232336", "0639980053")
        assert await farm.heard(caller, 20) == ANNE
        seen = len(farm.events)
        assert await farm.heard(caller, 20, since=seen) in TEAM
        await farm.hang_up(caller)
        await service.until(lambda: bool(service.log_lines("call_ended")), 10, "the end")

    play(bed, service, scene)


def test_a_caller_who_leaves_while_phones_ring_frees_them_and_is_no_miss(
    bed: Testbed, service: Service
) -> None:
    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.never())
        leaves = await farm.call("0805232336", "0639980054")
        await farm.rang(ANNE, 10)
        await farm.hang_up(leaves)
        await service.until(lambda: bool(service.log_lines("offer_over")), 10, "the offer's end")
        assert service.log_lines("offer_over")[0]["result"] == "caller_left"
        await service.until(
            lambda: service.metric("decroche_listeners", 'state="free"') == 2, 10, "both free"
        )

    play(bed, service, scene)


def test_the_first_of_two_ringing_phones_has_the_call_and_the_other_is_let_go(
    bed: Testbed, service: Service
) -> None:
    service.lines["health"]["ladder"] = [{"after_seconds": 0, "ring_at_once": 2}]

    async def scene(farm: Farm, service: Service) -> None:
        await farm.listener(ANNE, behaviour.never())
        caller = await farm.call("0805232336", "0639980055", talk_seconds=2)
        assert await farm.heard(caller, 20) == BRUNO
        await farm.left(caller, 20)
        await service.until(lambda: len(service.log_lines("offer_over")) == 2, 10, "two results")
        results = {line["listener"]: line["result"] for line in service.log_lines("offer_over")}
        assert results == {ANNE: "lost_race", BRUNO: "talked"}
        await service.until(
            lambda: service.metric("decroche_listeners", 'state="free"') == 2, 15, "both free"
        )

    play(bed, service, scene)


def test_with_nobody_to_take_it_the_call_goes_to_the_fallback_and_is_answered(
    bed: Testbed, service: Service
) -> None:
    service.lines["health"]["fallback_after_seconds"] = 4.0

    async def scene(farm: Farm, service: Service) -> None:
        for name in TEAM:
            await farm.listener(name, behaviour.busy())
        await farm.listener("0199000091", behaviour.answers(after_seconds=1))
        caller = await farm.call("0805232336", "0639980056", talk_seconds=1)
        assert await farm.heard(caller, 30) == "0199000091"
        await farm.left(caller, 20)
        await service.until(lambda: bool(service.log_lines("call_ended")), 10, "the end")
        assert service.log_lines("call_ended")[0]["outcome"] == "fallback_answered"

    play(bed, service, scene)


def test_a_caller_whom_the_fallback_does_not_answer_is_searched_for_again(
    bed: Testbed, service: Service
) -> None:
    service.lines["health"]["fallback_after_seconds"] = 2.0
    service.care["missed_rest_seconds"] = [10.0]

    async def scene(farm: Farm, _: Service) -> None:
        for name in TEAM:
            await farm.listener(name, behaviour.busy())
        await farm.listener("0199000091", behaviour.never())
        caller = await farm.call("0805232336", "0639980057", talk_seconds=1)
        await farm.rang("0199000091", 20)
        for name in TEAM:
            await farm.listener(name, behaviour.answers())
        assert await farm.heard(caller, 60) in TEAM
        await farm.left(caller, 20)

    play(bed, service, scene)
