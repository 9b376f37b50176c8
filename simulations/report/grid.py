"""The page's table: every figure, for the total, each line and each skill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from router.report.markup import tag
from router.report.numbers import ENGLISH, NOTHING
from simulations.figures import MARKS_SECONDS
from simulations.report.verdict import Block

_Row = tuple[str, str, Callable[[Any], str]]
"""What a reader sees, the figure's key, and how it is written."""

_GROUPS: tuple[tuple[_Row, ...], ...] = (
    (
        ("offered", "offered", ENGLISH.count),
        ("answered", "answered", ENGLISH.count),
        ("answered by the fallback group", "fallback_answered", ENGLISH.count),
        ("lost", "lost", ENGLISH.count),
        ("of these with a withheld number", "lost_withheld", ENGLISH.count),
        ("hung up at once", "left_early", ENGLISH.count),
        ("turned away by a rule", "refused", ENGLISH.count),
    ),
    (
        ("pickup", "pickup", ENGLISH.share),
        ("pickup, by caller", "pickup_callers", ENGLISH.share),
        ("cared for", "cared_for", ENGLISH.share),
        ("cared for, by caller", "cared_for_callers", ENGLISH.share),
        ("cared for, whose number shows", "cared_for_shown", ENGLISH.share),
        ("the same, by caller", "cared_for_shown_callers", ENGLISH.share),
    ),
    (
        ("promises due", "promises_due", ENGLISH.count),
        ("kept in time", "promises_kept_in_time", ENGLISH.count),
        ("share kept in time", "promises_kept_in_time_share", ENGLISH.share),
        ("kept by callers who rang back", "kept_by_ringing_back", ENGLISH.count),
        ("kept in the same call", "kept_in_the_same_call", ENGLISH.count),
        ("kept after, half within", "kept_after_p50_s", ENGLISH.seconds),
        ("kept after, 95 % within", "kept_after_p95_s", ENGLISH.seconds),
        ("latest beyond its due time", "late_max_s", ENGLISH.seconds),
    ),
    tuple((f"within {mark} s", f"within_{mark}_s", ENGLISH.share) for mark in MARKS_SECONDS),
    (
        ("wait, mean", "wait_mean_s", ENGLISH.seconds),
        ("wait, half below", "wait_p50_s", ENGLISH.seconds),
        ("wait, 95 % below", "wait_p95_s", ENGLISH.seconds),
        ("wait, 99 % below", "wait_p99_s", ENGLISH.seconds),
        ("wait, longest", "wait_max_s", ENGLISH.seconds),
    ),
    (
        ("same listener again", "same_listener_rate", ENGLISH.share),
        ("waited where everybody is rung", "at_last_rung", ENGLISH.count),
        ("of these a free phone left silent", "silent_at_last_rung", ENGLISH.count),
        ("help asked for by listeners", "help_asked", ENGLISH.count),
        ("escalations", "escalations", ENGLISH.count),
        ("wait for help, mean", "wait_for_help_mean_s", ENGLISH.seconds),
        ("phones rung", "offers", ENGLISH.count),
        ("of these declined", "offers_declined", ENGLISH.count),
        ("occupancy", "occupancy", ENGLISH.share),
    ),
)


def grid(figures: Mapping[str, Any]) -> Element:
    """Make the table: a row for each figure, a column for each of the total, lines and skills."""
    columns = list(_columns(figures))
    headings = tag("tr", tag("td"), (tag("th", name, scope="col") for name, _ in columns))
    blocks = [block for _, block in columns]
    bodies = (tag("tbody", (_row(row, blocks) for row in group)) for group in _GROUPS)
    table = tag("table", tag("thead", headings), bodies)
    return tag("div", table, class_="wide", tabindex="0", role="region", aria_label="All figures")


def _columns(figures: Mapping[str, Any]) -> Iterator[tuple[str, Block]]:
    yield "total", figures["total"]
    for name, block in figures["lines"].items():
        yield f"line {name}", block
    for name, block in figures["by_skill"].items():
        yield f"skill {name}", block


def _row(row: _Row, blocks: list[Block]) -> Element:
    label, key, write = row
    return tag("tr", tag("th", label, scope="row"), (_cell(key, write, one) for one in blocks))


def _cell(key: str, write: Callable[[Any], str], block: Block) -> Element:
    value = block.get(key)
    cell = tag("td", NOTHING if value is None else write(value))
    if ends := block.get(f"{key}_interval"):
        low, high = ends
        cell.append(tag("small", f"{write(low)} to {write(high)}"))
    if key == "lost" and value:
        cell.set("class", "bad")
    return cell
