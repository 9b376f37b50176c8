"""The production code, with every boundary of its work marked, and the time of its world."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any, Final
from unittest.mock import patch

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from router.ami.act import Actor
from router.ami.pending import Fields
from router.core.commands import AnyCommand
from router.core.entry import Entry
from router.core.events import AnyEvent
from router.runtime.inbox import Item
from router.runtime.intake import Intake
from router.runtime.loop import Loop
from router.runtime.promise_desk import PromiseDesk
from router.store.journal import Journal
from router.store.kept_numbers import Kept, Place
from router.store.number_vault import NumberVault, SealedNumber
from router.store.promise_store import PromiseStore
from router.store.stream import Recovered
from tests.crash.life import LIFE, boundary
from tests.crash.virtual_loop import VirtualLoop

DISK_SECONDS: Final = (0.0002, 0.005)
SLOW_DISK_SECONDS: Final = (0.05, 3.0)
SLOW_SHARE: Final = 0.01
"""How long the store takes, and how often it takes so much longer, for a promise or number."""

BOUNDARIES: Final = (
    "before translate",
    "before append",
    "after append",
    "before command",
    "before desk command",
    "after dispatch",
    "before action",
    "after action",
    "after bridge",
    "before snapshot",
    "after snapshot",
    "after read back",
    "before store write",
    "after store write",
    "before told",
    "before store read",
    "after store read",
    "before seal",
    "after seal",
    "before open",
    "before erase",
    "after key",
    "after erase",
    "before settle",
)


class MarkedIntake(Intake):
    def events_of(self, item: Item) -> list[AnyEvent]:
        boundary("before translate")
        return super().events_of(item)


class MarkedLoop(Loop):
    def _dispatch(self, command: AnyCommand) -> None:
        boundary("before command")
        super()._dispatch(command)

    def _step_all(self, *work: Any, **options: Any) -> None:
        super()._step_all(*work, **options)
        boundary("after dispatch")


class MarkedActor(Actor):
    def send(
        self, action: str, fields: Fields, if_refused: Callable[[], AnyEvent] | None = None
    ) -> None:
        is_beat = action == "Setvar" and "Channel" not in fields
        if not is_beat:
            boundary("before action")
        super().send(action, fields, if_refused)
        if not is_beat:
            boundary("after action")
        if action == "Bridge":
            boundary("after bridge")


class MarkedJournal(Journal):
    async def read_back(self) -> Recovered:
        recovered = await super().read_back()
        boundary("after read back")
        return recovered

    async def append(self, entries: Sequence[Entry]) -> bool:
        boundary("before append")
        stored = await super().append(entries)
        boundary("after append")
        return stored

    async def save_snapshot(self, data: bytes) -> bool:
        boundary("before snapshot")
        saved = await super().save_snapshot(data)
        boundary("after snapshot")
        return saved


class MarkedDesk(PromiseDesk):
    def __init__(self, *, tell: Callable[[AnyEvent], None], **rest: Any) -> None:
        def marked(event: AnyEvent) -> None:
            boundary("before told")
            tell(event)

        super().__init__(tell=marked, **rest)

    def carry_out(self, command: AnyCommand) -> None:
        boundary("before desk command")
        super().carry_out(command)


class MarkedStore(PromiseStore):
    async def write(self, changes: Mapping[Place, bytes | None]) -> None:
        boundary("before store write")
        await _disk_takes_its_time()
        await super().write(changes)
        boundary("after store write")
        await _disk_takes_its_time()

    async def read(self) -> Kept:
        boundary("before store read")
        kept = await super().read()
        boundary("after store read")
        await _disk_takes_its_time()
        return kept


class MarkedVault(NumberVault):
    def seal(self, number: str) -> SealedNumber:
        boundary("before seal")
        sealed = super().seal(number)
        boundary("after seal")
        return sealed

    def open(self, number: SealedNumber) -> str | None:
        boundary("before open")
        return super().open(number)

    def erase(self, keys: Iterable[str]) -> None:
        boundary("before erase")
        for key in sorted(keys):
            super().erase([key])
            boundary("after key")
        boundary("after erase")

    def settle(self) -> None:
        boundary("before settle")
        super().settle()


async def _disk_takes_its_time() -> None:
    slow = random.random() < SLOW_SHARE  # noqa: S311 - a whim, no secret
    await pause(random.uniform(*(SLOW_DISK_SECONDS if slow else DISK_SECONDS)))  # noqa: S311


async def pause(seconds: float) -> None:
    """Let so much of this world's time pass."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(seconds, over.set_result, None)
    await over


_MARKED: Final = {
    "router.runtime.daemon.Intake": MarkedIntake,
    "router.runtime.daemon.Loop": MarkedLoop,
    "router.runtime.daemon.Actor": MarkedActor,
    "router.runtime.storage.Journal": MarkedJournal,
    "router.runtime.promise_part.PromiseDesk": MarkedDesk,
    "router.runtime.promise_part.PromiseStore": MarkedStore,
    "router.runtime.promise_part.NumberVault": MarkedVault,
}


@contextmanager
def marked(chance: Random, now: Callable[[], float]) -> Generator[None]:
    """Have daemons made of marked parts, by the clock of their world and its chance."""
    whims = random.getstate()
    random.seed(chance.getrandbits(64))
    names = Random(chance.getrandbits(64))  # noqa: S311 - names, no secrets
    with ExitStack() as patches:
        patches.callback(random.setstate, whims)
        for place, part in _MARKED.items():
            patches.enter_context(patch(place, part))
        patches.enter_context(patch("time.time", now))
        patches.enter_context(patch("time.monotonic", now))
        patches.enter_context(
            patch.object(secrets, "token_hex", lambda size=16: names.randbytes(size).hex())
        )
        for kind, name in ((Redis, "execute_command"), (Pipeline, "execute")):
            patches.enter_context(patch.object(kind, name, _standing_still(getattr(kind, name))))
        yield


def _standing_still(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Let time stand still while the store is asked, and one question be asked after the other."""

    async def asked(*args: Any, **options: Any) -> Any:
        loop, life = asyncio.get_running_loop(), LIFE.get()
        if life is None or not isinstance(loop, VirtualLoop):
            return await ask(*args, **options)
        async with life.store_lock:
            with loop.store_asked():
                return await ask(*args, **options)

    return asked
