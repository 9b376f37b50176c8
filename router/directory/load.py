"""From the directory's file to its entries, or to every problem in it."""

from __future__ import annotations

from pathlib import Path

from router.config.reader import Reader
from router.directory.departments import DEPARTMENTS
from router.directory.shape import DirectoryFile
from router.errors import ConfigError
from router.schedule import NO_HOURS


def load_directory(path: Path) -> DirectoryFile:
    """Read the directory.

    Raises
    ------
    ConfigError
        with every problem found, one a line: file, key, what was expected.

    """
    problems: list[str] = []
    reader = Reader(path, problems)
    file = reader.read(DirectoryFile)
    if file is not None:
        _check(file, reader)
    if file is None or problems:
        raise ConfigError("\n".join(problems))
    return file


def _check(file: DirectoryFile, reader: Reader) -> None:
    first: dict[str, str] = {}
    for name, entry in file.entries.items():
        at = f"entries.{name}"
        if entry.kind not in file.kinds:
            known = ", ".join(file.kinds) or "none"
            reader.complain(f"{at}.kind", f"unknown kind {entry.kind!r}; known are {known}")
        if entry.department is not None and entry.department not in DEPARTMENTS:
            reader.complain(f"{at}.department", f"there is no department {entry.department!r}")
        if entry.hours == NO_HOURS:
            reader.complain(f"{at}.hours", "expected some hours, got 'none'")
        if first.setdefault(entry.number, name) != name:
            reader.complain(f"{at}.number", f"entries.{first[entry.number]} has the same")
