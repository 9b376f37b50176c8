from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from router.config import load
from router.directory.load import load_directory
from router.directory.shape import DirectoryFile

SAMPLE = Path(__file__).parents[2] / "config"


def test_the_sample_is_what_the_sample_config_names_and_all_its_numbers_are_made_up() -> None:
    path = load(SAMPLE / "decroche.toml").directory_file
    assert path == SAMPLE / "directory.toml"

    entries = load_directory(path).entries.values()
    assert len(entries) >= 10
    assert {one.phone[:8] for one in entries} == {"01 99 00"}


def test_an_entry_without_department_is_there_for_the_whole_country(small: DirectoryFile) -> None:
    assert small.entries["morel"].department == "69"
    assert small.entries["unit"].department is None


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            'kind = "unit"',
            'kind = "units"',
            "entries.unit.kind: unknown kind 'units'; known are psychologist, unit",
        ),
        ('"69"', '"96"', "entries.morel.department: there is no department '96'"),
        (
            '"69"',
            "69",
            (
                "entries.morel.department: expected the code of a department in quotes, "
                "like '69', '2A' or '974', got 69"
            ),
        ),
        (
            '"01 99 00 10 01"',
            '"01.99.00.10.01"',
            (
                "entries.morel.phone: expected a number like '01 99 00 12 34' or '15', "
                "got '01.99.00.10.01'"
            ),
        ),
        ('"2045"', '"10"', "entries.unit.number: entries.morel has the same"),
        (
            '"2045"',
            '"2"',
            "entries.unit.number: expected 2 to 4 digits as text, like '12', got '2'",
        ),
        (
            '"2045"',
            "20455",
            "entries.unit.number: expected 2 to 4 digits as text, like '12', got 20455",
        ),
        ('number = "2045"\n', "", "entries.unit.number: missing"),
        (
            '["mon-fri 09:00-19:00 not holidays"]',
            '["lun-ven 09:00-19:00"]',
            (
                "entries.morel.hours: expected a window like 'mon-fri 08:00-20:00', "
                "got 'lun-ven 09:00-19:00'"
            ),
        ),
        (
            '["mon-fri 09:00-19:00 not holidays"]',
            '"none"',
            "entries.morel.hours: expected some hours, got 'none'",
        ),
        (
            "phone = ",
            "fone = ",
            (
                "entries.morel.fone: unknown key; was 'phone' meant?\n"
                "directory.toml: entries.morel.phone: missing"
            ),
        ),
        (
            'name = "Claire Morel"',
            'name = "Claire\\nMorel"',
            "entries.morel.name: expected 1 to 80 characters on one line, got 'Claire\\nMorel'",
        ),
    ],
)
def test_a_spoilt_entry_is_refused_with_its_file_its_key_and_what_was_expected(
    refusal: Callable[[str, str], list[str]], good: str, bad: str, problem: str
) -> None:
    assert refusal(good, bad) == f"directory.toml: {problem}".split("\n")


def test_every_problem_is_told_at_once(refusal: Callable[[str, str], list[str]]) -> None:
    worse = refusal(
        'department = "69"',
        'department = "96"\ncity = "Lyon"\n[entries.other]\nkind = "x"\nname = "X"',
    )

    assert [problem.split(": ")[1] for problem in worse] == [
        "entries.morel.city",
        "entries.morel.phone",
        "entries.morel.number",
        "entries.other.kind",
    ]


def test_a_directory_that_is_not_there_is_named(path: Path) -> None:
    path.unlink()

    with pytest.raises(Exception, match=r"directory\.toml: cannot be read: No such file"):
        load_directory(path)
