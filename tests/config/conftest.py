from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.config.trees import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


@pytest.fixture
def refusal(tree: Tree) -> Callable[[str, str], list[str]]:
    """Spoil a good tree in one place and give the problems."""

    def spoil(good: str, bad: str) -> list[str]:
        tree.spoil(good, bad)
        return tree.problems()

    return spoil
