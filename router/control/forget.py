"""The command `decroche forget`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from router.config import load
from router.config.places import DEFAULT_CONFIG
from router.control.client import ask
from router.control.number import ask_number


def forget(
    *,
    config: Annotated[
        Path, Parameter(name=["--config", "-c"], help="The main config file.")
    ] = DEFAULT_CONFIG,
) -> None:
    """Have the running daemon forget which listener knows a caller.

    The caller's number is asked for, or read from the standard input: as a word of the command it
    would be seen by everybody on this machine. It is "done" whether the caller was known or not.
    """
    state_dir = load(config).store.state_dir
    ask(state_dir, "forget", ask_number().encode())
    print("done")  # noqa: T201 -- the command's own answer
