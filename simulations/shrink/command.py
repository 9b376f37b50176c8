"""What `decroche shrink` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from router.past.journal import Journal, lines_of, read, write
from simulations.output import Screen, said_if_unwritable
from simulations.shrink.nameless import nameless
from simulations.shrink.shrink import Shrinker, Told
from simulations.shrink.story import story

NOTHING_BROKEN = 1
"""The exit code for a trace that there is nothing to shrink in."""


def shrink(trace: Path, *, out: Path | None = None) -> int:
    """Cut a trace that broke an invariant down to the fewest events that still break it.

    Ctrl-C ends the search; the smallest trace found so far is then written.

    Parameters
    ----------
    trace
        what `simulate` wrote when an invariant broke: a journal, one event a line.
    out
        where the small trace goes; beside the trace, as `NAME.small.jsonl`, unless given.

    Returns
    -------
    int
        the exit code: 1 if the trace breaks nothing.

    Raises
    ------
    DecrocheError
        if the trace cannot be read, or the small one cannot be written.

    """
    journal = read(trace)
    shrinker = _shrunk(journal)
    if shrinker.breakage is None:
        _show(
            f"{trace}: {len(journal.entries)} events, and none breaks anything: an invariant that"
            " this version's engine keeps cannot be looked for"
        )
        return NOTHING_BROKEN
    path = out or trace.with_name(f"{trace.name.removesuffix('.jsonl')}.small.jsonl")
    found = nameless(shrinker.smallest, journal.snapshot)
    write(path, lines_of(found.told.stepped, found.snapshot))
    _show(
        *story(found.told),
        f"{len(found.told.stepped)} of {len(journal.entries)} events, after"
        f" {shrinker.attempts} attempts: {path}",
        _said_of(found.named),
    )
    return 0


def _said_of(named: list[str]) -> str:
    if named:
        return f"It still has the names of each {', '.join(named)}: what is broken hangs on them."
    return "Callers, listeners, pools and lines have other names in it. Times and calls' ids stay."


def _show(*lines: str) -> None:
    console = Screen(soft_wrap=True, highlight=False, markup=False, emoji=False)
    with said_if_unwritable():
        for line in lines:
            console.print(line)


def _shrunk(journal: Journal) -> Shrinker:
    with _progress() as told:
        shrinker = Shrinker(journal.entries, journal.snapshot, told)
        if shrinker.breakage is not None:
            try:
                shrinker.shrink()
            except KeyboardInterrupt:
                Console(stderr=True).print("Ended early: this can still be cut.", style="bold red")
    return shrinker


@contextmanager
def _progress() -> Iterator[Told]:
    """Show on standard error how small the trace has become."""
    words = TextColumn("{task.fields[events]:,} events left, {task.fields[attempts]:,} attempts")
    with Progress(SpinnerColumn(), words, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, events=0, attempts=0)

        def told(attempts: int, events: int) -> None:
            bar.update(task, events=events, attempts=attempts)

        yield told
