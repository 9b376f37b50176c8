from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from router.directory.load import load_directory
from router.directory.shape import DirectoryFile
from router.errors import ConfigError

SMALL = """\
[kinds]
psychologist = "Psychologue"
unit = "Unité de soins"

[entries.morel]
kind = "psychologist"
name = "Claire Morel"
department = "69"
phone = "01 99 00 10 01"
number = "10"
hours = ["mon-fri 09:00-19:00 not holidays"]

[entries.unit]
kind = "unit"
name = "Unité des Cèdres"
phone = "3199"
number = "2045"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "directory.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def small(path: Path) -> DirectoryFile:
    return load_directory(path)


@pytest.fixture
def refusal(path: Path) -> Callable[[str, str], list[str]]:
    """Spoil a good directory in one place and give the problems."""

    def spoil(good: str, bad: str) -> list[str]:
        assert good in SMALL
        path.write_text(SMALL.replace(good, bad, 1), encoding="utf-8")
        with pytest.raises(ConfigError) as refused:
            load_directory(path)
        return str(refused.value).replace(f"{path.parent}/", "").split("\n")

    return spoil
