"""A caller's number, asked for in a way that shows it to nobody else."""

from __future__ import annotations

import getpass
import sys

from router.errors import ControlError


def ask_number() -> str:
    """Ask for a number at the terminal, or read it from the standard input.

    As a word of a command it would be seen by everybody on this machine.

    Raises
    ------
    ControlError
        if it is typed in two different ways.

    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    number = getpass.getpass("Number: ")
    if getpass.getpass("Once more: ") != number:
        raise ControlError("the two numbers differ; nothing was done")
    return number
