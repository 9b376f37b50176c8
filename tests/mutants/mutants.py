"""One-line faults of the engine, kept as data, and a tree that has one of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
from msgspec import Struct

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("mutants.toml")

COPIED = (
    "router",
    "simulations",
    "tests/__init__.py",
    "tests/conftest.py",
    "tests/core",
    "pyproject.toml",
)
"""What is needed to try an engine."""


class Stale(Exception):  # noqa: N818 - said of a mutant, and it is the list that is in error
    """The tree does not have the line any more that a mutant changes; the message says which."""


class Mutant(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the engine that is changed. Lines are without their indentation."""

    name: str
    """What the engine does wrong, in some words."""
    file: str
    before: str
    after: str
    breaks: str
    """Which rule that is against."""

    def changed(self, tree: Path) -> str:
        """Give the text of its file in a tree, with the line changed.

        Raises
        ------
        Stale
            if the file does not have the line, or has it several times.

        """
        path = tree / self.file
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        there = [at for at, line in enumerate(lines) if line.strip() == self.before]
        if len(there) != 1:
            raise Stale(
                f"{LIST.name}: {self.name}: {self.file} has the line `{self.before}`"
                f" {len(there)} times, expected once: say anew what this mutant changes"
            )
        (at,) = there
        lines[at] = lines[at].replace(self.before, self.after)
        return "\n".join([*lines, ""])


class _Listed(Struct, forbid_unknown_fields=True):
    mutant: tuple[Mutant, ...]


def listed(path: Path = LIST) -> tuple[Mutant, ...]:
    """Give the mutants in the order of the list."""
    return msgspec.toml.decode(path.read_bytes(), type=_Listed).mutant


def make_tree(tree: Path, mutant: Mutant | None) -> None:
    """Put into an empty folder what is needed to try the engine, with a fault or without one.

    Raises
    ------
    Stale
        if there is nothing that the mutant could change.

    """
    for name in COPIED:
        source, target = ROOT / name, tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    if mutant is not None:
        (tree / mutant.file).write_text(mutant.changed(tree), encoding="utf-8")
