"""`make sim-vs-real`: 0 if all that differs is explained, within the stated limits."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from rich.console import Console

from router.errors import DecrocheError
from simulations.scenario import Scenario, load
from simulations.world.streams import stream
from tests.sim_vs_real.fate import Fate
from tests.sim_vs_real.nearest import nearest
from tests.sim_vs_real.playable import check_playable
from tests.sim_vs_real.real import played
from tests.sim_vs_real.simulated import simulated, with_late_steps
from tests.sim_vs_real.table import summary, table
from tests.sim_vs_real.verdict import Verdict, compare, first_good
from tests.testbed.need import missing

SCENARIO = Path(__file__).parent / "few_minutes.toml"

LATE_SECONDS = (0.05, 0.15, 0.3)
"""What a step takes more on a real Asterisk: usually, now and then, and on a busy machine. The
least of these that makes a simulated play of the real one is enough."""

TABLE_COLUMNS = 110


def main() -> int:
    """Play both, print, and say by the exit code whether all is explained."""
    parser = argparse.ArgumentParser(prog="make sim-vs-real")
    parser.add_argument("--seed", type=int, help="of all that is drawn; the scenario's own unless")
    parser.add_argument("--scenario", type=Path, default=SCENARIO, help="a scenario file")
    asked = parser.parse_args()
    if lacks := missing():
        sys.stderr.write(f"missing: {', '.join(lacks)}; run: python -m tests.testbed install\n")
        return 1
    scenario = load(str(asked.scenario))
    seed = scenario.seed if asked.seed is None else asked.seed
    calls = len(simulated(scenario, seed))
    check_playable(scenario, calls)
    with Console(stderr=True).status(f"{calls} calls on a real Asterisk"):
        on_real = played(asked.scenario, scenario, seed)
    verdict = judged(scenario, seed, on_real.fates)
    console = Console(width=TABLE_COLUMNS)
    console.print(table(verdict), summary(verdict, on_real.faults))
    return 0 if verdict.is_good and not on_real.faults else 1


def judged(scenario: Scenario, seed: int, real: list[Fate]) -> Verdict:
    """Hold a real play against the simulator, with as little lateness as explains it."""
    expected = simulated(scenario, seed)

    def verdict(late_seconds: float) -> Verdict:
        play = partial(with_late_steps, scenario, seed, late_seconds)
        near = nearest(play, real, stream(seed, "nearest"))
        return compare(expected, near, real, late_seconds)

    return first_good(map(verdict, LATE_SECONDS))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except DecrocheError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("ended before the last call: there is nothing to compare")
