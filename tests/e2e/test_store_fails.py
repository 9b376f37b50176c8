"""The store dies, is slow, is full: all are served, and a promise that is heard is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.called_back import RULES, hears, voice, words_on
from tests.e2e.conftest import TEAM
from tests.e2e.service import Service, installed, team
from tests.e2e.store_server import SlowWire, StoreServer, slow_wire_to, store_server
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, Message
from tests.testbed.farm import Farm

pytestmark = pytest.mark.slow

ANNE = TEAM[0]
LINE = "0805232336"
NOTICED_SECONDS = 15.0
LATE_SECONDS = 3.0
SLOW_WORDS = ('"too_slow"', '"store"')
Scene = Callable[[Farm, Ami], Awaitable[None]]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[StoreServer]:
    with store_server(tmp_path / "store") as server:
        yield server


@pytest.fixture
def wire(server: StoreServer) -> Iterator[SlowWire]:
    with slow_wire_to(server.port) as wire:
        yield wire


@pytest.fixture
def calling_back(bed: Testbed, tmp_path: Path, wire: SlowWire) -> Iterator[Service]:
    """Give an installation with one listener, whose line calls back, and a store behind a wire."""
    with installed(bed, tmp_path / "decroche", team([ANNE], health=2, fr=1)) as service:
        state = str(service.folder / "state")
        service.tables["store"] = {"state_dir": state, "redis_url": wire.url}
        rules = {"call_back_key": "3", "call_back": RULES, "ring_seconds": 10.0}
        service.lines["health"] |= rules
        yield service


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await farm.listener(ANNE, behaviour.answers())
            await scene(farm, watch)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0
    # The next test begins on a floor where no phone is still hearing farewell words.
    service.wait_until(lambda: service.held() == 0, 45, "every phone let go")


def test_of_callers_who_ask_as_the_store_dies_those_who_hear_a_promise_are_called_back(
    bed: Testbed, calling_back: Service, server: StoreServer
) -> None:
    numbers = ["0639980431", "0639980432", "0639980433"]

    async def scene(farm: Farm, watch: Ami) -> None:
        talking = await with_anne(farm)
        before, while_it_dies, after = numbers
        asking = {before: await farm.call(LINE, before, keys="3")}
        await is_answered(watch, before)
        seen = len(watch.events)
        asking[while_it_dies] = await farm.call(LINE, while_it_dies, keys="3")
        await watch.wait_for(lambda e: e.is_user_event("DecrocheKey"), 20, seen)
        server.kill()
        asking[after] = await farm.call(LINE, after, keys="3")
        for number in (while_it_dies, after):
            await is_answered(watch, number)
        promised = [number for number in numbers if "promised" in heard_by(watch, number)]
        assert before in promised
        assert after not in promised
        await shows(calling_back, "decroche_promises_not_noted_total", 3 - len(promised))
        await shows(calling_back, "decroche_promise_store_up", 0)
        # Who heard no promise is still there, and is answered meanwhile, by the first who is free.
        for number in numbers:
            if number in promised:
                await farm.hang_up(asking[number])
        seen = len(farm.events)
        await farm.hang_up(talking)
        await asyncio.to_thread(server.start)
        waiting = [asking[number] for number in numbers if number not in promised]
        for number in promised:
            await farm.listener(number, behaviour.is_called_back())
        missing = {*waiting, *map(voice, promised)}
        while missing:
            took = await next_talk(farm, seen)
            seen = farm.events.index(took) + 1
            missing.remove(took["Caller"])
            await end_talk(farm, took["Caller"], {voice(number): number for number in promised})
        await shows(calling_back, "decroche_promises_owed", 0)
        assert [farm.rings(number) for number in promised] == [1] * len(promised)

    play(bed, calling_back, scene)
    assert calling_back.metric("decroche_promise_store_up") == 1


def test_who_asks_of_a_store_that_is_too_slow_or_full_hears_so_and_keeps_their_place(
    bed: Testbed, calling_back: Service, server: StoreServer, wire: SlowWire
) -> None:
    numbers = ["0639980434", "0639980435"]

    async def scene(farm: Farm, watch: Ami) -> None:
        talking = await with_anne(farm)
        wire.delay_seconds = LATE_SECONDS
        slow = await asks_in_vain(farm, watch, numbers[0])
        await shows(calling_back, "decroche_promises_not_noted_total", 1)
        # It is one of two words, too slow or not stored, by what else it had to write just then.
        said = [calling_back.metric("decroche_promises_not_noted_total", w) for w in SLOW_WORDS]
        assert sorted(said) == [0, 1]
        wire.delay_seconds = 0.0
        await shows(calling_back, "decroche_promise_store_up", 1)
        not_stored = calling_back.metric("decroche_promises_not_noted_total", '"store"')
        await asyncio.to_thread(server.set_room, 1)
        full = await asks_in_vain(farm, watch, numbers[1])
        await shows(calling_back, "decroche_promises_not_noted_total", not_stored + 1, '"store"')
        # In the order in which they came, and while the store takes nothing.
        for caller, leaves in ((slow, talking), (full, slow)):
            seen = len(farm.events)
            await farm.hang_up(leaves)
            assert await farm.heard(caller, 40, since=seen) == ANNE
        await farm.hang_up(full)
        await asyncio.to_thread(server.set_room, 0)
        assert calling_back.metric("decroche_promises_owed") == 0
        assert farm.rings(numbers[0]) + farm.rings(numbers[1]) == 0

    play(bed, calling_back, scene)


async def with_anne(farm: Farm) -> str:
    caller = await farm.call(LINE, "0639980430")
    assert await farm.heard(caller, 20) == ANNE
    return caller


async def shows(service: Service, metric: str, value: float, where: str = "") -> None:
    """Wait until this figure is so, which the words to a caller may be a moment ahead of."""
    await service.until(lambda: service.metric(metric, where) == value, NOTICED_SECONDS, metric)


async def asks_in_vain(farm: Farm, watch: Ami, number: str) -> str:
    """Have somebody ask for a call-back, and hear that it could not be noted."""
    before = len(watch.events)
    caller = await farm.call(LINE, number, keys="3")
    await hears(watch, "not-promised", since=before)
    assert "promised" not in heard_by(watch, number)
    return caller


async def is_answered(watch: Ami, number: str) -> None:
    """Wait until this caller is told one thing or the other."""
    await watch.wait_for(
        lambda _: not {"promised", "not-promised"}.isdisjoint(heard_by(watch, number)), 20
    )


def leg_of(watch: Ami, number: str) -> str:
    arrived = (e for e in watch.events if e.is_user_event("DecrocheArrived", CallerIDNum=number))
    return next((event["Call"] for event in arrived), "")


def heard_by(watch: Ami, number: str) -> list[str]:
    return words_on(watch, leg_of(watch, number))


async def next_talk(farm: Farm, since: int) -> Message:
    return await farm.ami.wait_for(lambda e: e.is_user_event("ListenerTook"), 45, since=since)


async def end_talk(farm: Farm, caller: str, called: dict[str, str]) -> None:
    if caller in called:
        await farm.hang_up_as(called[caller])
    else:
        await farm.hang_up(caller)
