"""`decroche staff`, as the command line has it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from simulations.extras import needed
from simulations.seed import SeedOption
from simulations.staff.target import parse_target


def staff(
    scenario: str,
    *,
    target: str,
    line: tuple[str, ...] = (),
    group: str | None = None,
    seed: SeedOption | None = None,
    replications: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    changes: Annotated[tuple[str, ...], Parameter(name="--set")] = (),
    json: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
) -> int:
    """Find how many listeners each hour needs: a guess by theory, an answer by simulation.

    Ends with 1 if the target cannot be met in every hour that has calls.

    Parameters
    ----------
    scenario
        the path of a scenario file, or the name of one that comes with decroche.
    target
        the share of the calls to be picked up, and within how long: "99% within 20s".
    line
        whose calls; may come again. All of the scenario's unless given.
    group
        whom the listeners are like; in each hour the largest group on duty unless given.
    seed
        of all that is drawn; the scenario's own unless given.
    replications
        how many runs a round has; as many as 20,000 calls take unless given.
    workers
        how many processes; one a core unless given. The result is the same.
    scheduler
        the address of a Dask scheduler whose workers run it all, or `local`.
    changes
        set a key of the scenario otherwise: `--set days=28`; may come again.
    json
        write what was found to this file; `-` writes it to standard output, and no table.

    """
    wanted = parse_target(target)
    with needed("decroche staff needs SciPy", "sim"):
        from simulations.staff.run import Wishes, run  # noqa: PLC0415 - SciPy is an extra
    return run(
        Wishes(scenario, wanted, line, group, seed, replications, workers, scheduler, changes, json)
    )
