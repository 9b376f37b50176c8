"""The jobs on the workers of a Dask scheduler, on this machine or on several.

Dask gives a job again if its worker dies; a job gives the same wherever and however often it runs.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager

from distributed import Client, KilledWorker, LocalCluster
from distributed.comm.core import CommClosedError, connect

from router.errors import DecrocheError
from simulations.parallel.build import build
from simulations.parallel.interrupt import at_sigint, sigint_ignored
from simulations.parallel.jobs import Job, Keep, T, Told
from simulations.parallel.shift import WORKERS_SECONDS, Shift, WorkersGone

LOCAL = "local"

CONNECT_SECONDS = 5.0
"""For a scheduler to answer: one that lives does so in a fraction of this."""

LOST = (CancelledError, CommClosedError, OSError)
"""What the client says when its scheduler is gone."""


@contextmanager
def joined(address: str, workers: int | None) -> Iterator[Cluster]:
    """Have the workers of a scheduler, or of a cluster on this machine that lasts as long.

    Raises
    ------
    DecrocheError
        if nobody answers there, nobody works there, or the versions there are others than ours.

    """
    if address != LOCAL and workers is not None:
        raise DecrocheError(f"--workers: the scheduler {address} has its own workers")
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        with sigint_ignored():
            at = stack.enter_context(_local(workers)) if address == LOCAL else address
            client = stack.enter_context(_connected(at))
        _check_builds(client, address)
        yield Cluster(client, address)


@contextmanager
def _local(workers: int | None) -> Iterator[str]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers or os.cpu_count() or 1,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield str(cluster.scheduler_address)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        asyncio.run(asyncio.wait_for(_knock(address), CONNECT_SECONDS))
        client = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise DecrocheError(
            f"--scheduler {address}: cannot be reached within {CONNECT_SECONDS:g} s;"
            " expected 'local', or an address like tcp://host:8786"
        ) from error
    with client:
        yield client


async def _knock(address: str) -> None:
    """See that a scheduler answers: Dask's client waits for ever for a peer that says nothing."""
    comm = await connect(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    await comm.close()


def _check_builds(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError as error:
        raise DecrocheError(
            f"--scheduler {address}: no worker is there after {WORKERS_SECONDS:g} s;"
            f" start some: dask worker {address}"
        ) from error
    compare("the scheduler", _of_scheduler(client))
    for worker, theirs in client.run(build, on_error="return").items():
        compare(f"worker {worker}", theirs)


def _of_scheduler(client: Client) -> dict[str, str] | Exception:
    """Ask the scheduler, which reads all jobs that it passes on."""
    try:
        theirs: dict[str, str] = client.run_on_scheduler(build)  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 - whatever was raised over there
        return error
    return theirs


def compare(who: str, theirs: dict[str, str] | Exception) -> None:
    """Hold the build of another process against ours.

    Raises
    ------
    DecrocheError
        if they differ, or it could not say.

    """
    if isinstance(theirs, Exception):
        raise DecrocheError(
            f"{who}: cannot run decroche ({type(theirs).__name__}: {theirs});"
            " install the same decroche there as here"
        ) from theirs
    for what, ours in build().items():
        if theirs.get(what) != ours:
            raise DecrocheError(
                f"{who}: {what} is {theirs.get(what)}, and here {ours}:"
                " install the same there as here, or the results would not be the same"
            )


class Cluster:
    """Does jobs on the workers of a scheduler. A job with a trace is done here."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address

    def run(
        self, jobs: Sequence[Job], keep: Keep[T], told: Told = lambda _: None
    ) -> list[T | None]:
        """Do all jobs; see `Crew.run`."""
        shift = Shift(self._client, told)
        try:
            with at_sigint(shift.stop):
                return shift.run(jobs, keep)
        except KilledWorker as error:
            raise self._failed(
                "a run killed each worker that tried it, perhaps for want of memory"
            ) from error
        except WorkersGone as error:
            raise self._failed("all workers are gone") from error
        except LOST as error:
            raise self._failed("the scheduler was lost while it worked") from error

    def _failed(self, words: str) -> DecrocheError:
        return DecrocheError(f"--scheduler {self._address}: {words}")
