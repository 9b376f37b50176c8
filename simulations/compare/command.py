"""`decroche compare`, as the command line has it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from simulations.extras import needed
from simulations.seed import SeedOption


def compare(
    a: Annotated[str, Parameter(allow_leading_hyphen=True)],
    b: Annotated[str, Parameter(allow_leading_hyphen=True)],
    scenario: str,
    *,
    seed: SeedOption | None = None,
    replications: int = 10,
    workers: int | None = None,
    scheduler: str | None = None,
    changes: Annotated[tuple[str, ...], Parameter(name="--set")] = (),
    json: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
) -> None:
    """Run two sets of rules on the same people, and say what differs and what of it is chance.

    Parameters
    ----------
    a
        a daemon's config file, whose lines, care, known_caller_days and calls_per_number replace
        the scenario's; or a file of scenario keys to be laid over the scenario; or `-`, the
        scenario as it is.
    b
        likewise.
    scenario
        the path of a scenario file, or the name of one that comes with decroche.
    seed
        of all that is drawn; the scenario's own unless given.
    replications
        how many runs of each, the first with the seed, each other with the next whole number.
    workers
        how many processes; one a core unless given. The result is the same.
    scheduler
        the address of a Dask scheduler whose workers run it all, or `local`.
    changes
        set a key of the scenario otherwise, for both: `--set days=3`; may come again.
    json
        write all differences and calls to this file; `-` writes them to standard output, and no
        table.

    """
    with needed("decroche compare needs SciPy", "sim"):
        from simulations.compare.run import Wishes, run  # noqa: PLC0415 - SciPy is an extra
    run(Wishes(a, b, scenario, seed, replications, workers, scheduler, changes, json))
