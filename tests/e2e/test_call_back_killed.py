"""A call-back that is promised is kept over `kill -9` of the daemon, and rings nobody twice."""

from __future__ import annotations

import asyncio

from tests.dialplans.daemon import living
from tests.e2e.called_back import ANNE, is_kept, play, promised, told
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami
from tests.testbed.farm import Farm


def test_a_daemon_killed_before_the_listeners_key_reached_it_rings_the_caller_as_it_comes_back(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980304"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.is_called_back())
        talking = await promised(farm, watch, number)
        await farm.listener(ANNE, behaviour.waits_with_the_key())
        seen, before = len(farm.events), len(watch.events)
        await farm.hang_up(talking)
        await told(watch, "DecrocheOffer", before, What="picked_up")
        await farm.picked_up(ANNE, 30, since=seen)
        service.freeze()
        await farm.accept(ANNE)
        await told(watch, "DecrocheOffer", before, What="accepted")
        service.kill()
        assert farm.rings(number) == 0
        await asyncio.to_thread(service.start)
        await is_kept(farm, service, number, seen)

    play(bed, calling_back, scene)


def test_a_daemon_killed_while_the_caller_is_rung_rings_them_no_second_time(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980305"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.is_called_back(behaviour.UNTIL_TOLD_SECONDS))
        talking = await promised(farm, watch, number)
        seen = len(farm.events)
        await farm.hang_up(talking)
        await farm.rang(number, 30, since=seen)
        service.kill()
        await asyncio.to_thread(service.start)
        await farm.pick_up(number)
        await is_kept(farm, service, number, seen)

    play(bed, calling_back, scene)


def test_a_daemon_killed_before_the_callers_key_reached_it_brings_the_two_together_all_the_same(
    bed: Testbed, calling_back: Service
) -> None:
    number = "0639980306"

    async def scene(farm: Farm, watch: Ami, service: Service) -> None:
        await farm.listener(number, behaviour.is_called_back(behaviour.UNTIL_TOLD_SECONDS))
        talking = await promised(farm, watch, number)
        seen, before = len(farm.events), len(watch.events)
        await farm.hang_up(talking)
        await farm.rang(number, 30, since=seen)
        # However long all this takes: whom no daemon takes care of is the fallback's.
        async with living(bed):
            service.freeze()
            await farm.pick_up(number)
            await told(watch, "DecrocheCallBack", before, What="taken")
            service.kill()
            await asyncio.to_thread(service.start)
        await is_kept(farm, service, number, seen)
        assert farm.rings(ANNE) == 2

    play(bed, calling_back, scene)
