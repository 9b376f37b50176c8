"""What `decroche simulate` takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from simulations.extras import needed
from simulations.seed import SeedOption


def simulate(
    scenario: str,
    *,
    seed: SeedOption | None = None,
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
    with needed("decroche simulate draws with matplotlib", "sim"):
        from simulations.simulate import Wishes, run  # noqa: PLC0415 - may be missing
    run(Wishes(scenario, seed, replications, workers, scheduler, changes, json, html, trace))
