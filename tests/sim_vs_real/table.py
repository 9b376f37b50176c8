"""How a comparison is shown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from tests.sim_vs_real.fate import Fate
from tests.sim_vs_real.verdict import Row, Verdict

HEADINGS = ("call", "line", "simulated", "waited", "real", "waited", "later by", "")


def table(verdict: Verdict) -> Table:
    """Lay out each call on both sides."""
    shown = Table(title="Each call in the simulator and on a real Asterisk")
    for heading in HEADINGS:
        is_number = heading in ("call", "waited", "later by")
        shown.add_column(heading, justify="right" if is_number else "left")
    for row in verdict.rows:
        shown.add_row(
            str(row.real.number),
            row.real.line,
            _end(row.simulated),
            f"{row.simulated.waited_seconds:.2f} s",
            _end(row.real),
            f"{row.real.waited_seconds:.2f} s",
            f"{row.late_seconds:+.2f} s",
            _why(row),
        )
    return shown


def summary(verdict: Verdict, faults: Sequence[str]) -> str:
    """Say in a few lines what it comes to."""
    calls = len(verdict.rows)
    middle, p95 = verdict.late_seconds
    late_seconds = verdict.steps_late_seconds
    said = (
        f"Of {calls} calls {verdict.same_outcome} have the same outcome, {verdict.same_end} the"
        f" same listener too, {verdict.same_rings} the same phones rung in the same order.\n"
        f"Of calls that agree, real waits are longer by {middle:.3f} s (median),"
        f" {p95:.3f} s (p95).\n"
        f"{verdict.agree} agree; {verdict.close} are as in a simulated play in which each step is"
        f" late by at most {late_seconds:g} s; {verdict.unexplained} are unexplained."
    )
    good = "good" if verdict.is_good and not faults else "NOT GOOD"
    return "\n".join([said, *faults, good])


def _end(fate: Fate) -> str:
    return fate.outcome if fate.listener is None else f"{fate.outcome} by {fate.listener}"


def _why(row: Row) -> str:
    if row.agrees:
        return "[green]agrees[/green]"
    return "[yellow]close[/yellow]" if row.is_close else "[red]UNEXPLAINED[/red]"
