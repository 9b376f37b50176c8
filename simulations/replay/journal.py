"""A journal as it was read: what the engine was told, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from router.core.entry import Entry, decode, encode
from router.core.floor import State
from router.errors import DecrocheError

EXPECTED = (
    "expected a journal: one entry a line, as `decroche simulate --trace` and `decroche journal`"
    " write them"
)


class Beginning(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a journal that begins in the middle: the state that it goes on from."""

    snapshot: State


class Journal(Struct, frozen=True):
    """Entries in their order, and what was noticed while they were read."""

    source: str
    entries: tuple[Entry, ...]
    snapshot: bytes | None = None
    """The state before the first entry; without it the journal begins with a new engine."""
    first_line: int = 1
    """The number of the line that the first entry stands on."""
    notes: tuple[str, ...] = ()


def read(path: Path) -> Journal:
    """Read a journal from a file.

    Raises
    ------
    DecrocheError
        with file and line, if it cannot be read, or is no journal of this version.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be read: {error.strerror}") from error
    lines = data.split(b"\n")
    last = lines.pop()
    snapshot = _snapshot(path, lines[0]) if lines else None
    first = 1 if snapshot is None else 2
    entries = [
        _entry(path, number, line) for number, line in enumerate(lines[first - 1 :], start=first)
    ]
    notes = []
    if last:
        number = first + len(entries)
        if not entries:
            raise DecrocheError(f"{path}, line {number}: it is cut in half, and is all there is")
        notes.append(f"{path}, line {number}: cut in half, left out; it was the last")
    if not entries:
        raise DecrocheError(f"{path}: there is no entry in it; {EXPECTED}")
    return Journal(str(path), tuple(entries), snapshot, first, tuple(notes))


def lines_of(entries: Sequence[Entry], snapshot: bytes | None = None) -> Iterator[bytes]:
    """Give a journal's lines, as `read` takes them."""
    if snapshot is not None:
        yield b'{"snapshot":' + snapshot + b"}\n"
    for entry in entries:
        yield encode(entry) + b"\n"


def _snapshot(path: Path, line: bytes) -> bytes | None:
    if not line.startswith(b'{"snapshot":'):
        return None
    try:
        beginning = msgspec.json.decode(line, type=Beginning)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DecrocheError(
            f"{path}, line 1: a snapshot that this version cannot read: {error}"
        ) from error
    return msgspec.json.encode(beginning.snapshot)


def _entry(path: Path, number: int, line: bytes) -> Entry:
    where = f"{path}, line {number}"
    try:
        return decode(line)
    except msgspec.ValidationError as error:
        raise DecrocheError(
            f"{where}: not of this version's form ({error}); replay it with the version that"
            " wrote it"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecrocheError(f"{where}: not JSON; {EXPECTED}") from error
