"""The findings of a replay, on a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from router.report.numbers import ENGLISH, plain
from simulations.output import Screen
from simulations.replay.compare import Change
from simulations.replay.restep import Ended
from simulations.replay.study import Findings, SelfCheck
from simulations.replay.then_and_now import Blocks, then_and_now

SHOWN_CALLS = 20
"""As many calls as a person reads; all of them are in the JSON."""

COLUMNS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("offered", "offered", ENGLISH.count),
    ("answered", "answered", ENGLISH.count),
    ("fallback", "fallback_answered", ENGLISH.count),
    ("lost", "lost", ENGLISH.count),
    ("wait p50", "wait_p50_s", ENGLISH.seconds),
    ("wait p95", "wait_p95_s", ENGLISH.seconds),
    ("in 20 s", "within_20_s", ENGLISH.share),
)


def show(findings: Findings, zone: tzinfo = UTC, console: Console | None = None) -> None:
    """Print the self-check, the figures then and now, and the calls that end otherwise."""
    console = console or Screen(highlight=False, emoji=False)
    console.print(Text(words_of(findings.self_check)))
    if findings.reproduced is not None:
        of = len(findings.then)
        console.print(
            Text(
                f"Replayed under their own rules, {findings.reproduced} of {of} calls end as they"
                " did; what the others show is the replay's own (~)."
            )
        )
    for note in findings.notes:
        console.print(Text(f"Note: {plain(note)}"))
    console.print(_figures(*then_and_now(findings)))
    if not findings.changes:
        console.print(Text("No call would have ended differently."))
        return
    console.print(_changes(findings.changes[:SHOWN_CALLS], zone))
    more = len(findings.changes) - SHOWN_CALLS
    if more > 0:
        console.print(Text(f"... and {more:,} more, less hurt: --json has them all"))


def words_of(check: SelfCheck) -> str:
    """Say in a sentence whether today's engine decides as then."""
    if check.is_exact:
        return (
            f"Self-check: {check.entries:,} entries told to today's engine again: all"
            f" {check.calls:,} calls end exactly as they did."
        )
    differing = f"{check.differing:,} of {check.calls:,} calls"
    if check.is_same_engine:
        return (
            f"Self-check: told the same, today's engine reports {differing} otherwise than what"
            " happened to the people says: it was told of them late, in another order or not in"
            " full, or it counts otherwise now."
        )
    strange = "".join(
        f" {len(check.strange_lines):,} entries speak of offers it does not make, first line {one}."
        for one in check.strange_lines[:1]
    )
    return (
        f"Self-check: today's engine does not decide as the one that wrote this journal: told the"
        f" same, {differing} end otherwise.{strange} Whom the journal's offers rang"
        " is what today's engine would have done, so take what follows with care."
    )


def as_json(findings: Findings) -> bytes:
    """Give all of it."""
    then, now = then_and_now(findings)
    return msgspec.json.encode(
        {
            "journal": findings.source,
            "self_check": {
                "exact": findings.self_check.is_exact,
                **msgspec.structs.asdict(findings.self_check),
            },
            "reproduced": findings.reproduced,
            "compared": len(findings.then),
            "notes": findings.notes,
            "then": then,
            "now": now,
            "changes": findings.changes,
        }
    )


def _figures(then: Blocks, now: Blocks) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("")
    table.add_column("")
    for heading, _, _ in COLUMNS:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, before, after in _rows(then, now):
        table.add_row(Text(name), "then", *_cells(before))
        table.add_row("", "now", *_cells(after), end_section=True)
    return table


def _rows(then: Blocks, now: Blocks) -> Iterator[tuple[str, Blocks, Blocks]]:
    yield "total", then["total"], now["total"]
    for name, block in then["lines"].items():
        yield plain(name), block, now["lines"][name]


def _cells(block: Blocks) -> Iterator[str]:
    return (write(block[key]) for _, key, write in COLUMNS)


def _changes(found: list[Change], zone: tzinfo) -> Table:
    table = Table("call", "when", "line", "then", "now", "why", box=box.SIMPLE_HEAD, pad_edge=False)
    for change in found:
        when = datetime.fromtimestamp(change.arrived, zone).strftime("%Y-%m-%d %H:%M:%S")
        words = (
            f"{'~' if change.doubtful else ''}{change.call}",
            when,
            change.line,
            _words(change.then),
            _words(change.now),
            change.why,
        )
        style = "bold red" if change.then.picked_up and not change.now.picked_up else ""
        table.add_row(*(Text(plain(word)) for word in words), style=style)
    return table


def _words(ended: Ended) -> str:
    who = f" {ended.listener}" if ended.listener is not None else ""
    return f"{ended.outcome.replace('_', ' ')}{who}, {ENGLISH.seconds(ended.waited_seconds)}"
