"""The bar that shows how far a simulation is, and when it will be there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from simulations.parallel import Standing, Told

DAY_SECONDS = 86_400.0


@contextmanager
def progress(whole_seconds: float, words: str = "") -> Iterator[Told]:
    """Show a bar on standard error, which takes nothing from what standard output is for.

    Parameters
    ----------
    whole_seconds
        of simulated time that there are to go in all runs together.
    words
        what is under way, before the bar.

    """
    bar = Progress(
        *([TextColumn(words)] if words else []),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[days]:,.1f} days"),
        TextColumn("{task.fields[speed]:,.0f} calls a second"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=whole_seconds, days=0.0, speed=0.0)

        def told(standing: Standing) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(
                task,
                completed=min(standing.simulated_seconds, whole_seconds),
                days=standing.simulated_seconds / DAY_SECONDS,
                speed=standing.calls / elapsed if elapsed else 0.0,
            )

        yield told
