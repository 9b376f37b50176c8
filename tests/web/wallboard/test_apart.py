"""Whatever breaks in the wallboard, calls are routed, and who watches is not shown what is past."""

from __future__ import annotations

import asyncio
import threading

import aiohttp
import pytest

from router.core.events import CallerHungUp
from router.runtime.wallboard_part import WallboardPart
from router.web.wallboard.today import Today
from router.web.wallboard.view import View
from tests.web.wallboard.wall import Wall, at_the_wall

DEADLINE_SECONDS = 30.0


@pytest.fixture(autouse=True)
def _figures_are_written_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("router.runtime.wallboard_part.WRITE_EVERY_LOOKS", 1)


def breaks(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (Today, "record"),
        (View, "look"),
        (WallboardPart, "_wrong"),
        (WallboardPart, "_look_around"),
        (Today, "to_write"),
    ],
)
def test_an_error_of_the_wall_keeps_no_phone_from_ringing_and_ends_the_pictures(
    monkeypatch: pytest.MonkeyPatch, of: type, name: str
) -> None:
    async def story(wall: Wall) -> None:
        url = f"{wall.url}wallboard/stream"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert await response.content.readuntil(b"\n\n")
            monkeypatch.setattr(of, name, breaks)
            _, rung = wall.call()
            assert rung
            async with asyncio.timeout(DEADLINE_SECONDS):
                await response.content.read()
        assert wall.recorder.beside is None
        later, _ = wall.call()
        assert later in wall.engine.state.calls

    at_the_wall(story)


def test_a_daemon_that_leaves_while_figures_are_being_written_keeps_the_latest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = Today.write
    begun, slow_disk, done = threading.Event(), threading.Event(), threading.Event()

    def write_slowly(today: Today, day: bytes) -> None:
        monkeypatch.setattr(Today, "write", write)
        begun.set()
        assert slow_disk.wait(DEADLINE_SECONDS)
        write(today, day)
        done.set()

    def lose_a_caller(wall: Wall) -> None:
        call, _ = wall.call(waited_seconds=30.0)
        wall.tell(CallerHungUp(call))

    async def story(wall: Wall) -> None:
        monkeypatch.setattr(Today, "write", write_slowly)
        lose_a_caller(wall)
        assert await asyncio.to_thread(begun.wait, DEADLINE_SECONDS)
        lose_a_caller(wall)
        leaving = asyncio.create_task(wall.part.stop())
        await asyncio.wait(wall.part._tasks, timeout=DEADLINE_SECONDS)
        # What it now has written, if it does not wait, is begun before this is.
        await asyncio.to_thread(lambda: None)
        slow_disk.set()
        await leaving
        assert await asyncio.to_thread(done.wait, DEADLINE_SECONDS)
        wall.open()
        assert wall.part._today.of("carers").lost == 2

    at_the_wall(story)
