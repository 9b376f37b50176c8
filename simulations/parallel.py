"""Replications on all cores. The records are the same for any number of workers."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from router.errors import DecrocheError
from simulations.records import RunRecord
from simulations.run import Progress, simulate
from simulations.scenario.shape import Scenario

LOOK_SECONDS = 0.1
"""Between two looks at how far the workers are."""


class Standing(Struct, frozen=True):
    """How far all replications together are."""

    simulated_seconds: float
    calls: int


Told = Callable[[Standing], None]


class Batch(Struct, frozen=True):
    """What is to be run, once with each seed."""

    name: str
    scenario: Scenario
    seeds: Sequence[int]
    trace: Path | None = None
    """Where each event of the first run goes."""


class Board:
    """What the workers write for all to see: how far each replication is, and whether to stop."""

    def __init__(self, replications: int) -> None:
        self.simulated: Any = multiprocessing.Array("d", replications, lock=False)
        self.calls: Any = multiprocessing.Array("q", replications, lock=False)
        self.stop: Any = multiprocessing.Value("b", False, lock=False)

    def note(self, index: int, simulated_seconds: float, calls: int) -> bool:
        """Write down how far a replication is; say whether it is to go on."""
        self.simulated[index], self.calls[index] = simulated_seconds, calls
        return not self.stop.value

    def standing(self) -> Standing:
        """Add up how far all are."""
        return Standing(sum(self.simulated), sum(self.calls))


_board: Board | None = None
"""In a worker: the board that its parent made."""


def replicate(
    batch: Batch, *, workers: int | None = None, told: Told = lambda _: None
) -> list[RunRecord]:
    """Run a scenario once with each seed, and give the records in the order of the seeds.

    SIGINT ends all runs where they are: what was done so far is given. `told` hears now and then
    how far all are.

    Raises
    ------
    RunFailed
        if an invariant of the engine was broken in one of them.

    """
    board = Board(len(batch.seeds))
    workers = min(workers or os.cpu_count() or 1, len(batch.seeds))
    with _stopped_by_sigint(board):
        if workers == 1:
            return list(_here(batch, board, told))
        return _elsewhere(batch, workers, board, told)


def _here(batch: Batch, board: Board, told: Told) -> Iterator[RunRecord]:
    for index, seed in enumerate(batch.seeds):
        if board.stop.value and index:
            return

        def progress(simulated_seconds: float, calls: int, index: int = index) -> bool:
            goes_on = board.note(index, simulated_seconds, calls)
            told(board.standing())
            return goes_on

        yield _simulate(batch, index, seed, progress)


def _elsewhere(batch: Batch, workers: int, board: Board, told: Told) -> list[RunRecord]:
    with multiprocessing.get_context("fork").Pool(workers, _begin_worker, (board,)) as pool:
        jobs = [
            pool.apply_async(_one, (batch, index, seed)) for index, seed in enumerate(batch.seeds)
        ]
        for job in jobs:
            while not job.ready():
                job.wait(LOOK_SECONDS)
                told(board.standing())
        records = [job.get() for job in jobs]
    return [record for record in records if record is not None]


def _begin_worker(board: Board) -> None:
    global _board  # noqa: PLW0603 - shared memory reaches a worker only as it begins
    _board = board
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(batch: Batch, index: int, seed: int) -> RunRecord | None:
    assert _board is not None, "a worker has begun"
    if _board.stop.value and index:
        return None
    return _simulate(batch, index, seed, partial(_board.note, index))


def _simulate(batch: Batch, index: int, seed: int, progress: Progress) -> RunRecord:
    trace = batch.trace if index == 0 else None
    if trace is None:
        return simulate(batch.name, batch.scenario, seed, progress=progress)
    with opened(trace) as file:
        return simulate(batch.name, batch.scenario, seed, trace=file, progress=progress)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for a trace.

    Raises
    ------
    DecrocheError
        if it cannot be written.

    """
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error


@contextmanager
def _stopped_by_sigint(board: Board) -> Iterator[None]:
    def stop(*_: object) -> None:
        board.stop.value = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
