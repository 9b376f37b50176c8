"""A site at work in virtual time, and all that it keeps: files, store, logs, metrics, answers."""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import structlog
from redis import Redis

from router.runtime.daemon import Daemon
from simulations.pbx.people import Ring
from tests.crash.hooks import marked, pause
from tests.crash.life import Life
from tests.crash.people import CALLED_BACK_PATIENCE_SECONDS, Person, Plan, PlannedCall
from tests.crash.virtual_loop import VirtualLoop
from tests.crash.witness import Witness
from tests.crash.world import BEGINS_AT, World

CALLS: Final = 1_000
CALLS_A_SECOND: Final = 0.5
LISTENERS: Final = 9
"""Not quite enough, so that callers wait and ask to be called back."""
ASKING_SHARE: Final = 0.6
LONGEST_SECONDS: Final = 12_000.0

Look = Callable[[Daemon, Witness], Awaitable[None]]


def plan_of(chance: Random) -> Plan:
    """Draw a thousand callers, each with a number of their own."""
    persons = tuple(_person(number, chance) for number in range(CALLS))
    rules: dict[str, object] = {
        "within_seconds": 3600.0,
        "again_seconds": [30.0, 60.0, 60.0],
        "yields_seconds": 0.0,
        "on_hang_up": True,
        "hours": "00:00-23:59",
    }
    return Plan(persons, tuple(f"listener-{n}" for n in range(LISTENERS)), (), rules)


def at_work(plan: Plan, url: str, folder: Path, looks: tuple[Look, Look]) -> Witness:
    """Play it; look in the middle of it, and once nobody is owed anything any more."""
    chance = Random(1)  # noqa: S311 - a world's chances, no secrets
    loop = VirtualLoop(chance)
    with marked(chance, lambda: BEGINS_AT + loop.time()):
        world = World(plan, chance, loop, url, folder)
        loop.run_until_complete(_played(world, loop, looks))
    loop.close()
    return world.witness


async def _played(world: World, loop: VirtualLoop, looks: tuple[Look, Look]) -> None:
    life = Life(None, loop.cut)
    async with world.begun():
        daemon = world.start(life)
        await pause(CALLS / CALLS_A_SECOND / 2)
        await looks[0](daemon, world.witness)
        assert await world.until_quiet(daemon, LONGEST_SECONDS)
        await looks[1](daemon, world.witness)
        life.end("seen enough")
    assert loop.broken == []


def everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give the content of every file."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def everything_stored(url: str) -> Iterator[tuple[str, bytes]]:
    """Give every key of the store, of whatever type, with all that is under it."""
    with Redis.from_url(url) as store:
        for key in store.scan_iter():
            assert isinstance(key, bytes)
            read = _READERS[store.type(key).decode()]
            yield key.decode(), key + b"\n" + _flat(read(store, key))


_READERS: Final[dict[str, Callable[[Any, bytes], object]]] = {
    "string": lambda store, key: store.get(key),
    "hash": lambda store, key: store.hgetall(key),
    "list": lambda store, key: store.lrange(key, 0, -1),
    "set": lambda store, key: list(store.smembers(key)),
    "zset": lambda store, key: store.zrange(key, 0, -1, withscores=True),
    "stream": lambda store, key: store.xrange(key),
}


def _flat(value: object) -> bytes:
    match value:
        case bytes():
            return value
        case dict():
            return b"\n".join(_flat(one) for pair in value.items() for one in pair)
        case list() | tuple():
            return b"\n".join(_flat(one) for one in value)
        case _:
            return repr(value).encode()


def copied(folder: Path, to: Path) -> None:
    """Copy all files but the keys of numbers, which are in no backup."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("keys", "*.sock", "lock"))


@contextmanager
def all_log_lines() -> Iterator[io.StringIO]:
    """Collect every line of every level, as it is before anything is taken out of it."""
    lines = io.StringIO()
    structlog.configure(
        processors=[lambda *line: f"{line[1]} {line[2]!r}"],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(lines),
    )
    handler, root = logging.StreamHandler(lines), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        structlog.reset_defaults()


def _person(number: int, chance: Random) -> Person:
    asks = chance.random() < ASKING_SHARE
    call = PlannedCall(
        at_seconds=10.0 + number / CALLS_A_SECOND,
        patience_seconds=chance.uniform(60.0, 300.0),
        talk_seconds=chance.uniform(4.0, 14.0),
        key_after_seconds=(chance.uniform(1.0, 5.0),) if asks else (),
    )
    takes = Ring(
        picks_up_after_seconds=chance.uniform(1.0, 4.0),
        key="1",
        key_after_seconds=1.0,
        leaves_after_seconds=CALLED_BACK_PATIENCE_SECONDS,
        talk_seconds=chance.uniform(4.0, 14.0),
    )
    return Person(f"063998{number:04}", (call,), (takes,))
