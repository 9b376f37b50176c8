"""Where results go: a file, or standard output for as long as somebody reads it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EISDIR, ENOENT
from pathlib import Path

import msgspec
from rich.console import Console

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
        if the file, or standard output, cannot be written.

    """
    data = msgspec.json.encode(found)
    if path == STANDARD_OUTPUT:
        say(data.decode())
        return
    try:
        path.write_bytes(msgspec.json.format(data) + b"\n")
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error


class Screen(Console):
    """Standard output, for people, and for as long as somebody reads it."""

    def on_broken_pipe(self) -> None:
        """Take a reader who has left, as `head` does, for one who has read enough."""
        _print_to_nobody()


@contextmanager
def said_if_unwritable() -> Iterator[None]:
    """Have it said where standard output takes nothing more.

    Raises
    ------
    DecrocheError
        if the disk behind it is full, or the like.

    """
    try:
        yield
    except OSError as error:
        _print_to_nobody()
        raise DecrocheError(f"standard output: cannot be written: {error.strerror}") from error


def say(words: str) -> None:
    """Write a line to standard output, for a program to read.

    Raises
    ------
    DecrocheError
        if it takes nothing more. A reader who has left has read enough.

    """
    with said_if_unwritable():
        try:
            print(words, flush=True)  # noqa: T201 - what was asked for
        except BrokenPipeError:
            _print_to_nobody()


def _print_to_nobody() -> None:
    """Have what is left, here and at the end of the process, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
