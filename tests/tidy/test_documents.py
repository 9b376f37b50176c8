from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.cli import app
from router.version import VERSION
from tests.tidy.source import ROOT, Source, project

FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
TO_HEADING = re.compile(r"\]\((?!https?:)([^)#]*)#([^)]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
OUR_FOLDERS = ("router/", "tests/", "config/", "dialplans/", "docs/", ".ci/")


def pages() -> list[Source]:
    return [source for source in project() if source.path.endswith(".md")]


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def targets() -> dict[str, str]:
    """Give each target that is there to be asked for, with the words of its `##`."""
    found = re.findall(r"^([a-z][a-z-]*):(?!=)[^#\n]*(?:## (.+))?$", makefile(), re.MULTILINE)
    return dict(found)


def commands(text: str) -> Iterator[str]:
    for block in FENCE.findall(text):
        yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def named(pattern: str) -> set[str]:
    """Give what the pages name by a pattern, in anything that is set as code."""
    said = [command for page in pages() for command in commands(page.text)]
    return {
        word for command in said for found in re.findall(pattern, command) for word in found.split()
    }


def test_every_target_says_what_it_is_for_and_make_alone_tells_all() -> None:
    assert all(targets().values())
    phony = re.search(r"^\.PHONY: (.+)$", makefile(), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(targets())


def test_the_pages_name_no_target_that_make_does_not_have() -> None:
    asked = named(r"^make ((?:[a-z-]+ ?)+)$")
    assert {"test", "demo"} <= asked
    assert asked <= set(targets())


def test_the_pages_name_no_command_that_decroche_does_not_have() -> None:
    asked = named(r"(?:^|/bin/)decroche ([a-z][a-z-]+)")
    assert {"run", "doctor", "explain"} <= asked
    assert asked <= set(app)


def test_the_pages_name_no_file_that_is_not_there() -> None:
    prose = [(page.path, FENCE.sub("", page.text)) for page in pages()]
    linked = [(page, target) for page, text in prose for target in LINK.findall(text)]
    spans = [(page.path, span) for page in pages() for span in SPAN.findall(page.text)]
    ours = [("", span) for _, span in spans if span.startswith(OUR_FOLDERS) and " " not in span]
    missing = [
        f"{page}: {target}"
        for page, target in [*linked, *ours]
        if not list((ROOT / page).parent.glob(target) if page else ROOT.glob(target.rstrip("/")))
    ]
    assert not missing


def test_the_pages_lead_to_no_heading_that_is_not_there() -> None:
    led = [
        (page.path, target, anchor)
        for page in pages()
        for target, anchor in TO_HEADING.findall(FENCE.sub("", page.text))
    ]
    assert led
    lost = [
        f"{page}: {target}#{anchor}"
        for page, target, anchor in led
        if anchor not in anchors((ROOT / page).parent / target if target else ROOT / page)
    ]
    assert not lost


def anchors(page: Path) -> set[str]:
    """Give the names by which a page's headings can be linked to."""
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[([^]]+)\] - (unreleased|\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == VERSION


@pytest.mark.parametrize("folder", ["router", "dialplans", "config", "tests", "docs"])
def test_the_readme_says_what_each_folder_is_for(folder: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{folder}(/\w+)?`", readme, re.MULTILINE)
