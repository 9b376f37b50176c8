"""Whether the engine agrees with theory and, call by call, with the exact recursion, as tables."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from simulations.oracle.batches import CONFIDENCE
from simulations.oracle.compare import LOADS, CallByCall, Row, call_by_call, rows
from simulations.oracle.trace import Load, exponential, full_of_ties

SEED = 1
CALLS, CIW_CALLS = 200_000, 40_000
CALLS_COMPARED_EACH = 1_000_000
TIED_CALLS, TIED_LISTENERS = 100_000, 4
BUSY = Load(100, 95.0, 1200.0, 2400.0)

TABLE_COLUMNS = 110
"""What the tables need, on a narrow terminal or in a file."""

RIGHT, WRONG = "[green]yes[/green]", "[red]NO[/red]"


def check() -> int:
    """Print both comparisons; give the exit code."""
    console = Console(width=TABLE_COLUMNS)
    measured = []
    with console.status("Erlang") as status:
        for row in rows(LOADS, CALLS, CIW_CALLS, SEED):
            measured.append(row)
            status.update(f"{row.simulator}, {row.load.listeners} listeners")
        status.update("call by call")
        compared = {
            "drawn": call_by_call(exponential(BUSY, CALLS_COMPARED_EACH, SEED), BUSY.listeners),
            "full of ties": call_by_call(
                full_of_ties(TIED_CALLS, SEED, TIED_LISTENERS), TIED_LISTENERS
            ),
        }
    console.print(theory_table(measured), call_table(compared))
    console.print(
        "Ties are decided alike on both sides: at one instant talks end, then callers give up, "
        "then callers arrive in the order of the trace; and no time is ever a difference."
    )
    agree = all(row.agrees for row in measured) and all(it.agrees for it in compared.values())
    return 0 if agree else 1


def theory_table(measured: Iterable[Row]) -> Table:
    """Lay out what was measured beside what theory says."""
    table = Table(title=f"Against Erlang-C and Erlang-A, intervals of {CONFIDENCE:.1%}")
    for heading in ("listeners", "Erlang", "patience", "simulator", "figure"):
        table.add_column(heading)
    for heading in ("theory", "measured", "+/-", "agrees"):
        table.add_column(heading, justify="right")
    for row in measured:
        patience = row.load.patience_seconds
        table.add_row(
            str(row.load.listeners),
            f"{row.load.erlangs:g}",
            "for ever" if patience is None else f"{patience:g} s",
            row.simulator,
            row.figure,
            *(
                f"{value:.2f} s" if row.figure == "wait_seconds" else f"{value:.3%}"
                for value in (row.theory, row.measured.mean, row.measured.half_width)
            ),
            RIGHT if row.agrees else WRONG,
        )
    return table


def call_table(compared: dict[str, CallByCall]) -> Table:
    """Lay out how the engine's calls fared against the recursion's."""
    table = Table(title="Call by call against the Kiefer-Wolfowitz recursion with impatience")
    for heading in ("trace", "calls", "different fates", "largest difference of waits", "agrees"):
        table.add_column(heading, justify="right")
    for name, it in compared.items():
        table.add_row(
            name,
            f"{it.calls:,}",
            str(it.different_fates),
            f"{it.largest_wait_difference_seconds:g} s",
            RIGHT if it.agrees else WRONG,
        )
    return table
