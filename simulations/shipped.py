"""Files that come with decroche, each called by its name."""

from __future__ import annotations

from pathlib import Path

from router.errors import ConfigError


def shipped_in(folder: Path) -> tuple[str, ...]:
    """Name the files of a folder that comes with decroche."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def file_called(given: str, folder: Path, what: str) -> Path:
    """Give the file that is meant: one of the folder's by its name, or any other by its path.

    Raises
    ------
    ConfigError
        if there is none; in words it is no `what`.

    """
    known = shipped_in(folder)
    if given in known:
        return folder / f"{given}.toml"
    path = Path(given)
    try:
        is_there = path.exists()
    except (OSError, ValueError):
        is_there = False
    if not is_there:
        raise ConfigError(
            f"{given[:200]}: no such file, and no shipped {what}; shipped are {', '.join(known)}"
        )
    return path
