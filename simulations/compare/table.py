"""A comparison as a table: both sides, what lies between them, and what of it is beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from router.report.numbers import ENGLISH, NOTHING, plain
from simulations.compare.paired import Difference, Differences
from simulations.compare.result import Comparison
from simulations.compare.sides import Moved
from simulations.output import Screen
from simulations.report.moments import DAY_SECONDS, DAYS

SHOWN_CALLS = 10
"""Of the calls that one side alone lost; all of them are in the JSON."""


class Row(NamedTuple):
    """One figure: how it is written, and what of it is better."""

    key: str
    words: str
    write: Callable[[float], str]
    better: Literal["more", "less"] | None = None


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def _percent(value: float) -> str:
    return f"{value * 100:.2f} %"


def _seconds(value: float) -> str:
    return f"{value:,.1f} s"


ROWS = (
    Row("offered", "calls", _number),
    Row("answered", "answered by a listener", _number),
    Row("fallback_answered", "answered by the fallback", _number),
    Row("lost", "lost", _number, "less"),
    Row("pickup", "pickup, calls", _percent, "more"),
    Row("pickup_callers", "pickup, callers", _percent, "more"),
    Row("cared_for", "cared for, calls", _percent, "more"),
    Row("cared_for_shown", "the same, number shows", _percent, "more"),
    Row("promises_due", "promises due", _number),
    Row("promises_kept_in_time", "promises kept in time", _number),
    Row("promise_broken", "calls, promise broken", _number, "less"),
    Row("within_20_s", "within 20 s", _percent, "more"),
    Row("within_60_s", "within 60 s", _percent, "more"),
    Row("wait_mean_s", "wait, mean", _seconds, "less"),
    Row("wait_p95_s", "wait, 95 of 100", _seconds, "less"),
    Row("same_listener_rate", "same listener", _percent, "more"),
    Row("same_listener_where_possible", "same listener where possible", _percent, "more"),
    Row("offers", "rings", _number),
    Row("rings_in_vain", "rings in vain", _number, "less"),
    Row("offers_declined", "rings declined", _number, "less"),
    Row("occupancy", "occupancy", _percent),
)
OF_A_LINE = ("lost", "pickup", "within_20_s", "wait_mean_s")


def show(found: Comparison, console: Console | None = None) -> None:
    """Print a comparison."""
    console = console or Screen()
    console.print(Text(f"A  {plain(found.a)}\nB  {plain(found.b)}"))
    console.print(_table(found))
    console.print(Text(_about_chance(found), style="dim"))
    calls = found.calls
    _show_moved(console, "Lost in A and not in B", calls.lost_only_in_a)
    _show_moved(console, "Lost in B and not in A", calls.lost_only_in_b)
    console.print(
        Text(
            f"{calls.attempts:,} calls were made on both sides; {calls.only_a:,} in A alone and"
            f" {calls.only_b:,} in B alone, by people who were lost there and tried again.",
            style="dim",
        )
    )


def verdict(row: Row, one: Difference) -> str:
    """Say in a word or two what a difference means."""
    if one.difference == 0.0 and (one.interval_95 is None or one.interval_95 == (0.0, 0.0)):
        return "the same"
    if one.interval_95 is None:
        return ""
    if not one.beyond_chance:
        return "may be chance"
    if row.better is None:
        return "differs"
    return "B better" if (one.difference > 0) == (row.better == "more") else "B worse"


def _table(found: Comparison) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("mean of a run")
    for heading in ("A", "B", "B - A", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    _add_rows(table, "", ROWS, found.differences["total"])
    of_a_line = [row for row in ROWS if row.key in OF_A_LINE]
    lines = found.differences["lines"]
    for name, block in lines.items() if len(lines) > 1 else ():
        table.add_section()
        _add_rows(table, f"{plain(name)}: ", of_a_line, block)
    return table


def _add_rows(table: Table, before: str, rows: Sequence[Row], block: Differences) -> None:
    for row in rows:
        one = block.get(row.key)
        if one is None:
            continue
        said = verdict(row, one)
        table.add_row(
            f"{before}{row.words}",
            row.write(one.a),
            row.write(one.b),
            _signed(row, one.difference),
            NOTHING if one.interval_95 is None else _both(row, one.interval_95),
            Text(said, style={"B better": "bold green", "B worse": "bold red"}.get(said, "")),
        )


def _signed(row: Row, value: float) -> str:
    words = row.write(abs(value))
    if words == row.write(0.0):
        return words
    return f"{'+' if value > 0 else '-'}{words}"


def _both(row: Row, ends: tuple[float, float]) -> str:
    return " to ".join(_signed(row, end) for end in ends)


def _about_chance(found: Comparison) -> str:
    if found.replications == 1:
        return (
            f"{plain(found.scenario)}, seed {found.seed}, one replication: there is no interval,"
            " so nothing says what is chance; --replications 10 does."
        )
    return (
        f"{plain(found.scenario)}, seed {found.seed}, {found.replications} replications, the same"
        " people in both. Of 20 rows that differ by chance alone, one is said to be beyond it."
    )


def _show_moved(console: Console, words: str, moved: Sequence[Moved]) -> None:
    console.print(Text(f"{words}: {ENGLISH.count(len(moved))}", style="bold"))
    for one in moved[:SHOWN_CALLS]:
        console.print(
            Text(
                f"  seed {one.seed}  {_when(one.arrived)}  {plain(one.line)}  {one.person}"
                f"  lost after {ENGLISH.seconds(one.lost_after_seconds)}, else {one.instead}"
            )
        )
    if len(moved) > SHOWN_CALLS:
        console.print(Text(f"  and {len(moved) - SHOWN_CALLS:,} more; --json has all"))


def _when(seconds: float) -> str:
    """Name an instant of a run: week 2, Wed 03:12."""
    days, second = divmod(int(seconds), DAY_SECONDS)
    weeks, day = divmod(days, len(DAYS))
    return f"week {weeks + 1}, {DAYS[day][:3]} {second // 3600:02}:{second // 60 % 60:02}"
