"""Listeners' codes and lines' keys, as a site writes them."""

from __future__ import annotations

import pytest

from router.config.shape import LineKey
from tests.config.trees import Tree

ENGLISH = '"2" = { skills = { health = 2 }, instead_of = ["fr"] }'


def with_keys(tree: Tree, keys: str) -> Tree:
    tree.spoil("[[lines.carers.ladder]]", f"[lines.carers.keys]\n{keys}\n[[lines.carers.ladder]]")
    return tree


def test_a_key_of_a_line_says_what_is_asked_and_instead_of_what(tree: Tree) -> None:
    line = with_keys(tree, ENGLISH).load().lines["carers"]
    assert line.keys == {"2": LineKey(skills={"health": 2}, instead_of=("fr",))}
    assert line.shock_key == "0"


def test_codes_are_kept_as_they_are_typed_and_may_be_left_out(tree: Tree) -> None:
    tree.spoil('login = "2001"', 'login = "2001"\ncode = "042"')
    assert {name: one.code for name, one in tree.load().listeners.items()} == {
        "anne": "042",
        "bruno": None,
    }


@pytest.mark.parametrize(
    "code", ['"12"', '"12345"', '"12a4"', '"*123"', "4821", '"\u0661\u0662\u0663"']
)
def test_what_is_no_code_is_refused_and_not_shown(tree: Tree, code: str) -> None:
    tree.spoil('login = "2001"', f'login = "2001"\ncode = {code}')
    kind = "a number" if code == "4821" else "a text"
    assert tree.problems() == [
        f"listeners.toml: listeners.anne.code: expected 3 or 4 digits as text, got {kind}"
    ]


def test_two_listeners_cannot_have_the_same_code(tree: Tree) -> None:
    for login in ("2001", "2002"):
        tree.spoil(f'login = "{login}"', f'login = "{login}"\ncode = "4821"')
    assert tree.problems() == ["listeners.toml: listeners.bruno.code: listeners.anne has the same"]


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (
            '"22" = { skills = { fr = 1 } }',
            "lines.carers.keys.22: expected a key from 0 to 9, got '22'",
        ),
        (
            '"*" = { skills = { fr = 1 } }',
            "lines.carers.keys.*: expected a key from 0 to 9, got '*'",
        ),
        ('"0" = { skills = { fr = 1 } }', "lines.carers.keys.0: this is the line's shock_key"),
        ('"2" = { instead_of = ["fr"] }', "lines.carers.keys.2.skills: missing"),
        (
            '"2" = { skills = { en = 1 } }',
            (
                "lines.carers.keys.2.skills.en: "
                "expected a level that a listener has (at most 0), got 1"
            ),
        ),
        (
            '"2" = { skills = { health = 2 }, instead_of = ["french"] }',
            (
                "lines.carers.keys.2.instead_of: "
                "expected skills that the line asks for (health, fr), got 'french'"
            ),
        ),
    ],
)
def test_a_key_that_cannot_be_is_refused(tree: Tree, keys: str, problem: str) -> None:
    assert with_keys(tree, keys).problems() == [f"decroche.toml: {problem}"]
