"""What happens in a process of a cluster's worker."""

from __future__ import annotations

from functools import partial

from simulations.parallel.jobs import Job, Keep, T, perform

Stands = dict[int, tuple[float, int]]
"""Job to its simulated seconds and the calls that have ended."""


class _Ledger:
    """What is known here of one of the client's runs."""

    def __init__(self) -> None:
        self.stands: Stands = {}
        self.stopped = False

    def note(self, index: int, simulated_seconds: float, calls: int) -> bool:
        self.stands[index] = simulated_seconds, calls
        return not self.stopped


_ledgers: dict[str, _Ledger] = {}
"""By the client's name for its run; looked at from the worker's own thread meanwhile."""


def do(run: str, index: int, job: Job, keep: Keep[T]) -> T | None:
    """Do one job; None if all was stopped before it began."""
    ledger = _ledgers.setdefault(run, _Ledger())
    if ledger.stopped and index:
        return None
    return keep(perform(job, partial(ledger.note, index)))


def look(run: str, *, stop: bool) -> Stands:
    """Give how far the jobs are that were begun here, and have them stop if that is wanted."""
    ledger = _ledgers.setdefault(run, _Ledger())
    ledger.stopped = ledger.stopped or stop
    return dict(ledger.stands)


def forget(run: str) -> None:
    """Keep nothing more of a run."""
    _ledgers.pop(run, None)
