"""Where results go: a file, or standard output for as long as somebody reads it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from router.errors import DecrocheError

STANDARD_OUTPUT = Path("-")


def write_json(path: Path, found: object) -> None:
    """Write what was found: in one line to standard output, for reading to a file.

    Raises
    ------
    DecrocheError
        if the file cannot be written.

    """
    data = msgspec.json.encode(found)
    if path == STANDARD_OUTPUT:
        _say(data.decode())
        return
    try:
        path.write_bytes(msgspec.json.format(data) + b"\n")
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error


def _say(words: str) -> None:
    """Print; a reader who has left, as `head` does, has read enough."""
    try:
        print(words, flush=True)  # noqa: T201 - what was asked for
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
