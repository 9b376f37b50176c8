"""The part of the daemon that shows the wallboard. Whatever happens to it, calls go on."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import structlog

from router.config import Settings
from router.core.commands import AnyCommand, ReportAnswer
from router.runtime.loop import Loop
from router.runtime.recorder import Recorder
from router.runtime.storage import Storage
from router.web.server import LOOP_STUCK_SECONDS
from router.web.wallboard.board import Board
from router.web.wallboard.door import Door
from router.web.wallboard.files import Files
from router.web.wallboard.pages import Wallboard
from router.web.wallboard.shape import Shown, Trouble, What
from router.web.wallboard.today import DEFAULT_TARGET_SECONDS, Today
from router.web.wallboard.view import Around, View

LOOK_EVERY_SECONDS: Final = 1.0
"""Since when something is wrong is known to a second."""

WRITE_EVERY_LOOKS: Final = 5
"""A daemon that is killed forgets at most the last seconds of the day's figures."""

log = structlog.get_logger(__name__)


class WallboardPart:
    """What it takes, and where it is served: `pages`."""

    def __init__(
        self,
        settings: Settings,
        token: bytes | None,
        loop: Loop,
        storage: Storage,
        recorder: Recorder,
    ) -> None:
        self._settings = settings
        self._loop = loop
        self._storage = storage
        self._recorder = recorder
        self._today = Today(settings.store.state_dir, settings.time_zone, time.time)
        self._view = View(self._today)
        self._wrong_since: dict[What, float] = {}
        self._files = Files()
        self._board = Board(self._look, time.time)
        door = Door(token, settings.web.wallboard.proxy_header, time.time)
        self.pages = Wallboard(self._board, door, self._files)
        self._tasks: list[asyncio.Task[None]] = []
        self._writing: asyncio.Task[None] | None = None
        self.take(settings)
        recorder.beside = self

    def start(self) -> None:
        """Show what there is, for ever."""
        with self._apart():
            self._look_around()
        self._tasks = [asyncio.create_task(one) for one in (self._run(), self._watch())]

    async def stop(self) -> None:
        """See all who watch off, and keep the day's figures."""
        self._board.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with self._apart():
            await self._write()

    def take(self, settings: Settings) -> None:
        """Go by these settings from now on."""
        self._settings = settings
        self._today.zone = settings.time_zone
        self._openings = settings.openings()
        self._opened = self._openings.on_at(datetime.now(UTC))

    def record(self, command: AnyCommand) -> None:
        """Count what a command tells of."""
        with self._apart():
            self._today.record(command, self._target_seconds(command))

    def hear(self) -> None:
        """Show what the engine has made of an event."""
        with self._apart():
            self._note_what_is_wrong()
            self._board.changed()

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Keep an error of ours to the wall, which tells by itself that nothing comes any more."""
        try:
            yield
        except Exception:
            # It stands beside what rings phones and keeps promises: these go on.
            log.exception("wallboard_broke")
            self._recorder.beside = None
            self._board.close()

    def _target_seconds(self, command: AnyCommand) -> float:
        if not isinstance(command, ReportAnswer):
            return DEFAULT_TARGET_SECONDS
        line = self._loop.engine.state.policy.lines.get(command.line)
        return line.target_seconds if line is not None else DEFAULT_TARGET_SECONDS

    def _look(self) -> Shown:
        around = Around(
            pools=self._settings.pools,
            opened=self._opened,
            risks=self._recorder.risks,
            zone=str(self._settings.time_zone),
            page=self._files.version,
            troubles=tuple(Trouble(what, since) for what, since in self._wrong_since.items()),
        )
        return self._view.look(self._loop.engine.state, time.time(), around)

    async def _run(self) -> None:
        with self._apart():
            await self._board.run()

    async def _watch(self) -> None:
        with self._apart():
            for looks in itertools.count(1):
                await asyncio.sleep(LOOK_EVERY_SECONDS)
                self._look_around()
                if looks % WRITE_EVERY_LOOKS == 0:
                    await self._write()

    async def _write(self) -> None:
        if self._writing is not None:
            # Whoever waited for it may have been ended: the figures before come before.
            await self._writing
        day = self._today.to_write()
        if day is not None:
            self._writing = asyncio.create_task(asyncio.to_thread(self._today.write, day))
            await asyncio.shield(self._writing)

    def _look_around(self) -> None:
        self._opened = self._openings.on_at(datetime.now(UTC))
        self._note_what_is_wrong()

    def _note_what_is_wrong(self) -> None:
        before, now = self._wrong_since, time.time()
        self._wrong_since = {what: before.get(what, now) for what in self._wrong()}

    def _wrong(self) -> Iterator[What]:
        if not self._loop.engine.state.pbx_up:
            yield "pbx"
        if self._storage.journal.degraded:
            yield "store"
        if self._loop.still_seconds > LOOP_STUCK_SECONDS:
            yield "stuck"
