"""The one writer of numbers and promises: what comes together goes to disk together.

It works beside the loop. The keys are made and destroyed in a thread, one job after the other in
the order in which they came; then all that has changed is stored in one round trip.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from msgspec import Struct

from router.errors import StoreError
from router.observe.metrics import Metrics
from router.store.kept_numbers import Changes
from router.store.number_vault import NumberVault
from router.store.promise_store import PromiseStore

RETRY_SECONDS: Final = 0.5
"""After a failure, before what is left is tried again: it says what is to stand where, so that to
write it twice is to write it once."""

MOST_JOBS: Final = 100
"""At a time: on a slow disk some tenths of a second, so that of a thousand who ask at once the
first ones still hear in time."""

LOOK_EVERY_SECONDS: Final = 10.0
"""Between two looks, while nothing is to be written, whether the store still has what was: by night
it may be hours until a caller asks for something, and our death in them would lose the rest."""

LEAVE_SECONDS: Final = 3.0
"""For what is under way when the daemon leaves; what is left then is found at the next start."""

Work = Callable[[], Changes]
"""What is to be done in the thread; gives what is to be stored of it."""

log = structlog.get_logger(__name__)


def _nothing() -> None:
    """Leave it at that."""


def _nothing_stands() -> Changes:
    """Give what is to be there where nobody has said so."""
    return {}


class _Job(Struct):
    work: Work
    done: Callable[[bool], None]


class NumberWriter:
    """Takes jobs at any time; tells each once whether all that it wrote is on disk."""

    def __init__(self, vault: NumberVault, store: PromiseStore, metrics: Metrics) -> None:
        self.standing: Callable[[], Changes] = _nothing_stands
        """Gives all that is to be in the store at this moment, should it have lost some of it."""
        self._vault = vault
        self._store = store
        self._metrics = metrics
        self._jobs: list[_Job] = []
        self._unwritten: Changes = {}
        self._wake = asyncio.Event()
        self._is_down = False
        self._leaving = False
        self._left = asyncio.Event()

    def add(self, work: Work, done: Callable[[bool], None]) -> None:
        """Have something done and stored, once; `done` hears True once it is on disk.

        After False it may be on disk or not. What was to be stored is tried again, until another
        job says otherwise of the same place.
        """
        self._jobs.append(_Job(work, done))
        self._wake.set()

    def insist(self, work: Work, then: Callable[[], None] = _nothing) -> None:
        """Have something done and stored, and done again until it is on disk."""

        def done(stored: bool) -> None:  # noqa: FBT001 - the one thing that is told
            if stored:
                then()
            else:
                self.insist(work, then)

        self.add(work, done)

    async def run(self) -> None:
        """Work until `finish`."""
        try:
            while self._jobs or not self._leaving:
                await self._wait()
                self._wake.clear()
                if await self._turn():
                    continue
                if self._leaving:
                    break
                await asyncio.sleep(RETRY_SECONDS)
                self._wake.set()
        finally:
            self._left.set()

    async def _wait(self) -> None:
        """Wait for something to do."""
        while not self._wake.is_set() and not self._store.may_lack:
            try:
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                await self._look()

    async def _look(self) -> None:
        try:
            await self._store.look()
        except StoreError as error:
            # The journal, which is written all the time, tells of it; the next look sees more.
            log.debug("promise_store_unseen", problem=str(error))

    async def finish(self) -> None:
        """End `run` once all that has come is done, or `LEAVE_SECONDS` are over."""
        self._leaving = True
        self._wake.set()
        try:
            await asyncio.wait_for(self._left.wait(), LEAVE_SECONDS)
        except TimeoutError:
            log.warning("numbers_left_unwritten", places=len(self._unwritten))
        await self._store.close()

    async def _turn(self) -> bool:
        jobs, self._jobs = self._jobs[:MOST_JOBS], self._jobs[MOST_JOBS:]
        if self._jobs:
            self._wake.set()
        if self._store.may_lack:
            self._store.may_lack = False
            # By now all that was confirmed is among what stands; what was not is newer than that.
            self._unwritten = self.standing() | self._unwritten
        worked = await asyncio.to_thread(self._work_all, jobs)
        stored = await self._store_all()
        for job, has_worked in zip(jobs, worked, strict=True):
            job.done(has_worked and stored)
        return stored and all(worked)

    def _work_all(self, jobs: list[_Job]) -> list[bool]:
        worked = [self._do(job) for job in jobs]
        try:
            self._vault.settle()
        except OSError as error:
            log.error("number_not_kept", problem=str(error))
            return [False] * len(jobs)
        return worked

    def _do(self, job: _Job) -> bool:
        try:
            self._unwritten |= job.work()
        except (StoreError, OSError) as error:
            log.error("number_not_kept", problem=str(error) or type(error).__name__)
            return False
        return True

    async def _store_all(self) -> bool:
        if not self._unwritten:
            return True
        try:
            await self._store.write(self._unwritten)
        except StoreError as error:
            self._tell_down(str(error))
            return False
        self._unwritten.clear()
        self._tell_up()
        return True

    def _tell_down(self, problem: str) -> None:
        self._metrics.promise_store_up.set(0)
        if not self._is_down:
            self._is_down = True
            log.error("promise_store_down", problem=problem, effect="nothing is promised")

    def _tell_up(self) -> None:
        self._metrics.promise_store_up.set(1)
        if self._is_down:
            self._is_down = False
            log.warning("promise_store_up")
