"""The findings for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from router.doctor.finding import Finding, Mark

_STYLES: dict[Mark, str] = {
    "ok": "green",
    "warning": "yellow",
    "failed": "bold red",
    "not checked": "dim",
}


def render(findings: Sequence[Finding], console: Console | None = None) -> None:
    """Print a line for each finding, and how to mend it below where it is not well."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in findings:
        words = Text(finding.detail)
        if finding.mend:
            words.append(f"\n→ {finding.mend}", style="italic")
        table.add_row(Text(finding.mark, style=_STYLES[finding.mark]), finding.name, words)
    (console or Console()).print(table)
