"""A journal as it was read: what the engine was told, and when."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Raw, Struct

from router.core.entry import Entry, decode, encode
from router.core.events import EngineStarted
from router.core.floor import State
from router.errors import DecrocheError

EXPECTED = (
    "expected a journal: one entry a line, as `decroche simulate --trace` and `decroche journal`"
    " write them"
)


class Beginning(Struct, frozen=True, forbid_unknown_fields=True):
    """The first line of a journal that begins in the middle: the state that it goes on from."""

    snapshot: State


_OWNER_ONLY: Final = 0o600
_STATE_BETWEEN: Final = b'{"waymark":'
"""So a line begins between entries that is a state which was kept there."""


_END_OF_TIME: Final = 253_402_300_800.0
"""The year 10000: no date can be told of from there on."""


class _Kept(Struct, frozen=True, forbid_unknown_fields=True):
    at: float
    state: Raw
    begins: bool = False


class _Between(Struct, frozen=True, forbid_unknown_fields=True):
    """A line between two entries: a state that was kept there, whichever version wrote it."""

    waymark: _Kept


class Waymark(Struct, frozen=True):
    """A state that was kept on the way: what the journal has led to by then, if it tells all."""

    index: int
    """So many of the journal's entries come before it."""
    at: float
    state: bytes
    begins: bool = False
    """It was taken after an outage, or as a daemon started: more may have led to it."""


class Journal(Struct, frozen=True):
    """Entries in their order, and what was noticed while they were read."""

    source: str
    entries: tuple[Entry, ...]
    snapshot: bytes | None = None
    """The state before the first entry; without it the journal begins with a new engine."""
    first_line: int = 1
    """The number of the line that the first entry, or a state right before it, stands on."""
    notes: tuple[str, ...] = ()
    waymarks: tuple[Waymark, ...] = ()
    """In their order."""

    def line_of(self, index: int) -> int:
        """Give the number of the line that an entry stands on; a state stands on one as well."""
        return self.first_line + index + sum(one.index <= index for one in self.waymarks)


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
    entries, waymarks = _told(path, lines[first - 1 :], first)
    notes = []
    if last:
        number = len(lines) + 1
        if not entries:
            raise DecrocheError(f"{path}, line {number}: it is cut in half, and is all there is")
        notes.append(f"{path}, line {number}: cut in half, left out; it was the last")
    if not entries:
        raise DecrocheError(f"{path}: there is no entry in it; {EXPECTED}")
    journal = Journal(str(path), tuple(entries), snapshot, first, tuple(notes), tuple(waymarks))
    _check(journal)
    return journal


def lines_of(
    entries: Sequence[Entry], snapshot: bytes | None = None, waymarks: Sequence[Waymark] = ()
) -> Iterator[bytes]:
    """Give a journal's lines, as `read` takes them."""
    if snapshot is not None:
        yield b'{"snapshot":' + snapshot + b"}\n"
    told = 0
    for mark in waymarks:
        yield from (encode(entry) + b"\n" for entry in entries[told : mark.index])
        told = mark.index
        between = _Between(_Kept(mark.at, Raw(mark.state), mark.begins))
        yield msgspec.json.encode(between) + b"\n"
    yield from (encode(entry) + b"\n" for entry in entries[told:])


def write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a journal's lines to a file that its owner alone may read: it has callers' hashes.

    Raises
    ------
    DecrocheError
        if it cannot be written.

    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, _OWNER_ONLY), "wb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                os.fchmod(file.fileno(), _OWNER_ONLY)
                file.truncate()
            file.writelines(lines)
    except OSError as error:
        raise DecrocheError(f"{path}: cannot be written: {error.strerror}") from error


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


def _told(path: Path, lines: Sequence[bytes], first: int) -> tuple[list[Entry], list[Waymark]]:
    entries: list[Entry] = []
    waymarks: list[Waymark] = []
    for number, line in enumerate(lines, start=first):
        try:
            entries.append(decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            if not line.startswith(_STATE_BETWEEN):
                raise _no_entry(f"{path}, line {number}", error) from error
            waymarks.append(_waymark(path, number, line, len(entries)))
    return entries, waymarks


def _waymark(path: Path, number: int, line: bytes, index: int) -> Waymark:
    try:
        kept = msgspec.json.decode(line, type=_Between).waymark
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DecrocheError(
            f"{path}, line {number}: not a state as this version writes it ({error})"
        ) from error
    return Waymark(index, kept.at, bytes(kept.state), kept.begins)


def _check(journal: Journal) -> None:
    """Refuse what is no one life of a daemon after the other: its figures would be nobody's."""
    started: dict[str, int] = {}
    for index, entry in enumerate(journal.entries):
        if not 0.0 <= entry.at < _END_OF_TIME:
            where = f"{journal.source}, line {journal.line_of(index)}"
            raise DecrocheError(f"{where}: no time of ours: {entry.at:g}")
        if isinstance(entry.event, EngineStarted):
            number = journal.line_of(index)
            before = started.setdefault(entry.event.boot, number)
            if before != number:
                raise DecrocheError(
                    f"{journal.source}, line {number}: a start that line {before} has already;"
                    " expected one journal, not two that were joined"
                )


def _no_entry(where: str, error: Exception) -> DecrocheError:
    if isinstance(error, msgspec.ValidationError):
        return DecrocheError(
            f"{where}: not of this version's form ({error}); replay it with the version that"
            " wrote it"
        )
    return DecrocheError(f"{where}: not JSON; {EXPECTED}")
