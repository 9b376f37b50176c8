"""`make mutants`: 0 if each fault of the list is found, and nothing in the tree as it is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from tests.mutants.hunt import PROPERTIES, DidNotRun, Find, Finder, hunt, swarm
from tests.mutants.mutants import ROOT, Mutant, Stale, listed

WORLDS = 64
"""A short swarm."""

TABLE_COLUMNS = 110
"""What the table needs, on a narrow terminal or in a file."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Hunt for each fault, print what has found it, and say by the exit code whether all were.

    It is 1 where one was not, or something was found in the tree as it is; 2 where there is nothing
    that a mutant could change.
    """
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("words", nargs="*", help="of the names of those to try; all if none")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="of the swarm, first")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="hunts at a time")
    asked = parser.parse_args(arguments)
    mutants = [one for one in listed() if all(word in one.name for word in asked.words)]
    try:
        for one in mutants:
            one.changed(ROOT)
    except Stale as error:
        Console(stderr=True).print(error, style="red", markup=False, soft_wrap=True)
        return 2
    return _hunt_all(mutants, (swarm(asked.worlds), PROPERTIES), asked.workers)


def _hunt_all(mutants: Sequence[Mutant], finders: Sequence[Finder], workers: int) -> int:
    table = Table("mutant", "found by", box=None)
    table.add_column("after s", justify="right")
    failed = 0
    with ThreadPoolExecutor(workers) as pool:
        finds = pool.map(lambda one: _find(one, finders), [None, *mutants])
        console = Console(stderr=True)
        for mutant in track([None, *mutants], "mutants", console=console):
            find = next(finds)
            failed += bool(find.trouble) or (find.by is None) != (mutant is None)
            table.add_row(_name(mutant), _words(mutant, find), f"{find.after_seconds:.1f}")
    Console(width=TABLE_COLUMNS).print(table)
    return 1 if failed else 0


def _find(mutant: Mutant | None, finders: Sequence[Finder]) -> Find:
    try:
        return hunt(mutant, finders)
    except DidNotRun as trouble:
        return Find(None, trouble.after_seconds, str(trouble))


def _name(mutant: Mutant | None) -> str:
    return mutant.name if mutant is not None else "(none: the tree as it is)"


def _words(mutant: Mutant | None, find: Find) -> str:
    if find.trouble:
        return f"[red]not known[/red]: {escape(find.trouble)}"
    if mutant is None:
        return "nothing" if find.by is None else f"[red]{find.by}, though nothing was changed[/red]"
    return find.by or f"[red]NOTHING[/red]: {mutant.breaks}"


if __name__ == "__main__":
    sys.exit(main())
