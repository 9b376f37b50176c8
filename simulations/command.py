"""What `decroche simulate` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from router.errors import DecrocheError
from simulations.figures import figures
from simulations.parallel import Batch, Standing, Told, opened, replicate
from simulations.records import RunRecord
from simulations.report import page, terminal
from simulations.run import RunFailed, simulate
from simulations.scenario import Scenario, load

DAY_SECONDS = 86_400.0
STANDARD_OUTPUT = Path("-")


class Wishes(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    scenario: str
    seed: int | None = None
    replications: int = 1
    workers: int | None = None
    changes: tuple[str, ...] = ()
    json: Path | None = None
    html: Path | None = None
    trace: Path | None = None


def run(wishes: Wishes) -> None:
    """Run a scenario and show what came of it.

    Raises
    ------
    DecrocheError
        for a scenario that cannot be used, a file that cannot be written, or a broken invariant.

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
        raise DecrocheError(_told_of(failed, name, scenario, wishes.trace)) from failed
    if not records:
        raise DecrocheError("ended before any run had begun: there is nothing to show")
    _show(records, wishes)
    _say_if_early(records, scenario, wishes)


def _records(
    name: str, scenario: Scenario, seeds: Sequence[int], wishes: Wishes
) -> list[RunRecord]:
    batch = Batch(name, scenario, seeds, wishes.trace)
    with _progress(scenario.days * DAY_SECONDS * len(seeds)) as told:
        return replicate(batch, workers=wishes.workers, told=told)


def _show(records: Sequence[RunRecord], wishes: Wishes) -> None:
    found = figures(records)
    if wishes.json == STANDARD_OUTPUT:
        print(msgspec.json.encode(found).decode())  # noqa: T201 - what was asked for
    else:
        terminal.show(records, found)
    if wishes.json is not None and wishes.json != STANDARD_OUTPUT:
        _write(wishes.json, msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    if wishes.html is not None:
        page.write(wishes.html, records, found)


def _say_if_early(records: Sequence[RunRecord], scenario: Scenario, wishes: Wishes) -> None:
    whole_seconds = scenario.days * DAY_SECONDS
    done = sum(run.simulated_seconds >= whole_seconds for run in records)
    if done < wishes.replications:
        words = f"Ended early: {done} of {wishes.replications} runs went to their end."
        Console(stderr=True).print(words, style="bold red")


def _told_of(failed: RunFailed, name: str, scenario: Scenario, trace: Path | None) -> str:
    """Run once more, with the trace written: the same seed breaks the same rule again."""
    path = trace or Path(f"{name}-{failed.seed}.trace.jsonl")
    with opened(path) as file, suppress(RunFailed):
        simulate(name, scenario, failed.seed, trace=file)
    return (
        f"An invariant of the engine was broken with seed {failed.seed}: {failed.words}\n"
        f"The events that led to it are in {path}."
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error


@contextmanager
def _progress(whole_seconds: float) -> Iterator[Told]:
    """Show a bar on standard error, which takes nothing from what standard output is for."""
    bar = Progress(
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[days]:,.1f} days"),
        TextColumn("{task.fields[speed]:,.0f} calls a second"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=whole_seconds, days=0.0, speed=0.0)

        def told(standing: Standing) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(
                task,
                completed=min(standing.simulated_seconds, whole_seconds),
                days=standing.simulated_seconds / DAY_SECONDS,
                speed=standing.calls / elapsed if elapsed else 0.0,
            )

        yield told
