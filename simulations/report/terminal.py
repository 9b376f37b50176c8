"""A run as a table that a tired engineer reads in five seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from router.report.numbers import ENGLISH, plain
from simulations.output import Screen
from simulations.records import RunRecord
from simulations.report.promises import in_words
from simulations.report.verdict import Block, judge, picked_up

WIDE_COLUMNS = 110
"""From this width of the terminal on, everything stands in one table; below, in two."""

NAME_COLUMNS = 24


@dataclass(frozen=True)
class Column:
    """One figure of every row; `write` gives it in words."""

    heading: str
    key: str
    write: Callable[[Any], str]


PEOPLE = (
    Column("offered", "offered", ENGLISH.count),
    Column("answered", "answered", ENGLISH.count),
    Column("lost", "lost", ENGLISH.count),
    Column("with-\nheld", "lost_withheld", ENGLISH.count),
    Column("pickup\ncalls", "pickup", ENGLISH.share),
    Column("pickup\ncallers", "pickup_callers", ENGLISH.share),
    Column("cared\ncalls", "cared_for", ENGLISH.share),
    Column("cared\ncallers", "cared_for_callers", ENGLISH.share),
)
WAITING = (
    Column("in 20 s\ncalls", "within_20_s", ENGLISH.share),
    Column("wait\np50", "wait_p50_s", ENGLISH.seconds),
    Column("wait\np95", "wait_p95_s", ENGLISH.seconds),
    Column("wait\nmax", "wait_max_s", ENGLISH.seconds),
)


def show(
    records: Sequence[RunRecord], figures: Mapping[str, Any], console: Console | None = None
) -> None:
    """Print what came of a run: one sentence, then the total, each line and each skill.

    With several replications, the 95 % interval of a figure stands under it.
    """
    console = console or Screen()
    verdict = judge(records, figures)
    console.print(
        Text.assemble((f" {verdict.mark} ", _loud(good=verdict.good)), " ", verdict.english)
    )
    groups = [PEOPLE + WAITING] if console.width >= WIDE_COLUMNS else [PEOPLE, WAITING]
    for columns in groups:
        console.print(_table(columns, figures))
    promised = in_words(figures["total"])
    if promised is not None:
        console.print(Text(promised))
    console.print(Text(_made_by(records, figures), style="dim"))


def rows(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, Block]]:
    """Give kind, name and figures of the total, of each line and of each skill."""
    yield "total", "", figures["total"]
    for name, block in figures["lines"].items():
        yield "line", plain(name), block
    for name, block in figures["by_skill"].items():
        yield "skill", plain(name), block


def _table(columns: Sequence[Column], figures: Mapping[str, Any]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("", max_width=NAME_COLUMNS)
    for column in columns:
        table.add_column(column.heading, justify="right", no_wrap=True)
    last_kind = "total"
    for kind, name, block in rows(figures):
        if kind != last_kind:
            table.add_section()
            last_kind = kind
        label = Text(f"{kind} {name}".strip(), style="bold" if kind == "total" else "")
        table.add_row(label, *(_cell(column, block) for column in columns))
    return table


def _cell(column: Column, block: Block) -> Text:
    if column.key == "answered":
        value: Any = picked_up(block)
    else:
        value = block.get(column.key)
    cell = Text(column.write(value), style=_style(column.key, value))
    if ends := block.get(f"{column.key}_interval"):
        low, high = ends
        cell.append(f"\n{column.write(low)}\n{column.write(high)}", style="dim")
    return cell


def _style(key: str, value: Any) -> str:
    return _loud(good=False) if key == "lost" and value else ""


def _loud(*, good: bool) -> str:
    """Give a style that is seen without colours too: bold, and reversed."""
    return "bold green reverse" if good else "bold red reverse"


def _made_by(records: Sequence[RunRecord], figures: Mapping[str, Any]) -> str:
    runs = len(records)
    events = sum(run.events for run in records)
    simulated = sum(run.simulated_seconds for run in records)
    speed = figures.get("calls_per_second")
    parts = [
        f"{plain(str(figures['scenario']))}, seed {figures['seed']}",
        f"{runs} replication{'' if runs == 1 else 's'}",
        f"{ENGLISH.seconds(simulated)} simulated",
        f"{ENGLISH.count(events)} events",
    ]
    if speed:
        parts.append(f"{ENGLISH.count(speed)} calls a second")
    if any(key.endswith("_interval") for key in figures["total"]):
        parts.append("under figures: 95 % intervals")
    return " · ".join(parts)
