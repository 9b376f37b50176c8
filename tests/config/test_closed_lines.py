"""Whose rules a line's callers are served by, by which lines are open."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.config.trees import Tree

MORE_LINES = """
[lines.students]
number = "0199000002"
hours = ["mon-fri 08:00-20:00"]
when_closed = "carers"
skills = { fr = 2 }
target_seconds = 30

[lines.police]
number = "0199000003"
hours = ["mon-fri 09:00-17:00"]
when_closed = "students"
skills = { fr = 3 }
"""


@pytest.fixture
def three(tree: Tree) -> Tree:
    tree.path.write_text(tree.path.read_text() + MORE_LINES, encoding="utf-8")
    return tree


def test_a_closed_lines_callers_are_served_by_the_line_that_takes_them(three: Tree) -> None:
    lines = three.load().policy(["carers", "police"]).lines

    assert lines["students"] == replace(lines["carers"], name="students")
    assert lines["police"].ladder[0].skills == {"fr": 3}


def test_where_that_line_is_closed_too_the_one_that_takes_its_callers_does(three: Tree) -> None:
    lines = three.load().policy(["carers"]).lines

    assert lines["police"] == replace(lines["carers"], name="police")


def test_an_open_line_is_served_by_its_own_rules(three: Tree) -> None:
    settings = three.load()

    assert settings.policy(["carers", "students", "police"]) == settings.policy()
    assert settings.policy().lines["students"].target_seconds == 30


def test_with_nobody_to_take_them_a_closed_lines_callers_climb_its_own_ladder(three: Tree) -> None:
    three.spoil('when_closed = "carers"', "")
    settings = three.load()

    assert settings.policy([]) == settings.policy()


def test_lines_that_name_each_other_and_are_both_closed_keep_their_own(three: Tree) -> None:
    three.spoil('when_closed = "carers"', 'when_closed = "police"')
    settings = three.load()

    assert settings.policy(["carers"]) == settings.policy()
    assert settings.policy(["police"]).lines["students"].ladder[0].skills == {"fr": 3}
