"""`make crash`: 0 if in none of the runs a promise is lost, or anybody is called twice."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.progress import track

from tests.crash.many import Tally, many
from tests.crash.run import Outcome

RUNS = 1_000


def main() -> int:
    """Play the runs, print what came of them, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(prog="make crash")
    parser.add_argument("--runs", type=int, default=RUNS, help="how many seeds")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="one seed alone, with its whole story")
    asked = parser.parse_args()
    seeds = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.runs)
    console, tally = Console(stderr=True), Tally()
    for outcome in track(many(seeds), "runs", total=len(seeds), console=console):
        tally.add(outcome)
        if outcome.faults or asked.seed is not None:
            _tell(outcome, console, whole=asked.seed is not None)
    sys.stdout.write(tally.text())
    return 1 if tally.faults else 0


def _tell(outcome: Outcome, console: Console, *, whole: bool) -> None:
    if whole:
        console.print("\n".join(outcome.story), highlight=False, soft_wrap=True)
    for fault in outcome.faults:
        console.print(f"seed {outcome.seed}: {fault}", style="red", highlight=False, soft_wrap=True)
    if outcome.faults and not whole:
        console.print(f'again: make crash ARGS="--seed {outcome.seed}"', highlight=False)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("ended before the last run")
