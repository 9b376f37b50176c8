from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import msgspec
import pytest

from router.web import server as web_server
from router.web.wallboard import board, pages
from router.web.wallboard.board import BEAT_SECONDS, LEAST_BETWEEN_SECONDS
from tests.web.wallboard.wall import Wall, at_the_wall

DEADLINE_SECONDS = 30.0


class Watcher:
    """Reads the stream as a browser does."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> dict[str, Any]:
        """Give what comes next, be it a sign of life alone."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            line = await self._response.content.readuntil(b"\n\n")
        assert line.startswith(b"data: ")
        said: dict[str, Any] = msgspec.json.decode(line.removeprefix(b"data: "))
        return said

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Give the first picture for which this is so."""
        while True:
            shown = (await self.next()).get("shown")
            if shown is not None and holds(shown):
                return dict(shown)


def watching(wall: Wall, story: Callable[[Watcher], Awaitable[None]]) -> Awaitable[None]:
    async def watched() -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{wall.url}wallboard/stream") as response,
        ):
            assert response.content_type == "text/event-stream"
            await story(Watcher(response))

    return watched()


def test_who_comes_gets_a_picture_at_once_and_a_new_one_when_something_happens() -> None:
    async def story(wall: Wall) -> None:
        async def watch(watcher: Watcher) -> None:
            first = await watcher.next()
            assert first["shown"]["waiting"] == []
            assert abs(first["now"] - time.time()) < DEADLINE_SECONDS
            wall.call()
            shown = await watcher.until(lambda one: one["waiting_in_all"] == 1)
            assert shown["rings"][0]["phones"] == 1

        await watching(wall, watch)

    at_the_wall(story)


def test_many_events_are_one_picture_and_no_more_than_five_a_second_are_made() -> None:
    async def story(wall: Wall) -> None:
        async def watch(watcher: Watcher) -> None:
            await watcher.next()
            begun, pictures = time.monotonic(), 0
            for _ in range(100):
                wall.call()
                # As the daemon's loop does between two of its turns.
                await asyncio.sleep(0)
            seen = 0
            while seen < 100:
                shown = (await watcher.next()).get("shown")
                if shown is not None:
                    pictures, seen = pictures + 1, shown["waiting_in_all"]
            took = time.monotonic() - begun
            assert pictures <= 2 + took / LEAST_BETWEEN_SECONDS

        await watching(wall, watch)

    at_the_wall(story)


def test_where_nothing_happens_a_sign_of_life_comes_and_no_picture() -> None:
    async def story(wall: Wall) -> None:
        async def watch(watcher: Watcher) -> None:
            first = await watcher.next()
            sign = await watcher.next()
            assert list(sign) == ["now"]
            assert sign["now"] - first["now"] >= BEAT_SECONDS / 2

        await watching(wall, watch)

    at_the_wall(story)


def test_as_long_as_nobody_watches_no_picture_is_made() -> None:
    async def story(wall: Wall) -> None:
        board = wall.part._board
        for _ in range(3):
            wall.call()
            assert board._changed.is_set()
            while board._changed.is_set():  # noqa: ASYNC110 - it is looked at in the next turns
                await asyncio.sleep(0)
        assert board._number == 0

    at_the_wall(story)


def test_a_wall_that_hangs_later_is_not_shown_what_was_long_ago() -> None:
    async def story(wall: Wall) -> None:
        async def first(watcher: Watcher) -> None:
            await watcher.next()

        async def second(watcher: Watcher) -> None:
            assert (await watcher.next())["shown"]["waiting_in_all"] == 1

        await watching(wall, first)
        async with asyncio.timeout(DEADLINE_SECONDS):
            while wall.part._board.watchers:  # noqa: ASYNC110 - a peer that is gone gives no sign
                await asyncio.sleep(0)
        wall.call()
        await watching(wall, second)

    at_the_wall(story)


def test_who_reads_nothing_holds_up_nobody_and_then_gets_the_latest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Until then neither of the two takes anything in, however long all these calls take here.
    monkeypatch.setattr(pages, "WRITE_SECONDS", 600.0)

    async def story(wall: Wall) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", wall.port, limit=1024)
        writer.write(b"GET /wallboard/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await writer.drain()
        board = wall.part._board
        made = board._draw

        async def watch(watcher: Watcher) -> None:
            for number in range(600):
                wall.call()
                made()
                await asyncio.sleep(0)
                assert board._number >= number
            shown = await watcher.until(lambda one: one["waiting_in_all"] == 600)
            assert len(shown["waiting"]) == 20

        await watching(wall, watch)
        async with asyncio.timeout(DEADLINE_SECONDS):
            unread = b""
            while b'"waiting_in_all":600' not in unread:
                more = await reader.read(65_536)
                assert more, "it is not cut off"
                unread += more
        # Of 600 pictures of some kilobytes each, only what was on its way is ever read.
        assert len(unread) < 600_000
        assert unread.count(b'"shown"') < 160
        writer.close()

    at_the_wall(story)


def test_so_many_may_watch_and_one_more_is_told_to_come_again() -> None:
    async def story(wall: Wall) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            url = f"{wall.url}wallboard/stream"
            there = [await session.get(url) for _ in range(pages.MOST_WATCHERS)]
            for response in there:
                await Watcher(response).next()
            async with session.get(url) as refused:
                assert refused.status == 503
                assert refused.headers["Retry-After"] == str(pages.AGAIN_SECONDS)
            for response in there:
                response.close()

    at_the_wall(story)


def test_a_daemon_that_leaves_ends_the_streams_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # Neither a sign of life nor the web port's own patience ends them before the deadline does.
    monkeypatch.setattr(board, "BEAT_SECONDS", 600.0)
    monkeypatch.setattr(web_server, "LEAVE_SECONDS", 600.0)

    async def story(wall: Wall) -> None:
        async def watch(watcher: Watcher) -> None:
            await watcher.next()
            async with asyncio.timeout(DEADLINE_SECONDS):
                await wall.stop()
            assert await watcher._response.content.read() == b""

        await watching(wall, watch)

    at_the_wall(story)


def test_an_error_of_ours_ends_the_wall_and_not_the_daemon() -> None:
    async def story(wall: Wall) -> None:
        wall.part._board._look = lambda: 1 // 0  # type: ignore[assignment,return-value]

        async def watch(watcher: Watcher) -> None:
            assert await watcher._response.content.read() == b""

        await watching(wall, watch)
        wall.call()
        assert len(wall.engine.state.calls) == 1

    at_the_wall(story)


def test_what_is_wrong_is_told_with_since_when() -> None:
    async def story(wall: Wall) -> None:
        async def watch(watcher: Watcher) -> None:
            await watcher.next()
            now = time.time()
            wall.journal.degraded = True
            shown = await watcher.until(lambda one: one["troubles"] != [])
            (trouble,) = shown["troubles"]
            assert trouble["what"] == "store"
            assert now - 1.0 <= trouble["since"] <= time.time()
            wall.journal.degraded = False
            wall.loop.stuck_since = now - 60.0
            shown = await watcher.until(
                lambda one: [two["what"] for two in one["troubles"]] == ["stuck"]
            )

        await watching(wall, watch)

    at_the_wall(story)


def test_a_machine_that_stood_still_for_a_moment_is_shown_what_is_now_soon_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = itertools.count(0.0, 60.0)
    monkeypatch.setattr(board, "perf_counter", lambda: next(clock))

    async def story(wall: Wall) -> None:
        async def watch(watcher: Watcher) -> None:
            await watcher.next()
            wall.call()
            await watcher.until(lambda one: one["waiting_in_all"] == 1)

        await watching(wall, watch)

    at_the_wall(story)
