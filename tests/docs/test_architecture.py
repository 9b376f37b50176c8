from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import router.core
from router.reference.diagrams import DRAWINGS, drawn_into
from router.reference.drawing import Drawing, Table, diagram, words
from tests.tidy.source import ROOT

PAGE = ROOT / "docs/architecture.md"

STEP = re.compile(r"^    (\w+) --> (\w+): ([\w, ]+)$", re.MULTILINE)
BOX = re.compile(r'^    state "([\w, ]+)" as (\w+)$', re.MULTILINE)
FIRST = re.compile(r"^    \[\*\] --> (\w+)$", re.MULTILINE)
LAST = re.compile(r"^    (\w+) --> \[\*\]$", re.MULTILINE)


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def drawn(name: str) -> str:
    """Give a diagram as it stands on the page."""
    return page().partition(f"<!-- {name}: ")[2].partition("```mermaid\n")[2].partition("```")[0]


def steps_of(text: str) -> set[tuple[str, str, str]]:
    """Read from, what and to out of a diagram, a box that lists states taken as each of them."""
    boxes = {name: states.split(", ") for states, name in BOX.findall(text)}
    return {
        (state, what, after)
        for source, after, whats in STEP.findall(text)
        for state in boxes.get(source, [source])
        for what in whats.split(", ")
    }


def tables_of_the_core() -> Iterator[Table]:
    for module in pkgutil.iter_modules(router.core.__path__):
        for name, value in vars(importlib.import_module(f"router.core.{module.name}")).items():
            if name.endswith("_TABLE"):
                yield value


def test_the_diagrams_are_what_the_code_draws() -> None:
    assert page() == drawn_into(page()), "run: make diagrams"


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda one: one.name)
def test_a_diagram_has_every_state_and_step_of_its_table_and_no_other(drawing: Drawing) -> None:
    text = drawn(drawing.name)
    assert steps_of(text) == {
        (state, what, after)
        for state, steps in drawing.table.items()
        for what, after in steps.items()
    }
    assert FIRST.findall(text) == [drawing.begins]
    assert drawing.begins in drawing.table
    assert set(LAST.findall(text)) == {one for one, steps in drawing.table.items() if not steps}


def test_every_state_table_of_the_core_is_drawn() -> None:
    ours = {id(drawing.table) for drawing in DRAWINGS}
    assert {id(table) for table in tables_of_the_core()} == ours


def test_a_diagram_tells_what_the_code_says_of_its_words() -> None:
    (offer,) = (one for one in DRAWINGS if one.name == "offer")
    assert "- `leaving`: Its result is known; the listener's leg has yet to go.\n" in words(offer)
    assert words(offer) in page()


def test_a_step_that_many_states_have_is_drawn_once() -> None:
    table: Table = {name: {"left": "e"} for name in "abcd"} | {"e": {}}
    owner = DRAWINGS[0]
    text = diagram(Drawing("made", table, owner.owner, owner.field))
    assert text.count("-->") == 3
    assert steps_of(text) == {(name, "left", "e") for name in "abcd"}


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="expected the marks of 'call' once, got 0"):
        drawn_into(page().replace("<!-- call: end -->", ""))


def test_the_page_says_what_each_folder_of_the_daemon_is() -> None:
    folders = {path.parent.name for path in (ROOT / "router").glob("*/__init__.py")}
    rows = re.findall(r"^\| ((?:`router/\w+`(?:, )?)+) \|", page(), re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`router/(\w+)`", row)]
    assert sorted(told) == sorted(folders)
