"""Where results go: a file, or standard output for as long as somebody reads it."""

from __future__ import annotations

import os
import sys
from errno import EACCES, EISDIR, ENOENT
from pathlib import Path

import msgspec

from router.errors import DecrocheError

STANDARD_OUTPUT = Path("-")


def expect_room_for(path: Path | None) -> None:
    """Look, before a long run, whether its results can be written to a file; None: to none.

    Raises
    ------
    DecrocheError
        if not.

    """
    if path is None or path == STANDARD_OUTPUT:
        return
    if path.is_dir():
        raise DecrocheError(f"{path}: cannot be written: {os.strerror(EISDIR)}")
    if not path.parent.is_dir():
        raise DecrocheError(f"{path}: cannot be written: {os.strerror(ENOENT)}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise DecrocheError(f"{path}: cannot be written: {os.strerror(EACCES)}")


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
