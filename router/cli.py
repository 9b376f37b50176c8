"""The `decroche` command."""

from __future__ import annotations

import getpass
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from router.config import hash_pin, load
from router.config.gaps import coming_gaps
from router.config.places import DEFAULT_CONFIG
from router.directory.load import load_directory
from router.errors import DecrocheError, Superseded
from router.misuse import misuse
from router.version import VERSION
from router.web.api.clients import TOKEN_BYTES, token_hash

ENDED_BY_CTRL_C = 130
"""As shells say it: 128 and the signal's number."""

SUPERSEDED = 10
"""A newer daemon has taken over: config/systemd/decroche.service does not start this one again, or
the two would take over from each other for ever."""

app = App(
    name="decroche",
    help="Call routing for helplines: every call is picked up.",
    error_formatter=misuse,
)
app.version = VERSION

Config = Annotated[Path, Parameter(name=["--config", "-c"], help="The main config file.")]


@app.command(name="check-config")
def check_config(*, config: Config = DEFAULT_CONFIG) -> None:
    """Say what is wrong with the config, and when in the coming week nobody could answer."""
    settings = load(config)
    if settings.directory_file is not None:
        load_directory(settings.directory_file)
    print(f"{config}: good: {len(settings.lines)} lines, {len(settings.listeners)} listeners")  # noqa: T201
    for gap in coming_gaps(settings, datetime.now(UTC)):
        print(f"warning: {gap}")  # noqa: T201


@app.command(name="pin")
def make_pin_hash() -> None:
    """Ask for a listener's PIN, and print what belongs into `pin_hash`."""
    pin = getpass.getpass("PIN: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        print(hash_pin(pin))  # noqa: T201
    except ValueError as error:
        raise DecrocheError(str(error)) from None


@app.command(name="token")
def make_token() -> None:
    """Make a token for a client of the API, and print what belongs into `token_sha256`."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    print(f"token, for the client alone: {token}")  # noqa: T201
    print(f'token_sha256 = "{token_hash(token)}"')  # noqa: T201


# Named, not imported: each command loads what it needs alone, and the daemon no simulator.
for _named, _help in (
    ("router.runtime.command:run", "Route calls until SIGTERM. SIGHUP reads the config again."),
    (
        "router.runtime.command:explain",
        "Say, for every listener, why they were rung for a call or not.",
    ),
    (
        "router.doctor.command:doctor",
        "Look whether everything that the daemon needs is there; each line says how to mend it.",
    ),
    (
        "router.directory.command:directory",
        "Show to whom a caller may be directed, the nearest first. Nothing is kept of the look-up.",
    ),
    (
        "router.control.forget:forget",
        "Have the running daemon forget which listener knows a caller.",
    ),
    (
        "router.control.promises:promises",
        "Call-backs that are owed, and the numbers kept for them.",
    ),
    (
        "router.report.command:report",
        "Give the activity report: what became of the calls, identifying nobody.",
    ),
    (
        "router.story.command:story",
        "Tell all that happened to a call: to its offers, its promise and its call-backs, too.",
    ),
    (
        "simulations.command:simulate",
        "Run made callers and listeners through the daemon's own engine.",
    ),
    (
        "simulations.compare.command:compare",
        "Run two sets of rules on the same people: what differs?",
    ),
    ("simulations.staff.command:staff", "Find how many listeners each hour needs."),
    (
        "simulations.replay.command:replay",
        "Run a journal through other rules: whose call ends otherwise?",
    ),
    (
        "simulations.replay.command:journal",
        "Write a daemon's journal to a file, for replay and shrink.",
    ),
    (
        "simulations.shrink.command:shrink",
        "Cut a trace that broke an invariant down to what still does.",
    ),
):
    app.command(_named, name=_named.rpartition(":")[2], help=_help)


def main() -> None:
    """Run the command line; what goes wrong for a reason is said without a traceback."""
    try:
        outcome = app(result_action="return_value")
    except DecrocheError as error:
        Console(stderr=True, soft_wrap=True).print(
            str(error), style="red", markup=False, highlight=False
        )
        sys.exit(SUPERSEDED if isinstance(error, Superseded) else 1)
    except KeyboardInterrupt:
        sys.exit(ENDED_BY_CTRL_C)
    sys.exit(outcome or 0)
