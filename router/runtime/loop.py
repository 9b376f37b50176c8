"""The daemon's loop, in its one order: translate, journal, step, dispatch."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from router.ami.act import Actor
from router.ami.menu import MenuVerdict
from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, TimeReached
from router.core.invariants import violations
from router.core.machine import EventRefused
from router.observe.metrics import Metrics
from router.runtime.inbox import Errand, Inbox, Item
from router.runtime.intake import Intake
from router.runtime.presence_part import PresencePart
from router.runtime.promise_desk import PromiseDesk
from router.runtime.recorder import Recorder
from router.store.journal import Journal

log = structlog.get_logger(__name__)

BATCH_ITEMS = 200
"""Items journalled in one round trip: some 100 KB, and a fraction of the append's deadline."""

SNAPSHOT_EVERY_ENTRIES = 5_000
"""A restart reads back at most so many events: well under a second."""

SNAPSHOT_EVERY_SECONDS = 86_400.0
"""And at least once a day, however quiet the line: what is older than `journal_days` goes then."""

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
        desk: PromiseDesk | None = None,
        presence: PresencePart | None = None,
    ) -> None:
        self.engine = engine
        self.turned_at = clock()
        self._turned_monotonic = time.monotonic()
        self.on_turn: Callable[[], None] = _tell_nobody
        """Called after each turn that went well."""
        self._inbox = inbox
        self._intake = intake
        self._journal = journal
        self._actor = actor
        self._recorder = recorder
        self._metrics = metrics
        self._clock = clock
        self._desk = desk
        self._presence = presence
        self._stopping = False
        self._entries_since_snapshot = 0
        self._snapshot_at = self.turned_at
        self._checked_at = 0.0

    @property
    def still_seconds(self) -> float:
        """For how long it has not turned, whatever the clock has been put to meanwhile."""
        return time.monotonic() - self._turned_monotonic

    async def run(self) -> None:
        """Turn until `stop`; then what has come by then is still worked through."""
        while not self._stopping:
            await self._wait()
            await self.turn()
            self.on_turn()
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
        # With no entries it is asked all the same whether nobody has taken over while we slept.
        stored = await self._journal.append(entries)
        self._step_all(entries, stored=stored)
        self._answer(items, stored=stored)
        self._actor.settle()
        await self._look_after(len(entries))
        return len(items)

    def _step_all(self, entries: list[Entry], *, stored: bool) -> None:
        for entry in entries:
            try:
                commands = self.engine.step(entry.event, entry.at)
            except EventRefused as refused:
                self._tell_refused(entry.event, refused)
                continue
            for command in commands:
                self._dispatch(command)
            self._actor.follow_up(entry.event, stored=stored)
            self._recorder.hear(entry.event)
            if self._desk is not None:
                self._desk.hear(entry.event, stored=stored)
            if self._presence is not None:
                self._presence.hear(entry.event)

    def _dispatch(self, command: AnyCommand) -> None:
        self._actor.carry_out(command)
        self._recorder.record(command, self._clock())
        if self._desk is not None:
            self._desk.carry_out(command)
        if self._presence is not None:
            self._presence.carry_out(command)

    def _tell_refused(self, event: AnyEvent, refused: EventRefused) -> None:
        kind = type(refused).__name__
        self._metrics.ignored_events.labels(kind).inc()
        log.info("event_refused", event_kind=type(event).__name__, kind=kind, reason=str(refused))
        if self._presence is not None:
            self._presence.refused(event)

    def _answer(self, items: list[Item], *, stored: bool) -> None:
        for item in items:
            if isinstance(item, MenuVerdict):
                self._actor.answer_menu(item)
            elif isinstance(item, Errand) and not item.stored.done():
                item.stored.set_result(stored)

    async def _look_after(self, entries: int) -> None:
        now = self.turned_at = self._clock()
        self._turned_monotonic = time.monotonic()
        self._entries_since_snapshot += entries
        is_daily = abs(now - self._snapshot_at) >= SNAPSHOT_EVERY_SECONDS
        if is_daily or self._entries_since_snapshot >= SNAPSHOT_EVERY_ENTRIES:
            self._entries_since_snapshot, self._snapshot_at = 0, now
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


def _tell_nobody() -> None:
    """Keep it to ourselves."""
