"""The daemon's loop, in its one order: translate, journal, step, dispatch."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from router.ami.act import Actor
from router.ami.menu import MenuVerdict
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, TimeReached
from router.core.invariants import violations
from router.core.machine import EventRefused
from router.observe.metrics import Metrics
from router.runtime.inbox import Errand, Inbox, Item
from router.runtime.intake import Intake
from router.runtime.recorder import Recorder
from router.store.journal import Journal

log = structlog.get_logger(__name__)

BATCH_ITEMS = 200
"""Items journalled in one round trip: some 100 KB, and a fraction of the append's deadline."""

SNAPSHOT_EVERY_ENTRIES = 5_000
"""A restart reads back at most so many events: well under a second."""

CHECK_EVERY_SECONDS = 1.0
"""Between two checks of the invariants in production."""


class Loop:
    """Takes items from the inbox until it is told to stop."""

    def __init__(
        self,
        *,
        engine: Engine,
        inbox: Inbox,
        intake: Intake,
        journal: Journal,
        actor: Actor,
        recorder: Recorder,
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self.engine = engine
        self.turned_at = clock()
        self._inbox = inbox
        self._intake = intake
        self._journal = journal
        self._actor = actor
        self._recorder = recorder
        self._metrics = metrics
        self._clock = clock
        self._stopping = False
        self._entries_since_snapshot = 0
        self._checked_at = 0.0

    async def run(self) -> None:
        """Turn until `stop`; then what has come by then is still worked through."""
        while not self._stopping:
            await self._wait()
            await self.turn()
        while await self.turn():
            pass
        await self._journal.save_snapshot(self.engine.snapshot())

    def stop(self) -> None:
        """Have `run` come to its end."""
        self._stopping = True
        self._inbox.wake()

    async def turn(self) -> int:
        """Work through what has come, and what is due; say how many items it was."""
        items = self._inbox.take(BATCH_ITEMS)
        work = [(item, self._intake.events_of(item)) for item in items]
        now = self._clock()
        entries = [Entry(now, event) for _, events in work for event in events]
        if self._due(now):
            entries.append(Entry(now, TimeReached()))
        stored = await self._journal.append(entries) if entries else True
        self._step_all(entries)
        self._answer(items, stored=stored)
        self._actor.connector.join_ready()
        await self._look_after(len(entries))
        return len(items)

    def _step_all(self, entries: list[Entry]) -> None:
        for entry in entries:
            try:
                commands = self.engine.step(entry.event, entry.at)
            except EventRefused as refused:
                self._tell_refused(entry.event, refused)
                continue
            for command in commands:
                self._actor.carry_out(command)
                self._recorder.record(command, self._clock())
            self._actor.follow_up(entry.event)
            self._recorder.hear(entry.event)

    def _tell_refused(self, event: AnyEvent, refused: EventRefused) -> None:
        kind = type(refused).__name__
        self._metrics.ignored_events.labels(kind).inc()
        log.info("event_refused", event_kind=type(event).__name__, kind=kind, reason=str(refused))

    def _answer(self, items: list[Item], *, stored: bool) -> None:
        for item in items:
            if isinstance(item, MenuVerdict):
                self._actor.answer_menu(item)
            elif isinstance(item, Errand) and not item.stored.done():
                item.stored.set_result(stored)

    async def _look_after(self, entries: int) -> None:
        now = self.turned_at = self._clock()
        self._entries_since_snapshot += entries
        if self._entries_since_snapshot >= SNAPSHOT_EVERY_ENTRIES:
            self._entries_since_snapshot = 0
            await self._journal.save_snapshot(self.engine.snapshot())
        if abs(now - self._checked_at) >= CHECK_EVERY_SECONDS:
            self._checked_at = now
            self._recorder.tell_violations(violations(self.engine.state))
            self._recorder.look_ahead(self.engine.state, now)

    def _due(self, now: float) -> bool:
        deadline = self.engine.next_deadline()
        return deadline is not None and deadline <= now

    async def _wait(self) -> None:
        deadline = self.engine.next_deadline()
        if deadline is None:
            await self._inbox.wait()
            return
        loop = asyncio.get_running_loop()
        alarm = loop.call_later(max(0.0, deadline - self._clock()), self._inbox.wake)
        try:
            await self._inbox.wait()
        finally:
            alarm.cancel()
