"""The `decroche` command."""

from __future__ import annotations

import asyncio
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from router.config import hash_pin, load
from router.config.gaps import coming_gaps
from router.config.places import DEFAULT_CONFIG
from router.control.forget import forget
from router.directory.command import directory
from router.directory.load import load_directory
from router.doctor import exit_code, render, run
from router.errors import DecrocheError
from router.runtime.explain import show, story_of
from router.runtime.main import serve
from router.version import VERSION

ENDED_BY_CTRL_C = 130
"""As shells say it: 128 and the signal's number."""

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


@app.command(name="check-config")
def check_config(*, config: Config = DEFAULT_CONFIG) -> None:
    """Say what is wrong with the config, and when in the coming week nobody could answer."""
    settings = load(config)
    if settings.directory_file is not None:
        load_directory(settings.directory_file)
    print(f"{config}: good: {len(settings.lines)} lines, {len(settings.listeners)} listeners")  # noqa: T201
    for gap in coming_gaps(settings, datetime.now(UTC)):
        print(f"warning: {gap}")  # noqa: T201


app.command(directory)


app.command(forget)


@app.command(name="pin")
def make_pin_hash() -> None:
    """Ask for a listener's PIN, and print what belongs into `pin_hash`."""
    pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        print(hash_pin(pin))  # noqa: T201
    except ValueError as error:
        raise DecrocheError(str(error)) from None


# Named, not imported: the daemon starts without the simulator.
for _module, _name, _help in (
    ("command", "simulate", "Run made callers and listeners through the daemon's own engine."),
    ("compare.command", "compare", "Run two sets of rules on the same people: what differs?"),
    ("staff.command", "staff", "Find how many listeners each hour needs."),
    ("replay.command", "replay", "Run a journal through other rules: whose call ends otherwise?"),
    ("replay.command", "journal", "Write a daemon's journal to a file, for replay and shrink."),
    ("shrink.command", "shrink", "Cut a trace that broke an invariant down to what still does."),
):
    app.command(f"simulations.{_module}:{_name}", name=_name, help=_help)


def main() -> None:
    """Run the command line; what goes wrong for a reason is said without a traceback."""
    try:
        outcome = app(result_action="return_value")
    except DecrocheError as error:
        Console(stderr=True, soft_wrap=True).print(
            str(error), style="red", markup=False, highlight=False
        )
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(ENDED_BY_CTRL_C)
    sys.exit(outcome or 0)
