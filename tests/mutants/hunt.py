"""Hunts for a fault in a tree of its own: what finds it, and how soon."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec import Struct

from tests.mutants.mutants import Mutant, make_tree

LONGEST_SECONDS = 300.0
"""What has not come to its end by then, on a machine with much else to do, never does."""

MOST_SAID = 2_000
"""Characters, from the end, of what a finder said that did not run."""

SWARM_SAYS = "with something wrong"
"""The last line of a swarm that has come to its end."""


class Finder(Struct, frozen=True):
    """Something that is run in a tree, and ends with 1 if it finds a fault in it."""

    name: str
    arguments: tuple[str, ...]
    """Of Python."""
    says: str
    """What it says in the end, so that it was the tree that it found at fault."""


def swarm(worlds: int) -> Finder:
    """Give so many worlds of the swarm."""
    arguments = ("-m", "simulations.swarm", "--seeds", str(worlds), "--workers", "1")
    return Finder("swarm", arguments, SWARM_SAYS)


PROPERTIES = Finder(
    "properties",
    ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/core/test_properties.py"),
    "1 failed",
)
"""Chaos and storms: they are asked where the swarm has found nothing."""


class DidNotRun(Exception):  # noqa: N818 - it says what happened to the run
    """A finder neither found a fault nor came to its end without; the message has what it said."""

    def __init__(self, words: str, after_seconds: float) -> None:
        super().__init__(words)
        self.after_seconds = after_seconds


class Find(Struct, frozen=True):
    """What has found a fault, and after how long."""

    by: str | None
    """None: nothing has."""
    after_seconds: float
    trouble: str = ""
    """Why that is not known; empty where it is."""


def hunt(mutant: Mutant | None, finders: Sequence[Finder]) -> Find:
    """Run one finder after the other on a fault, or on the tree as it is, until one finds it.

    Raises
    ------
    DidNotRun
        if a finder does not come to its end.
    Stale
        if there is nothing that the mutant could change.

    """
    with TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder)
        make_tree(tree, mutant)
        began = perf_counter()
        by = next((finder.name for finder in finders if _finds(tree, finder)), None)
        return Find(by, perf_counter() - began)


def _finds(tree: Path, finder: Finder) -> bool:
    began = perf_counter()
    code, said = _run(tree, finder)
    if code == 0:
        return False
    if code != 1 or finder.says not in said:
        words = f"{finder.name} ended with {code}: {said[-MOST_SAID:]}"
        raise DidNotRun(words, perf_counter() - began)
    return True


def _run(tree: Path, finder: Finder) -> tuple[int, str]:
    """Run a finder in a tree; give how it ended, and what it said."""
    with subprocess.Popen(
        [sys.executable, "-P", *finder.arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            words = f"{finder.name} did not end within {LONGEST_SECONDS:.0f} s"
            raise DidNotRun(words, LONGEST_SECONDS) from None
    return process.returncode, said
