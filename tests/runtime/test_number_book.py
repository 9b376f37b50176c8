from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from router.config import load
from router.runtime.number_book import number_book

SAMPLE = Path(__file__).parents[2] / "config"
BEFORE = {"77": "somebody"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the sample configuration and its directory."""
    for name in ("decroche.toml", "listeners.toml", "directory.toml"):
        shutil.copy(SAMPLE / name, tmp_path)
    return tmp_path


def change(path: Path, good: str, bad: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert good in text
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")


def test_each_entry_of_the_directory_is_known_by_its_number(folder: Path) -> None:
    book = number_book(load(folder / "decroche.toml"), BEFORE)
    assert (book["10"], book["17"]) == ("morel", "cedres")
    assert "77" not in book


def test_without_a_directory_there_are_no_numbers(folder: Path) -> None:
    change(folder / "decroche.toml", "directory_file", "# directory_file")
    assert number_book(load(folder / "decroche.toml"), BEFORE) == {}


def test_of_a_bad_directory_every_problem_is_told_and_the_numbers_from_before_stay(
    folder: Path,
) -> None:
    change(folder / "directory.toml", 'number = "11"', 'number = "10"')
    change(folder / "directory.toml", 'department = "69"', 'department = "96"')
    with capture_logs() as logs:
        assert number_book(load(folder / "decroche.toml"), BEFORE) == BEFORE
    (told,) = logs
    assert (told["event"], told["log_level"]) == ("directory_refused", "error")
    assert len(told["problems"]) == 2
