"""What the report is written as: for people in two languages, for programs with stable names."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from rich.console import Console

from router.report import words
from router.report.figures import MARKS_SECONDS
from router.report.files import as_csv, as_json, unit_of
from router.report.model import Report
from router.report.page import as_html
from router.report.terminal import show
from router.report.words import Code
from tests.report.stages import MONDAY, call, facts_of, simulated, week_report, whole_report


@cache
def crisis() -> Report:
    run, journal = simulated("crisis_x10")
    return whole_report(journal, run)


class Tags(HTMLParser):
    """Counts the tags of a page, and keeps their attributes."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_page_stands_alone_and_can_be_read_without_seeing_it(code: Code) -> None:
    page = as_html(crisis(), code)
    tags = Tags(page)
    assert tags.open == []
    assert tags.of("html") == [{"lang": code}]
    assert not {"script", "link", "img", "iframe", "object"} & {name for name, _ in tags.found}
    assert not [one for _, one in tags.found if {"src", "href", "style"} & one.keys()]
    assert not re.search(rb"https?:|@import|url\(", page)
    assert len(tags.of("h1")) == 1
    assert all(one.get("scope") in ("row", "col") for one in tags.of("th"))
    pictures = tags.of("svg")
    assert len(pictures) == 3
    assert all(one["role"] == "img" for one in pictures)
    # Each picture begins with its figures in words, and each region has a name.
    assert page.count(b"<title>") == len(pictures) + 1
    assert all(one["aria-label"] for one in tags.of("div") if one.get("role") == "region")


def test_the_page_is_french_and_every_figure_of_it_has_its_unit() -> None:
    page = as_html(crisis(), "fr").decode()
    assert "<h1>Rapport d'activité</h1>" in page
    assert "88,59\N{NO-BREAK SPACE}%" in page
    assert "7,1\N{NO-BREAK SPACE}s" in page
    assert "lundi" in page
    assert "Monday" not in page


def test_a_name_out_of_a_hostile_journal_is_only_text() -> None:
    facts = facts_of([call(number, line="<script>x</script>") for number in range(9)])
    page = as_html(week_report(facts), "en")
    assert b"<script>" not in page
    assert b"&lt;script&gt;x" in page


@pytest.mark.parametrize(("code", "expected"), [("en", "answered by a listener"), ("fr", "perdus")])
def test_the_terminal_shows_every_section_that_has_groups(code: Code, expected: str) -> None:
    out = io.StringIO()
    show(crisis(), code, Console(file=out, width=120))
    said = out.getvalue()
    assert expected in said
    for section in crisis().sections:
        assert (words.section_name(section.name, code) in said) == bool(section.rows)


def test_every_figure_section_and_group_has_words_in_both_languages() -> None:
    report = crisis()
    sections = {section.name for section in report.sections}
    assert sections <= words.SECTIONS.keys()
    named = {name for section in report.sections for row in section.rows for name in row.figures}
    assert named <= words.FIGURES.keys()
    assert named | {"talks"} == words.FIGURES.keys()
    assert all(english and french for english, french in words.FIGURES.values())


def test_json_has_all_figures_under_their_names_and_says_what_it_is_of() -> None:
    told = json.loads(as_json(crisis()))
    assert told["form"] == 1
    assert told["began"] == "1970-01-01T00:00:00+00:00"
    assert told["time_zone"] == "UTC"
    total = told["sections"]["total"][0]
    assert total["group"] == "total"
    assert total["calls"] == 824
    assert {f"within_{mark}_seconds_share" for mark in MARKS_SECONDS} <= total.keys()
    assert [row["group"] for row in told["sections"]["by_line"]] == ["health", "police"]
    assert len(told["sections"]["by_hour"]) == 24


def test_csv_has_one_line_for_each_figure_of_the_json() -> None:
    report = crisis()
    lines = list(csv.DictReader(io.StringIO(as_csv(report).decode())))
    told = json.loads(as_json(report))["sections"]
    figures = sum(len(row) - 2 for rows in told.values() for row in rows)
    assert len(lines) == figures + 4
    for line in lines[4:]:
        row = next(one for one in told[line["section"]] if one["group"] == line["group"])
        value = row[line["figure"]]
        assert line["value"] == ("" if value is None else repr(value))
        assert line["unit"] == unit_of(line["figure"])
        assert line["hidden"] == ("yes" if row["hidden"] else "no")


def test_what_is_missing_is_said_before_the_figures() -> None:
    facts = facts_of([call(number) for number in range(9)])
    facts.began = MONDAY + 3600.0
    facts.ended = MONDAY + 86_400.0
    facts.unlinked = [(MONDAY + 4000.0, MONDAY + 4095.0)]
    report = week_report(facts)
    page = as_html(report, "en").decode()
    assert "The journal begins on 2026-01-05 01:00 only" in page
    assert "The span goes on beyond 2026-01-06 00:00" in page
    assert "not heard once, 1\N{NO-BREAK SPACE}min\N{NO-BREAK SPACE}35\N{NO-BREAK SPACE}s" in page
    assert json.loads(as_json(report))["unheard_seconds"] == 95.0
