"""A config file is a plain file: what is none is not read at all."""

from __future__ import annotations

import os

import pytest

from tests.config.trees import Tree


@pytest.mark.parametrize("name", ["decroche.toml", "listeners.toml"])
def test_what_never_ends_or_never_comes_is_refused_unread(tree: Tree, name: str) -> None:
    path = tree.path.parent / name
    path.unlink()
    path.symlink_to("/dev/zero")
    assert tree.problems() == [f"{name}: expected a plain file"]

    path.unlink()
    os.mkfifo(path)
    assert tree.problems() == [f"{name}: expected a plain file"]


def test_a_folder_is_no_config_file(tree: Tree) -> None:
    tree.listeners_path.unlink()
    tree.listeners_path.mkdir()

    assert tree.problems() == ["listeners.toml: expected a plain file"]
