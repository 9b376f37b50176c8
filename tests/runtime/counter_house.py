"""A counter for promises with an engine behind it: a real store, and a loop that only turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from router.core.engine import Engine
from router.core.events import AnyEvent, EngineStarted, PolicyLoaded
from router.core.machine import EventRefused
from router.runtime.inbox import Errand, Inbox
from router.runtime.promise_counter import PromiseCounter
from router.web.counter import Asked, Standing
from tests.runtime.promise_house import AT_ANY_HOUR, NUMBER, House, hash_caller

Story = Callable[["Counting"], Awaitable[None]]


def asked(
    number: str = NUMBER,
    *,
    begins: float | None = None,
    ends: float | None = None,
    listener: str | None = None,
) -> Asked:
    """Give what somebody asks for at the counter."""
    return Asked(number, "carers", "ops", listener, begins, ends)


class Counting:
    """A house with a counter, whose engine takes what it is told as soon as it is told."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.stored = True
        """What the journal says of each event."""
        self.hangs = False
        self._turns: asyncio.Task[None] | None = None
        self.begin(Engine())

    def begin(self, engine: Engine) -> None:
        """Have this engine behind the counter from now on."""
        self.engine = engine
        self.inbox = Inbox()
        self.counter: PromiseCounter = self.house.part.counter(
            self.inbox, hash_caller, lambda: self.engine.state.promises
        )
        self.take(EngineStarted("b1"))
        self.take(PolicyLoaded(self.house.settings.policy()))
        self._turns = asyncio.create_task(self._turn())

    async def restart(self) -> None:
        """Have the daemon die, and another one come whose journal has all of it."""
        self.end()
        engine = Engine.restore(self.engine.snapshot())
        await self.house.restart(list(engine.state.promises), journal_lost=False)
        self.begin(engine)

    def end(self) -> None:
        assert self._turns is not None
        self._turns.cancel()

    def take(self, event: AnyEvent) -> None:
        """Have the engine take an event, and the desk carry out what it commands."""
        with suppress(EventRefused):
            for command in self.engine.step(event, time.time()):
                self.house.desk.carry_out(command)
            self.house.desk.hear(event)

    async def kept(self) -> list[str]:
        """Name the promises that are in the store once all that was begun is done."""
        await self.house.settled()
        return list((await self.house.kept()).promises)

    async def ended(self, promise: str) -> Standing:
        """Give how a promise ended."""
        found = self.counter.find(promise)
        assert found is not None
        return found

    async def _turn(self) -> None:
        while True:
            await self.inbox.wait()
            for item in [] if self.hangs else self.inbox.take(100):
                assert isinstance(item, Errand)
                self.take(item.event)
                if not item.stored.done():
                    item.stored.set_result(self.stored)


def at_the_counter(story: Story, rules: str = AT_ANY_HOUR) -> None:
    """Play a story at the counter of a house with these rules for calling back."""

    async def played() -> None:
        async with House(rules) as house:
            await house.open()
            counting = Counting(house)
            try:
                await story(counting)
            finally:
                counting.end()

    asyncio.run(played())
