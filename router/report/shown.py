"""How one figure, or one group's name, is written for people."""

from __future__ import annotations

from router.report import words
from router.report.figures import Figure
from router.report.model import Report, Row, Section
from router.report.numbers import NOTHING, Language, plain
from router.report.words import Code


def figure(name: str, value: Figure, language: Language) -> str:
    """Write a figure by its unit, which is the end of its name."""
    if value is None:
        return NOTHING
    if name.endswith("_share"):
        return language.share(value)
    if name.endswith("_seconds"):
        return language.seconds(value)
    if isinstance(value, float):
        return (
            f"{value:,.1f}".replace(",", "\0")
            .replace(".", language.point)
            .replace("\0", language.thousands)
        )
    return language.count(value)


def group(report: Report, section: Section, row: Row, code: Code) -> str:
    """Give what a group is called."""
    said = words.GROUPS.get(row.key)
    if (named := report.names.get(section.name, {}).get(row.key)) is not None:
        return plain(named)
    if section.name == "by_hour":
        return f"{row.key}:00" if code == "en" else f"{int(row.key)}\N{NO-BREAK SPACE}h"
    return words.say(said, code) if said is not None else plain(row.key)


def period(report: Report, code: Code) -> str:
    """Say from when to when."""
    span = report.span
    began, ended = span.local(span.began), span.local(span.ended)
    form = "%Y-%m-%d %H:%M" if code == "en" else "%d/%m/%Y %H:%M"
    of_line = (
        ("", "") if report.line is None else (f", line {report.line}", f", ligne {report.line}")
    )
    said = (
        f"from {began:{form}} to {ended:{form}} ({span.zone.key}){of_line[0]}",
        f"du {began:{form}} au {ended:{form}} ({span.zone.key}){of_line[1]}",
    )
    return words.say(said, code)
