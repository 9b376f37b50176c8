"""The `decroche` command."""

from __future__ import annotations

import asyncio
import getpass
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from router.config import hash_pin, load
from router.doctor import exit_code, render, run
from router.errors import DecrocheError
from router.runtime.explain import show, story_of
from router.runtime.main import serve
from router.version import VERSION

DEFAULT_CONFIG = Path("/etc/decroche/decroche.toml")

app = App(name="decroche", help="Call routing for helplines: every call is picked up.")
app.version = VERSION

Config = Annotated[Path, Parameter(name=["--config", "-c"], help="The main config file.")]


@app.command(name="run")
def run_daemon(*, config: Config = DEFAULT_CONFIG) -> None:
    """Route calls until SIGTERM. SIGHUP reads the config again."""
    serve(config)


@app.command
def doctor(*, config: Config = DEFAULT_CONFIG) -> int:
    """Look whether everything that the daemon needs is there; each line says how to mend it."""
    findings = run(config)
    render(findings)
    return exit_code(findings)


@app.command
def explain(call: str, *, config: Config = DEFAULT_CONFIG) -> None:
    """Say, for every listener, why they were rung for a call or not.

    Parameters
    ----------
    call
        the call's id, as the log shows it.
    config
        the main config file.

    """
    story, zone = asyncio.run(story_of(config, call))
    Console().print(show(story, zone))


@app.command
def simulate(
    scenario: str,
    *,
    seed: int | None = None,
    replications: int = 1,
    workers: int | None = None,
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
    changes
        set a key of the scenario otherwise: `--set listeners.day.count=30`; may come again.
    json
        write the figures to this file; `-` writes them to standard output, and no table.
    html
        write a page with pictures to this file.
    trace
        write each event of the first run to this file, in the journal's own form.

    """
    from simulations import command  # noqa: PLC0415 - the daemon starts without the simulator

    command.run(
        command.Wishes(
            scenario=scenario,
            seed=seed,
            replications=replications,
            workers=workers,
            changes=changes,
            json=json,
            html=html,
            trace=trace,
        )
    )


@app.command(name="check-config")
def check_config(*, config: Config = DEFAULT_CONFIG) -> None:
    """Read the config and say what is wrong with it, if anything."""
    settings = load(config)
    print(f"{config}: good: {len(settings.lines)} lines, {len(settings.listeners)} listeners")  # noqa: T201


@app.command(name="pin")
def make_pin_hash() -> None:
    """Ask for a listener's PIN, and print what belongs into `pin_hash`."""
    pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        print(hash_pin(pin))  # noqa: T201
    except ValueError as error:
        raise DecrocheError(str(error)) from None


def main() -> None:
    """Run the command line; what goes wrong for a reason is said without a traceback."""
    try:
        outcome = app(result_action="return_value")
    except DecrocheError as error:
        Console(stderr=True, soft_wrap=True).print(
            str(error), style="red", markup=False, highlight=False
        )
        sys.exit(1)
    sys.exit(outcome or 0)
