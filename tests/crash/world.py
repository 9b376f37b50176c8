"""A world in virtual time: an emulated PBX, people, a store that stays, and daemons, one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import copy_context
from pathlib import Path
from random import Random
from typing import Final

from router.config import Settings
from router.runtime.daemon import Daemon
from router.runtime.notify import Notify
from simulations.pbx import people
from simulations.pbx.clock import Clock
from simulations.pbx.people import Caller
from simulations.pbx.server import EmulatedPbx
from simulations.pbx.site import Site
from tests.crash.hooks import pause
from tests.crash.house import ACCOUNT, AMI_SECRET, DIALPLAN_SECRET, settings_of
from tests.crash.life import LIFE, Life
from tests.crash.people import (
    LINE,
    Person,
    Plan,
    PlannedCall,
    manner_of_listener,
    manner_of_person,
)
from tests.crash.virtual_loop import VirtualLoop
from tests.crash.witness import Witness

BEGINS_AT: Final = 1_800_000_000.0
"""Epoch seconds."""

LONGEST_SECONDS: Final = 3_000.0
QUIET_LOOK_SECONDS: Final = 10.0
FALLBACK: Final = "garde"

_GRAVES: Final[list[object]] = []
"""Dead daemons: were they collected, what they would do at their end would be done."""


class World:
    """One plan, played. `async with world.begun()` has people call from then on."""

    def __init__(
        self, plan: Plan, chance: Random, loop: VirtualLoop, url: str, folder: Path
    ) -> None:
        self.witness: Witness
        self.pbx: EmulatedPbx
        self._plan = plan
        self._chance = chance
        self._loop = loop
        self._url = url
        self._folder = folder
        self._settings: Settings

    @asynccontextmanager
    async def begun(self) -> AsyncIterator[None]:
        """Have Asterisk there, and everybody who will call."""
        async with EmulatedPbx(self._site(), _WorldClock(self._loop)) as self.pbx:
            self.witness = Witness(self.pbx.exchange, self._loop.time)
            self.pbx.exchange.watches.append(self.witness.watch)
            self.pbx.listening.append(self.witness.hear)
            self._settings = settings_of(self._folder, self._plan, self._url, self.pbx.port)
            for person in self._plan.persons:
                for call in person.calls:
                    self._loop.call_later(call.at_seconds, self._call, person, call)
            yield

    def start(self, life: Life) -> Daemon:
        """Begin a daemon's life."""
        context = copy_context()
        context.run(LIFE.set, life)
        daemon = context.run(Daemon, self._settings, Notify({}))
        task = self._loop.create_task(daemon.run(), context=context)
        task.add_done_callback(self._look_at_end(life), context=copy_context())
        _GRAVES.append((daemon, task))
        self.witness.daemon_starts()
        return daemon

    async def until_quiet(self, daemon: Daemon, longest_seconds: float = LONGEST_SECONDS) -> bool:
        """Wait until nobody is on the line, will call, or is owed a call; say whether that came."""
        last_call = max(call.at_seconds for one in self._plan.persons for call in one.calls)
        while self._loop.time() < longest_seconds:
            await pause(QUIET_LOOK_SECONDS)
            loop = daemon._loop
            if loop is None or self.pbx.exchange.legs or self._loop.time() < last_call:
                continue
            state = loop.engine.state
            owed = [one for one in state.promises.values() if one.state != "with_seniors"]
            if not owed and not state.calls:
                return True
        return False

    def _look_at_end(self, life: Life) -> Callable[[asyncio.Task[None]], None]:
        def look(task: asyncio.Task[None]) -> None:
            if not life.dead:
                self._loop.broken.append(f"the daemon ended by itself: {task.exception()!r}")
                life.end("by itself")

        return look

    def _site(self) -> Site:
        phones = {name: manner_of_listener(self._chance) for name in self._plan.listeners}
        phones |= {one.e164: manner_of_person(one) for one in self._plan.persons}
        phones[FALLBACK] = lambda: people.answers(self._chance.uniform(2.0, 14.0))
        return Site(ACCOUNT, AMI_SECRET, DIALPLAN_SECRET, phones, (FALLBACK,))

    def _call(self, person: Person, call: PlannedCall) -> None:
        caller = Caller(person.national, LINE, call.talk_seconds, call.patience_seconds)
        leg = self.pbx.phones.call(caller)
        self.witness.calls(leg, person)
        for seconds in call.key_after_seconds:
            leg.in_time(seconds, lambda: leg.press("3"))


class _WorldClock(Clock):
    """The PBX's."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def epoch_seconds(self) -> float:  # type: ignore[override]  # it is one of a loop
        """Say what o'clock it is there."""
        return BEGINS_AT + self._loop.time()
