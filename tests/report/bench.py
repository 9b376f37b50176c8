"""Prints how long `decroche report` takes over 20,000 simulated calls, from its start to its end.

What it reads is the journal of a simulated run, and it writes the page and both files. Nearly all
of that time the engine takes, to which all is told once more: so it goes with the phones that rang.
Ends with 1 if one of them takes too long.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import msgspec

from simulations.run import simulate
from simulations.scenario import load

AT_MOST_SECONDS = 5.0
CALLS_AT_LEAST = 20_000

RUNS = (("two_skills", "days=1.7"), ("crisis_x10", "days=170"))
"""Scenarios, and for how long: one phone rings for each call, or seven."""


class Reported(msgspec.Struct, frozen=True):
    """What one report took."""

    scenario: str
    calls: int
    rings: int
    entries: int
    wall_seconds: float
    cpu_seconds: float


def measure(scenario: str, change: str, folder: Path) -> Reported:
    """Run a scenario, and report on its journal in a process of its own."""
    path = folder / f"{scenario}.jsonl"
    with path.open("wb") as trace:
        run = simulate(scenario, load(scenario, [change]), 1, trace=trace)
    last_day = datetime.fromtimestamp(run.simulated_seconds, UTC).date().isoformat()
    words = ["report", "--from", "1970-01-01", "--to", last_day, "--journal", str(path)]
    files = [f"--{kind}={folder / kind}" for kind in ("html", "csv", "json")]
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    begun = perf_counter()
    subprocess.run(
        [sys.executable, "-m", "router", *words, *files], check=True, stderr=subprocess.DEVNULL
    )
    wall_seconds = perf_counter() - begun
    cpu_seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used
    return Reported(
        scenario, len(run.calls), len(run.offers), run.events, wall_seconds, cpu_seconds
    )


def main() -> int:
    """Measure all of them, print them as JSON, one a line, and give the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        found = [measure(*one, Path(folder)) for one in RUNS]
    for one in found:
        print(msgspec.json.encode(one).decode())  # noqa: T201 - what was asked for
    return int(
        any(one.wall_seconds > AT_MOST_SECONDS or one.calls < CALLS_AT_LEAST for one in found)
    )


if __name__ == "__main__":
    sys.exit(main())
