"""The project's files, as the rules read them."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]

NOT_OURS = {"__pycache__", "build", "dist"}
"""Folders that tools make. Those that begin with a dot are not looked into either, but `.ci`."""

LOCKS = {"requirements.lock", "requirements-dev.lock"}


@dataclass(frozen=True)
class Source:
    """A text file: its path from the project's root, and what is in it."""

    path: str
    text: str

    @property
    def name(self) -> str:
        """The path's last part."""
        return self.path.rpartition("/")[2]

    @property
    def is_python(self) -> bool:
        """Whether this is a module."""
        return self.path.endswith(".py")

    @property
    def module(self) -> str:
        """The dotted name of a module."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a module."""
        return ast.parse(self.text)

    @cached_property
    def comments(self) -> dict[int, str]:
        """Line number to the comment on it, for the kinds of file that have comments."""
        if self.is_python:
            tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
            return {t.start[0]: t.string for t in tokens if t.type == tokenize.COMMENT}
        mark = ";" if self.path.endswith((".conf", ".conf.sample")) else "#"
        hashed = (
            self.path.endswith((".toml", ".service", "/run", "/venv")) or self.name == "Makefile"
        )
        if mark == "#" and not hashed:
            return {}
        found = ((n, line.partition(mark)) for n, line in enumerate(self.lines, 1))
        return {n: said for n, (_, marked, said) in found if marked}


def project() -> list[Source]:
    """Give every text file of the project."""
    return [
        Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(_walk(ROOT))
    ]


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_dir():
            if path.name == ".ci" or not _is_made(path.name):
                yield from _walk(path)
        elif _is_text(path):
            yield path


def _is_made(name: str) -> bool:
    return name.startswith(".") or name in NOT_OURS or name.endswith(".egg-info")


def _is_text(path: Path) -> bool:
    return path.name != ".git" and b"\0" not in path.read_bytes()[:1024]
