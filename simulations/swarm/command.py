"""What `make swarm` does: world after world, and the ways to see again what went wrong."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators
from rich.console import Console
from rich.progress import track

from simulations.swarm.draw import BASE, drawn, scenario_of
from simulations.swarm.judge import judge, problems

SEEDS_AT_ONCE = 16
"""Worlds that a process is given at a time: each takes some hundredths of a second."""


Several = Annotated[int, Parameter(validator=validators.Number(gt=0))]
"""None at all would have nothing go wrong."""


def swarm(seeds: Several = 1000, *, first: int = 1, workers: Several | None = None) -> int:
    """Run random small worlds with random faults; nothing may break, and all are answered.

    Parameters
    ----------
    seeds
        how many worlds.
    first
        the first one's seed; the others follow.
    workers
        processes, one being this one; as many as there are cores unless said.

    Returns
    -------
    int
        in how many worlds something was wrong.

    """
    wanted = range(first, first + seeds)
    failed = 0
    console = Console()
    with _pool(workers) as judge_all:
        judged = zip(wanted, judge_all(wanted), strict=True)
        for seed, found in track(judged, "worlds", seeds, console=Console(stderr=True)):
            if found:
                failed += 1
                _show(console, seed, found)
    console.print(f"{seeds} worlds, {failed} with something wrong")
    return failed


@contextmanager
def _pool(workers: int | None) -> Iterator[Callable[[range], Iterable[tuple[str, ...]]]]:
    """Give what judges worlds, in their order."""
    if workers == 1:
        yield partial(map, judge)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield partial(pool.map, judge, chunksize=SEEDS_AT_ONCE)


def _show(console: Console, seed: int, found: tuple[str, ...]) -> None:
    path = Path(f"swarm-{seed}.trace.jsonl")
    trace = io.BytesIO()
    list(problems(scenario_of(seed), seed, trace))
    path.write_bytes(trace.getvalue())
    console.print(f"seed {seed}:", *found, sep="\n  ", markup=False, highlight=False)
    changes = " ".join(f"--set '{change}'" for change in drawn(seed))
    again = f"decroche simulate {BASE} --seed {seed} {changes}"
    console.print(f"  trace: {path}\n  {again}", markup=False, highlight=False, soft_wrap=True)
