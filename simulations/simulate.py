"""Runs a scenario, and shows what came of it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

from router.errors import DecrocheError
from simulations.broken import told_of
from simulations.figures import figures
from simulations.output import (
    STANDARD_OUTPUT,
    expect_room_for,
    said_if_unwritable,
    write_json,
)
from simulations.parallel import Batch, crew, replicate
from simulations.progress import DAY_SECONDS, progress
from simulations.records import RunRecord
from simulations.report import page, terminal
from simulations.run import RunFailed
from simulations.scenario import Scenario, load


class Wishes(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    scenario: str
    seed: int | None = None
    replications: int = 1
    workers: int | None = None
    scheduler: str | None = None
    """Of Dask: an address, or `local`; None: the cores of this machine."""
    changes: tuple[str, ...] = ()
    json: Path | None = None
    html: Path | None = None
    trace: Path | None = None


def run(wishes: Wishes) -> None:
    """Run a scenario and show what came of it.

    Raises
    ------
    DecrocheError
        for a scenario that cannot be used, a file or standard output that cannot be written, a
        scheduler that cannot be reached, or a broken invariant.

    """
    if wishes.replications < 1:
        raise DecrocheError(f"--replications: expected at least 1, got {wishes.replications}")
    scenario = load(wishes.scenario, wishes.changes)
    name = Path(wishes.scenario).stem
    first = scenario.seed if wishes.seed is None else wishes.seed
    seeds = range(first, first + wishes.replications)
    for path in (wishes.html, wishes.json):
        expect_room_for(path)
    try:
        records = _records(name, scenario, seeds, wishes)
    except RunFailed as failed:
        raise DecrocheError(told_of(failed, name, [scenario], wishes.trace)) from failed
    if not records:
        raise DecrocheError("ended before any run had begun: there is nothing to show")
    _show(records, wishes)
    _say_if_early(records, wishes)


def _records(
    name: str, scenario: Scenario, seeds: Sequence[int], wishes: Wishes
) -> list[RunRecord]:
    batch = Batch(name, scenario, seeds, wishes.trace)
    with (
        crew(wishes.workers, wishes.scheduler) as hands,
        progress(scenario.days * DAY_SECONDS * len(seeds)) as told,
    ):
        return replicate(batch, hands, told)


def _show(records: Sequence[RunRecord], wishes: Wishes) -> None:
    """Write the files first: whoever reads the table may stop in the middle."""
    gc.collect()  # the worlds, whose parts hold one another: figures of millions want their room
    found = figures(records)
    if wishes.html is not None:
        page.write(wishes.html, records, found)
    if wishes.json is not None:
        write_json(wishes.json, found)
    if wishes.json != STANDARD_OUTPUT:
        with said_if_unwritable():
            terminal.show(records, found)


def _say_if_early(records: Sequence[RunRecord], wishes: Wishes) -> None:
    done = sum(not run.ended_early for run in records)
    if done < wishes.replications:
        words = f"Ended early: {done} of {wishes.replications} runs went to their end."
        Console(stderr=True).print(words, style="bold red")
