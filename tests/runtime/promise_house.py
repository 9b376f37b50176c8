"""Promises at home: a real store, keys in a folder, and the part of the daemon that keeps them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from msgspec.structs import replace

from router.ami.mirror import CallerLeg
from router.config import Settings
from router.core.commands import ReportOutcome
from router.core.events import AnyEvent
from router.core.floor import State
from router.core.promise import Promise
from router.core.promise_commands import ChangeNumber, CloseNumber, NotePromise
from router.core.promise_events import PromiseNoted, PromiseNotNoted, PromiseOrigin
from router.numbers.call_back import Refusal
from router.observe.metrics import Metrics
from router.runtime.promise_part import PromisePart
from router.store.embedded import EmbeddedStore
from router.store.kept_numbers import Kept
from router.store.lease import Lease
from router.store.master_keys import MasterKeys
from router.store.promise_store import PromiseStore
from router.store.vault import CallerHash
from tests.config.any_hour import any_hour
from tests.config.trees import Tree
from tests.tasks import end

NUMBER = "0639980042"
E164 = "+33639980042"
MASTER = b"a master key of this test, and of no site"
DEADLINE_SECONDS = 60.0
"""Longer than the store is waited for in tests.patience: what is refused for that is no hang."""
AT_ANY_HOUR = f'hours = "{any_hour()}"'

hash_caller = CallerHash(b"a secret of this test, and of no site").hash
CALLER = hash_caller(NUMBER) or ""

E = TypeVar("E", bound=AnyEvent)


def settings_in(folder: Path, rules: str = "") -> Settings:
    """Give the settings of a site whose one line calls back."""
    (folder / "config").mkdir(exist_ok=True)
    tree = Tree(folder / "config")
    tree.spoil("[pools]", '[asterisk]\ncallers_endpoint = "PJSIP/{number}@trunk"\n\n[pools]')
    tree.spoil(
        "[[lines.carers.ladder]]", f"[lines.carers.call_back]\n{rules}\n[[lines.carers.ladder]]"
    )
    settings = tree.load()
    return replace(settings, store=replace(settings.store, state_dir=folder))


class House:
    """`async with House() as house`. `restart` is a daemon that died and came again."""

    def __init__(self, rules: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dcr-"))
        self.settings = settings_in(self.folder, rules)
        self.store = EmbeddedStore(self.folder)
        self.url = ""
        self.told: list[AnyEvent] = []
        self.metrics = Metrics()
        self.clock: Callable[[], float] = time.time
        """That of each daemon from its beginning."""
        self._came = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self.url = await self.store.start()
        self.begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.die()
        await self.store.stop()
        # A thread that makes or erases keys ends by itself: no folder is taken from under it.
        await asyncio.get_running_loop().shutdown_default_executor()
        shutil.rmtree(self.folder)

    def begin(self) -> None:
        """Start the daemon's part, without looking at what is there already."""
        told = self.told = []
        self.lease = Lease(self.url)
        self.part = PromisePart(
            self.settings,
            MasterKeys(MASTER),
            self.lease,
            tell=partial(self._tell, told),
            metrics=self.metrics,
            clock=self.clock,
        )
        self.desk = self.part.desk
        self._tasks = [asyncio.create_task(self.part.write())]

    async def open(
        self, known: Collection[str | Promise] = (), *, journal_lost: bool = True
    ) -> None:
        """Have it take up what is there."""
        made = [_promise(one) if isinstance(one, str) else one for one in known]
        promises = {one.name: one for one in made}
        await self.part.open(lambda: State(promises=promises), journal_lost=journal_lost)

    def die(self) -> None:
        """End it at once: what was not yet written is not written."""
        for task in self._tasks:
            task.cancel()

    async def restart(
        self, known: Collection[str | Promise] = (), *, journal_lost: bool = True
    ) -> None:
        """End it and start another one in its place."""
        for task in self._tasks:
            await end(task)
        self.begin()
        await self.open(known, journal_lost=journal_lost)

    def arrive(self, call: str, number: str = NUMBER, *, arrived: float = 1_700_000_000.0) -> None:
        """Have a caller come in."""
        leg = CallerLeg("carers", hash_caller(number), arrived)
        self.desk.keep_number(call, leg, number)

    def arrive_hidden(self, call: str) -> None:
        """Have a caller come in whose number does not show."""
        self.desk.keep_number(call, CallerLeg("carers", None, 1_700_000_000.0), "")

    def types(self, call: str, number: str, which_try: int = 1) -> Refusal | None:
        """Have a caller type a number; give why it is refused."""
        leg = CallerLeg("carers", hash_caller(number), 1_700_000_000.0)
        return self.desk.typed.take(call, leg, number, which_try)

    def change(self, promise: str, call: str, number: str) -> None:
        """Have the engine order that a typed number takes the place of a promise's."""
        self.desk.carry_out(ChangeNumber(promise, call, hash_caller(number) or ""))

    def note(
        self, promise: str, call: str, number: str = NUMBER, origin: PromiseOrigin = "key"
    ) -> None:
        """Have the engine order that a promise is noted."""
        caller = hash_caller(number) or ""
        self.desk.carry_out(
            NotePromise(promise, call, "carers", caller, origin, 1.0, 2.0, 1_802.0, "anne")
        )

    async def noted(
        self, promise: str, call: str, number: str = NUMBER, origin: PromiseOrigin = "key"
    ) -> PromiseNoted:
        """Have a promise noted, and wait until it is told that it is."""
        self.note(promise, call, number, origin)
        event = await self.hear(PromiseNoted)
        assert event.promise == promise
        self.desk.hear(event)
        return event

    async def settled(self) -> None:
        """Wait until all that was ordered so far, and what that has led to, is on disk."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            # A note that fails leads to an erasure, which may be tried again.
            for _ in range(4):
                done = asyncio.Event()
                self.part._writer.insist(dict, done.set)
                await done.wait()

    async def hear(self, kind: type[E]) -> E:
        """Wait for the next event of this kind, and take it."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                self._came.clear()
                for event in self.told:
                    if isinstance(event, kind):
                        self.told.remove(event)
                        return event
                await self._came.wait()

    async def hear_either(self) -> PromiseNoted | PromiseNotNoted:
        """Wait for the next event, whichever it is, and take it."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not self.told:
                self._came.clear()
                await self._came.wait()
        event = self.told.pop(0)
        assert isinstance(event, PromiseNoted | PromiseNotNoted)
        return event

    async def refused(self) -> str:
        """Wait until it is told that a promise is not noted; give which."""
        return (await self.hear(PromiseNotNoted)).promise

    def not_noted(self, reason: str) -> float:
        """Count what was not noted for this reason."""
        return float(self.metrics.promises_not_noted.labels(reason)._value.get())

    async def until_store_is_given_up(self) -> None:
        """Wait until the writer waits no longer for the answer to what it has sent."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while self.metrics.promise_store_up._value.get():
                await asyncio.to_thread(lambda: None)

    def end(self, call: str) -> None:
        """Have the engine report that a call is over."""
        self.desk.carry_out(ReportOutcome(call, "carers", "answered", 1.0, 1.0, 1))

    def close(self, promise: str) -> None:
        """Have the engine say that a promise is over."""
        self.desk.carry_out(CloseNumber(promise))

    async def kept(self) -> Kept:
        """Give what the store holds."""
        store = PromiseStore(self.url, lease=self.lease)
        try:
            return await store.read()
        finally:
            await store.close()

    def keys(self) -> int:
        """Count the data keys that are there."""
        return len([one for one in (self.folder / "keys").iterdir() if len(one.name) == 32])

    def signal_store(self, sign: signal.Signals) -> None:
        """Send the store's server a signal: it is frozen, goes on, or dies."""
        assert self.store.pid is not None
        os.kill(self.store.pid, sign)

    def _tell(self, told: list[AnyEvent], event: AnyEvent) -> None:
        """Hear what a daemon tells: of one that has died by then it is read by nobody."""
        told.append(event)
        self._came.set()


def _promise(name: str) -> Promise:
    return Promise(name, "carers", CALLER, "key", 1.0, 1.0, 2.0, 1_802.0, usual="anne")


def at_home(story: Callable[[House], object], rules: str = "") -> None:
    """Run a story, a coroutine function, in a house of its own."""

    async def told() -> None:
        async with House(rules) as house:
            await story(house)  # type: ignore[misc]  # any coroutine will do

    asyncio.run(told())
