"""The jobs on the cores of this machine, a process each."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any

from router.errors import DecrocheError
from simulations.parallel.interrupt import at_sigint
from simulations.parallel.jobs import Job, Keep, Standing, T, Told, perform

LOOK_SECONDS = 0.1
"""Between two looks at how far the workers are."""


class Board:
    """What the workers write for all to see: how far each job is, and whether to stop."""

    def __init__(self, jobs: int) -> None:
        self.simulated: Any = multiprocessing.Array("d", jobs, lock=False)
        self.calls: Any = multiprocessing.Array("q", jobs, lock=False)
        self._stop: Any = multiprocessing.Value("b", False, lock=False)

    @property
    def stopped(self) -> bool:
        """Say whether nothing is to go on."""
        return bool(self._stop.value)

    def stop(self) -> None:
        """Have all jobs end where they are."""
        self._stop.value = True

    def note(self, index: int, simulated_seconds: float, calls: int) -> bool:
        """Write down how far a job is; say whether it is to go on."""
        self.simulated[index], self.calls[index] = simulated_seconds, calls
        return not self.stopped

    def standing(self) -> Standing:
        """Add up how far all are."""
        return Standing(sum(self.simulated), sum(self.calls))


_board: Board | None = None
"""In a worker: the board that its parent made."""


class Cores:
    """Does jobs in so many processes; with one, in this one."""

    def __init__(self, workers: int | None) -> None:
        self._workers = workers or os.cpu_count() or 1

    def run(
        self, jobs: Sequence[Job], keep: Keep[T], told: Told = lambda _: None
    ) -> list[T | None]:
        """Do all jobs; see `Crew.run`."""
        board = Board(len(jobs))
        workers = min(self._workers, len(jobs))
        with at_sigint(board.stop):
            if workers == 1:
                return list(_here(jobs, keep, board, told))
            return _elsewhere(jobs, keep, workers, board, told)


def _here(jobs: Sequence[Job], keep: Keep[T], board: Board, told: Told) -> Iterator[T | None]:
    for index, job in enumerate(jobs):

        def progress(simulated_seconds: float, calls: int, index: int = index) -> bool:
            goes_on = board.note(index, simulated_seconds, calls)
            told(board.standing())
            return goes_on

        yield None if board.stopped and index else keep(perform(job, progress))


def _elsewhere(
    jobs: Sequence[Job], keep: Keep[T], workers: int, board: Board, told: Told
) -> list[T | None]:
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, fork, _begin_worker, (board,)) as pool:
        begun = [pool.submit(_one, index, job, keep) for index, job in enumerate(jobs)]
        try:
            return [_awaited(one, board, told) for one in begun]
        except BrokenProcessPool as error:
            raise DecrocheError(
                "a worker process was killed, perhaps for want of memory: fewer --workers need less"
            ) from error
        finally:
            board.stop()
            pool.shutdown(cancel_futures=True)


def _awaited(one: Future[T | None], board: Board, told: Told) -> T | None:
    while not one.done():
        wait([one], LOOK_SECONDS)
        told(board.standing())
    return one.result()


def _begin_worker(board: Board) -> None:
    global _board  # noqa: PLW0603 - shared memory reaches a worker only as it begins
    _board = board
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(index: int, job: Job, keep: Keep[T]) -> T | None:
    assert _board is not None, "a worker has begun"
    if _board.stopped and index:
        return None
    return keep(perform(job, partial(_board.note, index)))
