"""Prints the memory that a scenario of a million calls takes, beside what it may take.

The run is a process of its own, with all its figures and its page, as a user would have it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec import Struct
from rich.console import Console
from rich.table import Table

SCENARIO = "ten_thousand"
ALLOWED_MIB = 1024.0


class Taken(Struct, frozen=True):
    """What one run took."""

    calls: int
    seconds: float
    """From the command's first instant to its last, figures and page included."""
    peak_mib: float


def main() -> None:
    """Run the scenario, print what it took, and end with 1 if that was too much."""
    taken = measure(*sys.argv[1:])
    Console().print(_table(taken))
    sys.exit(taken.peak_mib > ALLOWED_MIB)


def measure(*changes: str) -> Taken:
    """Run the scenario in a process of its own.

    Parameters
    ----------
    changes
        keys of the scenario that are other for once, as `--set` takes them.

    """
    command = [sys.executable, "-m", "router", "simulate", SCENARIO]
    command += [word for change in changes for word in ("--set", change)]
    with TemporaryDirectory() as folder:
        figures, page = Path(folder, "figures.json"), Path(folder, "page.html")
        begun = perf_counter()
        subprocess.run(  # noqa: S603 - the command is ours
            [*command, "--json", str(figures), "--html", str(page)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        seconds = perf_counter() - begun
        calls = json.loads(figures.read_bytes())["total"]["offered"]
    peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Taken(calls, seconds, peak_kib / 1024)


def _table(taken: Taken) -> Table:
    table = Table(title=f"{SCENARIO}, with figures and page")
    for heading in ("calls", "seconds", "peak MiB", "of 1 GiB"):
        table.add_column(heading, justify="right")
    table.add_row(
        f"{taken.calls:,}",
        f"{taken.seconds:,.0f}",
        f"{taken.peak_mib:,.0f}",
        f"{taken.peak_mib / ALLOWED_MIB:.2f}",
    )
    return table


if __name__ == "__main__":
    main()
