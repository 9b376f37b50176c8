"""What is run, and what whoever runs it must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from msgspec import Struct

from router.errors import DecrocheError
from simulations.records import RunRecord
from simulations.run import Progress, simulate
from simulations.scenario.shape import Scenario

T = TypeVar("T")

Keep = Callable[[RunRecord], T]
"""What is kept of a run. It works where the run was, so that only what it gives has to travel: a
function of a module, or a `functools.partial` of one."""


class Job(Struct, frozen=True):
    """One run."""

    name: str
    scenario: Scenario
    seed: int
    trace: Path | None = None
    """Where each event goes, on this machine."""


class Standing(Struct, frozen=True):
    """How far all jobs together are."""

    simulated_seconds: float
    calls: int


Told = Callable[[Standing], None]


class Crew(Protocol):
    """Who does the jobs."""

    def run(
        self, jobs: Sequence[Job], keep: Keep[T], told: Told = lambda _: None
    ) -> list[T | None]:
        """Do all jobs, and give what is kept of each in their order; None of one not begun.

        SIGINT ends all runs where they are; the first is always begun. `told` hears now and then
        how far all are.

        Raises
        ------
        RunFailed
            if an invariant of the engine was broken in one of them.
        DecrocheError
            if a trace cannot be written, or those who work cannot go on.

        """


class Batch(Struct, frozen=True):
    """One scenario, run once with each seed."""

    name: str
    scenario: Scenario
    seeds: Sequence[int]
    trace: Path | None = None
    """Where each event of the first run goes."""

    def jobs(self) -> list[Job]:
        """Give the runs in the order of the seeds."""
        return [
            Job(self.name, self.scenario, seed, self.trace if index == 0 else None)
            for index, seed in enumerate(self.seeds)
        ]


def replicate(batch: Batch, crew: Crew, told: Told = lambda _: None) -> list[RunRecord]:
    """Run a scenario once with each seed, and give the records in the order of the seeds.

    Raises
    ------
    RunFailed, DecrocheError
        as `Crew.run` does.

    """
    return [record for record in crew.run(batch.jobs(), whole, told) if record is not None]


def whole(record: RunRecord) -> RunRecord:
    """Keep all of a run."""
    return record


def perform(job: Job, progress: Progress) -> RunRecord:
    """Do a job in this process."""
    if job.trace is None:
        return simulate(job.name, job.scenario, job.seed, progress=progress)
    with opened(job.trace) as file:
        return simulate(job.name, job.scenario, job.seed, trace=file, progress=progress)


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
