"""A line that calls back: what its callers hear, how its rules are here, and how a scene begins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.config.any_hour import any_hour
from tests.e2e.service import Service
from tests.testbed import Testbed, behaviour
from tests.testbed.ami import Ami, Message
from tests.testbed.farm import Farm

LINE = "0805232336"
ANNE = "anne0101"
"""The one listener of these scenes."""
WORDS_SECONDS = 20.0
RULES = {"yields_seconds": 0.0, "hours": any_hour(), "again_seconds": [600.0]}
"""Whatever the time of day at which a test is run."""
Scene = Callable[[Farm, Ami, Service], Awaitable[None]]


def play(bed: Testbed, service: Service, scene: Scene) -> None:
    async def played() -> None:
        async with bed.farm() as farm, bed.watch() as watch:
            await farm.listener(ANNE, behaviour.answers())
            await scene(farm, watch, service)

    service.start()
    asyncio.run(played())
    assert service.metric("decroche_invariant_violations_total") == 0
    assert service.log_lines("event_refused") == []


async def promised(farm: Farm, watch: Ami, number: str) -> str:
    """Have somebody ask for a call-back who waits for Anne; give whom she talks with meanwhile."""
    talking = await with_anne(farm)
    before = len(watch.events)
    asking = await farm.call(LINE, number, keys="3")
    said = await hears(watch, "promised", since=before)
    assert farm.rings(number) == 0
    # From these words on it is owed: whoever leaves under them is called.
    await farm.hang_up(asking)
    await farm.left(asking, WORDS_SECONDS)
    heard = words_on(watch, said["Uniqueid"])
    assert heard[heard.index("promised") + 1].startswith("hour-")
    return talking


async def with_anne(farm: Farm) -> str:
    caller = await farm.call(LINE, "0639980300")
    assert await farm.heard(caller, 20) == ANNE
    return caller


async def owes(service: Service, promises: int) -> None:
    """Wait until so many promises are open, as far as the daemon tells."""
    await service.until(
        lambda: service.metric("decroche_promises_owed") == promises, 20, "what is owed"
    )


async def is_kept(farm: Farm, service: Service, number: str, since: int) -> None:
    """See that Anne and this number talk, that nothing is owed after, and that it rang once."""
    assert await farm.heard(voice(number), 30, since=since) == ANNE
    await farm.hang_up_as(number)
    await owes(service, 0)
    assert farm.rings(number) == 1


def voice(number: str) -> str:
    """Give how the farm names whom we have called back."""
    return number[-7:]


def words_on(watch: Ami, leg: str) -> list[str]:
    """Give the prompts that were played on a leg, in order."""
    played = [
        event["AppData"]
        for event in watch.events
        if event.has(Event="Newexten", Uniqueid=leg)
        and event["Application"] in ("Read", "Playback")
    ]
    return [
        word.partition(",")[0]
        for words in played
        for word in words.replace("&", ",").split("decroche/")[1:]
    ]


async def hears(watch: Ami, words: str, since: int = 0, **headers: str) -> Message:
    """Wait until somebody, or the leg with these headers, begins to hear these words."""
    said = f"decroche/{words},"
    return await watch.wait_for(
        lambda e: (
            e["Event"] == "Newexten"
            and e["Application"] != "Set"
            and said in e["AppData"].replace("&", ",") + ","
            and e.has(**headers)
        ),
        WORDS_SECONDS,
        since,
    )


async def told(watch: Ami, name: str, since: int, **headers: str) -> Message:
    return await watch.wait_for(lambda e: e.is_user_event(name, **headers), WORDS_SECONDS, since)
