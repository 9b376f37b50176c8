"""What is said of a run that broke the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from router.errors import DecrocheError
from simulations.parallel import opened
from simulations.run import RunFailed, simulate
from simulations.scenario import Scenario


def told_of(
    failed: RunFailed, name: str, scenarios: Sequence[Scenario], trace: Path | None = None
) -> str:
    """Run once more, with the trace written: the same seed breaks the same thing again.

    Parameters
    ----------
    failed
        what is known of the run.
    name
        of the scenario.
    scenarios
        those of which one was run; the trace is of the first that breaks.
    trace
        where the events go; None: a file of this folder, named after scenario and seed.

    """
    path = trace or Path(f"{name}-{failed.seed}.trace.jsonl")
    try:
        _write(path, failed, name, scenarios)
    except DecrocheError as error:
        return f"{failed.words}\nThe events that led to it are nowhere: {error}"
    return f"{failed.words}\nThe events that led to it are in {path}."


def _write(path: Path, failed: RunFailed, name: str, scenarios: Sequence[Scenario]) -> None:
    for scenario in scenarios:
        with opened(path) as file:
            try:
                simulate(name, scenario, failed.seed, trace=file)
            except RunFailed:
                return
