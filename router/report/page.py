"""The report as one HTML page that stands alone: no network, no script, and good to print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from router.report import shown, words
from router.report.bars import Bar, bars
from router.report.figures import MARKS_SECONDS
from router.report.markup import document, tag
from router.report.model import Report, Row, Section
from router.report.remarks import remarks
from router.report.style import STYLE
from router.report.words import Code, Said

NOTHING_FROM_OUTSIDE: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""The browser itself is told to load nothing and to run nothing."""

OWN_STYLE: Final = """
.bars .bar { fill: var(--bars); }
.bars .ground { stroke: var(--muted); }
.bars text { fill: var(--ink); font-size: 13px; }
.remarks { border-left: .4rem solid var(--warm); padding: .2rem 1rem; list-style: none; margin: 0; }
td.hidden { color: var(--muted); font-style: italic; }
@media print {
  :root { color-scheme: light; }
  main { max-width: none; padding: 0; }
  .wide { overflow: visible; border: 0; font-size: .75rem; }
  th, td { padding: .15rem .3rem; white-space: normal; min-width: 0; }
  section, figure, tr { break-inside: avoid; }
}
"""

TILES: Final = (
    "calls",
    "pickup_share",
    "pickup_callers_share",
    "cared_for_share",
    "cared_for_callers_share",
    "within_20_seconds_share",
    "wait_median_seconds",
    "calls_lost",
)

WITHIN: Final[Said] = ("Picked up within", "Décrochés en")
CALLS_BY: Final = ("by_month", "by_weekday", "by_hour")
DEFINED: Final[Said] = ("What the figures mean", "Ce que disent les chiffres")
PICTURES: Final[Said] = ("Pictures", "En images")
LETTERS_OF_A_DAY: Final = 3


def as_html(report: Report, code: Code) -> bytes:
    """Give the page, in one language."""
    title = words.say(words.TITLE, code)
    style = Element("style")
    style.text = STYLE + OWN_STYLE
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=NOTHING_FROM_OUTSIDE),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title}, {shown.period(report, code)}"),
        style,
    )
    body = tag(
        "main", tag("h1", title), tag("p", shown.period(report, code)), _content(report, code)
    )
    return document(tag("html", head, tag("body", body), lang=code))


def _content(report: Report, code: Code) -> Iterator[Element]:
    if found := remarks(report, code):
        yield tag("ul", (tag("li", remark) for remark in found), class_="remarks")
    if (total := report.section("total")) is not None:
        yield _tiles(total, code)
        yield tag(
            "section",
            tag("h2", words.say(PICTURES, code)),
            tag("div", _pictures(report, total, code), class_="pictures"),
        )
    for section in report.sections:
        if section.rows:
            heading = words.section_name(section.name, code)
            yield tag("section", tag("h2", heading), _table(report, section, code))
    notes = (tag("p", words.say(said, code), class_="note") for said in words.DEFINITIONS)
    yield tag("section", tag("h2", words.say(DEFINED, code)), notes)


def _tiles(total: Section, code: Code) -> Element:
    figures, language = total.rows[0].figures, words.LANGUAGES[code]
    tiles = (
        tag(
            "div",
            tag("dt", words.figure_name(name, code)),
            tag("dd", shown.figure(name, figures[name], language)),
        )
        for name in TILES
    )
    return tag("dl", tiles, class_="tiles")


def _pictures(report: Report, total: Section, code: Code) -> Iterator[Element]:
    language, figures = words.LANGUAGES[code], total.rows[0].figures
    within: list[Bar] = [
        (f"{mark}\N{NO-BREAK SPACE}s", figures[f"within_{mark}_seconds_share"])
        for mark in MARKS_SECONDS
    ]
    said = words.say(WITHIN, code)
    yield _picture(said, bars(said, within, language.share, most=1.0))
    for name in CALLS_BY:
        section = report.section(name)
        if section is not None:
            said = f"{words.section_name('total', code)}, {words.section_name(name, code).lower()}"
            calls: list[Bar] = [
                (_short(report, section, row, code), row.figures["calls"]) for row in section.rows
            ]
            yield _picture(said, bars(said, calls, language.count))


def _short(report: Report, section: Section, row: Row, code: Code) -> str:
    said = shown.group(report, section, row, code)
    return said[:LETTERS_OF_A_DAY] if section.name == "by_weekday" else said


def _picture(caption: str, picture: Element) -> Element:
    return tag("figure", picture, tag("figcaption", caption))


def _table(report: Report, section: Section, code: Code) -> Element:
    names = list(section.rows[0].figures)
    body = _by_figure if len(section.rows) == 1 else _by_group
    table = tag("table", body(report, section, names, code))
    heading = words.section_name(section.name, code)
    return tag("div", table, class_="wide", tabindex="0", role="region", aria_label=heading)


def _by_figure(_: Report, section: Section, names: list[str], code: Code) -> Iterator[Element]:
    row = section.rows[0]
    yield tag(
        "tbody",
        (
            tag("tr", tag("th", words.figure_name(name, code), scope="row"), _cell(name, row, code))
            for name in names
        ),
    )


def _by_group(report: Report, section: Section, names: list[str], code: Code) -> Iterator[Element]:
    headings = (tag("th", words.figure_name(name, code), scope="col") for name in names)
    yield tag("thead", tag("tr", tag("td"), headings))
    yield tag(
        "tbody",
        (
            tag(
                "tr",
                tag("th", shown.group(report, section, row, code), scope="row"),
                (_cell(name, row, code) for name in names),
            )
            for row in section.rows
        ),
    )


def _cell(name: str, row: Row, code: Code) -> Element:
    if row.hidden:
        return tag("td", words.say(words.HIDDEN, code), class_="hidden")
    cell = tag("td", shown.figure(name, row.figures[name], words.LANGUAGES[code]))
    if name == "calls_lost" and row.figures[name]:
        cell.set("class", "bad")
    return cell
