"""What a picture takes to be made, with few listeners and with many."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import thread_time
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from router.web.wallboard.today import Today
from router.web.wallboard.view import Around, View
from tests.observe.crowd import LINES, POOLS, Crowd

PICTURES = 60


class Cost(Struct, frozen=True):
    """What so many pictures took."""

    listeners: int
    callers: int
    median_ms: float
    slowest_ms: float
    octets: int


def around() -> Around:
    return Around(
        pools=dict.fromkeys(POOLS, "Listeners of this pool"),
        opened=LINES,
        risks=dict.fromkeys(LINES, 0.125),
        zone="Europe/Paris",
        page="0123456789abcdef",
    )


def measure(listeners: int, callers: int) -> Cost:
    """Look at a crowd again and again, each time as it is sent."""
    crowd, seen = Crowd(listeners, callers), around()
    with view() as looking:
        gc.collect()
        took, picture = [], b""
        for _ in range(PICTURES):
            begun = thread_time()
            picture = msgspec.json.encode(looking.look(crowd.engine.state, crowd.now, seen))
            took.append(1_000.0 * (thread_time() - begun))
    took.sort()
    median, slowest = took[len(took) // 2], took[-1]
    return Cost(listeners, callers, round(median, 3), round(slowest, 3), len(picture))


class Work(Struct, frozen=True):
    """What a picture is made of, be the machine fast or slow."""

    function_calls: int
    octets: int


def count(listeners: int, callers: int) -> Work:
    """Look at a crowd that has been looked at before, and count what that takes."""
    crowd, seen = Crowd(listeners, callers), around()
    calls = 0

    def note(_frame: object, event: str, _of: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    with view() as looking:
        looking.look(crowd.engine.state, crowd.now, seen)
        sys.setprofile(note)
        try:
            picture = looking.look(crowd.engine.state, crowd.now, seen)
        finally:
            sys.setprofile(None)
    return Work(calls, len(msgspec.json.encode(picture)))


@contextmanager
def view() -> Iterator[View]:
    """Give a view that has seen nothing yet."""
    with TemporaryDirectory() as folder:
        yield View(Today(Path(folder), ZoneInfo("Europe/Paris"), time.time))
