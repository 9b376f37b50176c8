"""The report for other programs: JSON and CSV, with names that stay as they are."""

from __future__ import annotations

import csv
import io
from typing import Any

import msgspec

from router.report.model import Report
from router.report.span import written

FORM = 1
"""Rises when a name changes its meaning, or goes."""

UNITS = ("seconds", "hours", "share")


def as_json(report: Report) -> bytes:
    """Give the report as one JSON object, indented."""
    span = report.span
    found: dict[str, Any] = {
        "form": FORM,
        "began": written(span.began, span.zone),
        "ended": written(span.ended, span.zone),
        "time_zone": span.zone.key,
        "line": report.line,
        "journal_began": written(report.covered[0], span.zone),
        "as_of": written(report.covered[1], span.zone),
        "unheard_times": report.unheard_times,
        "unheard_seconds": report.unheard_seconds,
        "failed_entries": report.failed_entries,
        "gaps": [
            {
                "began": written(gap.began, span.zone),
                "ended": written(gap.ended, span.zone),
                "entries_that_do_not_fit": gap.misfits,
                "calls_without_an_end": gap.cut_calls,
            }
            for gap in report.gaps
        ],
        "too_few_to_tell": report.too_few,
        "sections": {
            section.name: [
                {"group": row.key, "hidden": row.hidden, **row.figures} for row in section.rows
            ]
            for section in report.sections
        },
    }
    return msgspec.json.format(msgspec.json.encode(found)) + b"\n"


def as_csv(report: Report) -> bytes:
    """Give one line a figure: section, group, figure, value, unit. What is hidden has no value."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(("section", "group", "figure", "value", "unit", "hidden"))
    span = report.span
    for name, value in (
        ("began", written(span.began, span.zone)),
        ("ended", written(span.ended, span.zone)),
        ("journal_began", written(report.covered[0], span.zone)),
        ("as_of", written(report.covered[1], span.zone)),
    ):
        lines.writerow(("report", report.line or "", name, value, "time", "no"))
    for gap in report.gaps:
        for name, at in (("gap_began", gap.began), ("gap_ended", gap.ended)):
            lines.writerow(
                ("report", report.line or "", name, written(at, span.zone), "time", "no")
            )
    for section in report.sections:
        for row in section.rows:
            hidden = "yes" if row.hidden else "no"
            for name, of in row.figures.items():
                value = "" if of is None else repr(of)
                lines.writerow((section.name, row.key, name, value, unit_of(name), hidden))
    return out.getvalue().encode()


def unit_of(figure: str) -> str:
    """Give the unit of a figure, by its name."""
    return next((unit for unit in UNITS if figure.endswith(f"_{unit}")), "count")
