"""Many runs, on all cores: some seeds to a process, with a store of its own."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import structlog

from router.store.embedded import EmbeddedStore
from tests.crash.run import Outcome, run

SEEDS_A_PROCESS: Final = 10
"""What is dead stays in the memory of its process until that ends."""

IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system, whose files are in a folder of ours
"""A daemon that is killed loses nothing that it has written, whatever it has written it to."""


class Tally:
    """What came of all runs together."""

    def __init__(self) -> None:
        self.faults = 0
        self._runs = 0
        self._sums: Counter[str] = Counter()
        self._died_at: Counter[str] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Count one."""
        self._runs += 1
        self.faults += len(outcome.faults)
        for name in ("noted", "dials", "talks"):
            self._sums[name] += getattr(outcome, name)
        for death in outcome.deaths[:-1]:
            words = death.partition(": ")[2]
            self._died_at[words.rstrip("0123456789 ")] += 1

    def text(self) -> str:
        """Say it."""
        sums = ", ".join(f"{count} {name}" for name, count in self._sums.items())
        lines = [f"{self._runs} runs, {self._died_at.total()} deaths, {sums}: {self.faults} faults"]
        lines += [f"  {count:5} died at: {where}" for where, count in self._died_at.most_common()]
        return "\n".join(lines) + "\n"


def many(seeds: Sequence[int]) -> Iterator[Outcome]:
    """Play these, and give each outcome as it comes."""
    parts = [seeds[at : at + SEEDS_A_PROCESS] for at in range(0, len(seeds), SEEDS_A_PROCESS)]
    processes = min(len(parts), len(os.sched_getaffinity(0)))
    fork = multiprocessing.get_context("fork")
    with fork.Pool(processes, maxtasksperchild=1) as pool:
        for outcomes in pool.imap_unordered(_some, parts):
            yield from outcomes


def _some(seeds: Sequence[int]) -> list[Outcome]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="dcr-crash-", dir=where) as name:
        folder = Path(name)
        store = EmbeddedStore(folder)
        url = asyncio.run(store.start())
        try:
            return [_one(seed, url, folder / str(seed)) for seed in seeds]
        finally:
            asyncio.run(store.stop())


def _one(seed: int, url: str, folder: Path) -> Outcome:
    folder.mkdir()
    return run(seed, url, folder)
