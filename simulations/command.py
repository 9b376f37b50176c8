"""What `decroche simulate` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console

from router.errors import DecrocheError
from simulations.broken import told_of
from simulations.figures import figures
from simulations.output import STANDARD_OUTPUT, write_json
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


def simulate(
    scenario: str,
    *,
    seed: int | None = None,
    replications: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    changes: Annotated[tuple[str, ...], Parameter(name="--set")] = (),
    json: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    html: Path | None = None,
    trace: Path | None = None,
) -> None:
    """Run made callers and listeners through the daemon's own engine, in virtual time.

    Parameters
    ----------
    scenario
        the path of a scenario file, or the name of one that comes with decroche.
    seed
        of all that is drawn; the scenario's own unless given.
    replications
        how many runs, the first with the seed, each other with the next whole number.
    workers
        how many processes; one a core unless given. The result is the same.
    scheduler
        the address of a Dask scheduler whose machines are to do the work, or `local`.
    changes
        set a key of the scenario otherwise: `--set listeners.day.count=30`; may come again.
    json
        write the figures to this file; `-` writes them to standard output, and no table.
    html
        write a page with pictures to this file.
    trace
        write each event of the first run to this file, in the journal's own form.

    """
    run(Wishes(scenario, seed, replications, workers, scheduler, changes, json, html, trace))


def run(wishes: Wishes) -> None:
    """Run a scenario and show what came of it.

    Raises
    ------
    DecrocheError
        for a scenario that cannot be used, a file that cannot be written, a scheduler that cannot
        be reached, or a broken invariant.

    """
    if wishes.replications < 1:
        raise DecrocheError(f"--replications: expected at least 1, got {wishes.replications}")
    scenario = load(wishes.scenario, wishes.changes)
    name = Path(wishes.scenario).stem
    first = scenario.seed if wishes.seed is None else wishes.seed
    seeds = range(first, first + wishes.replications)
    try:
        records = _records(name, scenario, seeds, wishes)
    except RunFailed as failed:
        raise DecrocheError(told_of(failed, name, [scenario], wishes.trace)) from failed
    if not records:
        raise DecrocheError("ended before any run had begun: there is nothing to show")
    _show(records, wishes)
    _say_if_early(records, scenario, wishes)


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
    found = figures(records)
    if wishes.html is not None:
        page.write(wishes.html, records, found)
    if wishes.json is not None:
        write_json(wishes.json, found)
    if wishes.json != STANDARD_OUTPUT:
        terminal.show(records, found)


def _say_if_early(records: Sequence[RunRecord], scenario: Scenario, wishes: Wishes) -> None:
    whole_seconds = scenario.days * DAY_SECONDS
    done = sum(run.simulated_seconds >= whole_seconds for run in records)
    if done < wishes.replications:
        words = f"Ended early: {done} of {wishes.replications} runs went to their end."
        Console(stderr=True).print(words, style="bold red")
