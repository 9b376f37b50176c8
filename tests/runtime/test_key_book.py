from __future__ import annotations

from pathlib import Path

import pytest

from router.ami.keypad import KeyBook, SkillChange
from router.config import load
from router.runtime.key_book import key_book
from tests.config.trees import Tree


@pytest.fixture
def book(tmp_path: Path) -> KeyBook:
    tree = Tree(tmp_path)
    keys = 'keys.2 = { skills = { health = 2 }, instead_of = ["fr"] }'
    tree.spoil("[lines.carers]", f'[lines.carers]\nshock_key = "9"\n{keys}')
    tree.spoil('login = "2001"', 'login = "2001"\ncode = "4821"')
    return key_book(load(tree.path))


def test_a_lines_keys_are_its_own_and_the_one_for_shock(book: KeyBook) -> None:
    assert book.lines == {"carers": {"2": SkillChange({"health": 2}, ("fr",)), "9": "shock"}}


def test_only_listeners_who_have_a_code_can_be_asked_for_by_one(book: KeyBook) -> None:
    assert book.codes == {"4821": "anne"}
