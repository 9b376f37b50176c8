"""Some jobs that are given to a scheduler together, and awaited."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import uuid4

from distributed import Client, wait

from simulations.parallel.jobs import Job, Keep, Standing, T, Told, perform
from simulations.parallel.there import Stands, do, forget, look

WORKERS_SECONDS = 20.0
"""For a worker to be there, at first and again after the last has died: Dask starts one anew in
some seconds."""

LOOK_SECONDS = 0.5
"""Between two looks at how far the workers are, each of which costs a message to every one."""


class WorkersGone(Exception):  # noqa: N818 - it says what happened
    """No worker has been there for long."""


class Shift:
    """Gives jobs to the workers of a scheduler, once."""

    def __init__(self, client: Client, told: Told) -> None:
        self._client = client
        self._told = told
        self._name = uuid4().hex
        self._stopped = False
        self._stands: Stands = {}
        self._looked_at = 0.0
        self._manned_at = monotonic()
        """When a worker was last there."""

    def stop(self) -> None:
        """Have all jobs end where they are."""
        self._stopped = True

    def run(self, jobs: Sequence[Job], keep: Keep[T]) -> list[T | None]:
        """Do all jobs, as `Crew.run` does.

        Raises
        ------
        WorkersGone
            if there has been no worker for long.

        """
        given: dict[int, Any] = {
            index: self._client.submit(do, self._name, index, job, keep, pure=False)
            for index, job in enumerate(jobs)
            if job.trace is None
        }
        try:
            results = {
                index: self._do_here(index, job, keep)
                for index, job in enumerate(jobs)
                if job.trace is not None
            }
            results |= self._gathered(given)
        except BaseException:
            self._give_up(list(given.values()))
            raise
        self._client.run(forget, self._name, on_error="ignore")
        return [results[index] for index in range(len(jobs))]

    def _do_here(self, index: int, job: Job, keep: Keep[T]) -> T | None:
        def progress(simulated_seconds: float, calls: int) -> bool:
            self._stands[index] = simulated_seconds, calls
            self._look()
            return not self._stopped

        return None if self._stopped and index else keep(perform(job, progress))

    def _gathered(self, given: dict[int, Any]) -> dict[int, Any]:
        """Take each result as it comes; of several failures the first job's is raised."""
        results: dict[int, Any] = {}
        failed: dict[int, Any] = {}
        while given and not (failed and min(failed) < min(given)):
            with suppress(TimeoutError):
                wait(list(given.values()), LOOK_SECONDS, "FIRST_COMPLETED")  # type: ignore[no-untyped-call]
            for index in [index for index, future in given.items() if future.done()]:
                future = given.pop(index)
                if future.status == "error":
                    failed[index] = future
                else:
                    results[index] = future.result()
            self._look()
        if failed:
            failed[min(failed)].result()
        return results

    def _look(self) -> None:
        """Hear how far the workers are, and have them stop if that is wanted."""
        now = monotonic()
        if now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        seen = self._client.run(look, self._name, stop=self._stopped, on_error="ignore")
        for stands in seen.values():
            self._stands |= stands
        if seen:
            self._manned_at = now
        elif now - self._manned_at > WORKERS_SECONDS:
            raise WorkersGone
        stands = self._stands.values()
        self._told(Standing(sum(one[0] for one in stands), sum(one[1] for one in stands)))

    def _give_up(self, given: Sequence[Any]) -> None:
        """Want no more of what is under way; a scheduler that is gone need not hear it."""
        with suppress(OSError, TimeoutError):
            self._client.run(look, self._name, stop=True, on_error="ignore")
            self._client.cancel(list(given), force=True)  # type: ignore[no-untyped-call]
