"""What `decroche directory` does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from router.config import load
from router.config.places import DEFAULT_CONFIG
from router.directory.departments import code_of
from router.directory.load import load_directory
from router.directory.nearest import nearest
from router.directory.shape import DirectoryFile
from router.directory.words import table_of
from router.errors import ConfigError, DecrocheError


def directory(
    department: str,
    *,
    kind: str | None = None,
    most: int = 5,
    config: Annotated[Path, Parameter(name=["--config", "-c"])] = DEFAULT_CONFIG,
) -> None:
    """Show to whom a caller may be directed, the nearest first. Nothing is kept of the look-up.

    Parameters
    ----------
    department
        where the caller lives or works: a code (69, 2A, 974) or a name (Rhône).
    kind
        of the directory's kinds, one; without it, all.
    most
        how many to show of those who have a place, and of those who are there for everybody.
    config
        the main config file.

    Raises
    ------
    DecrocheError
        if a file cannot be used, or there is no such department or kind.

    """
    file = _file_of(config)
    code = code_of(department)
    if code is None:
        raise DecrocheError(
            f"{department[:40]!r}: expected the code of a department or its name,"
            " like 69, 2A, 974 or Rhône"
        )
    if kind is not None and kind not in file.kinds:
        raise DecrocheError(
            f"--kind: unknown kind {kind[:40]!r}; known are {', '.join(file.kinds)}"
        )
    Console().print(table_of(nearest(file, code, kind, max(most, 1)), file))


def _file_of(config: Path) -> DirectoryFile:
    path = load(config).directory_file
    if path is None:
        raise ConfigError(f"{config}: directory_file: missing; it names the directory's file")
    return load_directory(path)
