"""What is said of a run that broke an invariant of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simulations.parallel import opened
from simulations.run import RunFailed, simulate
from simulations.scenario import Scenario


def told_of(
    failed: RunFailed, name: str, scenarios: Sequence[Scenario], trace: Path | None = None
) -> str:
    """Run once more, with the trace written: the same seed breaks the same rule again.

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

    Raises
    ------
    DecrocheError
        if the trace cannot be written.

    """
    path = trace or Path(f"{name}-{failed.seed}.trace.jsonl")
    for scenario in scenarios:
        with opened(path) as file:
            try:
                simulate(name, scenario, failed.seed, trace=file)
            except RunFailed:
                break
    return (
        f"An invariant of the engine was broken with seed {failed.seed}: {failed.words}\n"
        f"The events that led to it are in {path}."
    )
