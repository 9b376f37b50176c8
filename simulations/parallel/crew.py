"""Finds who does the jobs: the cores of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from router.errors import DecrocheError
from simulations.extras import needed
from simulations.parallel.cores import Cores
from simulations.parallel.jobs import Crew


@contextmanager
def crew(workers: int | None = None, scheduler: str | None = None) -> Iterator[Crew]:
    """Have somebody to do jobs.

    Parameters
    ----------
    workers
        how many processes; None: one a core.
    scheduler
        None: the cores of this machine. `local`: the same through a Dask cluster that is made for
        it; otherwise the address of a Dask scheduler, which has its own workers.

    Raises
    ------
    DecrocheError
        if that cannot be had.

    """
    if workers is not None and workers < 1:
        raise DecrocheError(f"--workers: expected at least 1, got {workers}")
    if scheduler is None:
        yield Cores(workers)
        return
    with needed("--scheduler needs Dask", "dask"):
        from simulations.parallel.cluster import joined  # noqa: PLC0415 - Dask is an extra
    with joined(scheduler, workers) as cluster:
        yield cluster
