"""The report on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from router.report import shown, words
from router.report.model import Report, Section
from router.report.remarks import remarks
from router.report.words import Code

COLUMNS_TOGETHER = 9
"""So many figures beside one another at most: more would not fit on a usual terminal."""


def show(report: Report, code: Code, console: Console) -> None:
    """Print the report, in one language."""
    console.print(Text(words.say(words.TITLE, code), style="bold"), end=" ")
    console.print(Text(shown.period(report, code)))
    for remark in remarks(report, code):
        console.print(Text(remark, style="yellow"))
    for section in report.sections:
        if section.rows:
            console.print(Text(words.section_name(section.name, code), style="bold"))
            console.print(_table(report, section, code))
    if report.sections:
        console.print(Text(words.say(words.DEFINITIONS[-1], code), style="dim"))


def _table(report: Report, section: Section, code: Code) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    is_list = len(section.rows) == 1 or len(section.rows[0].figures) > COLUMNS_TOGETHER
    (_by_figure if is_list else _by_group)(table, report, section, code)
    return table


def _by_figure(table: Table, report: Report, section: Section, code: Code) -> None:
    table.add_column("")
    table.show_header = len(section.rows) > 1
    for row in section.rows:
        table.add_column(shown.group(report, section, row, code), justify="right")
    for name in section.rows[0].figures:
        cells = [_cell(name, row.figures[name], code, hidden=row.hidden) for row in section.rows]
        table.add_row(words.figure_name(name, code), *cells)


def _by_group(table: Table, report: Report, section: Section, code: Code) -> None:
    table.add_column("")
    for name in section.rows[0].figures:
        table.add_column(words.figure_name(name, code), justify="right")
    for row in section.rows:
        cells = [_cell(name, of, code, hidden=row.hidden) for name, of in row.figures.items()]
        table.add_row(Text(shown.group(report, section, row, code)), *cells)


def _cell(name: str, value: float | None, code: Code, *, hidden: bool) -> Text:
    if hidden:
        return Text(words.say(words.HIDDEN, code), style="dim")
    text = shown.figure(name, value, words.LANGUAGES[code])
    return Text(text, style="bold red" if name == "calls_lost" and value else "")
