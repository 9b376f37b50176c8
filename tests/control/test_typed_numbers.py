"""A number that somebody types as a word of a command is not told again."""

from __future__ import annotations

import pytest

from router.cli import app

MISUSED = 2


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        app(words)
    assert ended.value.code == MISUSED
    told = capsys.readouterr()
    return " ".join((told.out + told.err).replace("│", " ").split())


@pytest.mark.parametrize(
    "words",
    [
        ("forget", "0639980001"),
        ("promises", "add", "0639980001", "--line", "health"),
        ("promises", "show", "p-a-1", "0639980001"),
        ("promises", "0639980001"),
        ("0639980001",),
        ("run", "0639980001"),
        ("simulate", "small_hours", "--seed", "0639980001x"),
    ],
    ids=" ".join,
)
def test_no_command_repeats_a_number(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert "39980001" not in said(capsys, *words)


@pytest.mark.parametrize("command", [("forget",), ("promises", "add", "--line", "health")])
def test_a_number_typed_with_gaps_is_told_of_as_what_it_may_be(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    told = said(capsys, *command, "06", "39", "98", "00", "01")
    assert "too many words, by 5" in told
    assert "is asked for, or read from the standard input" in told
    assert "your shell's history" in told
    assert not {"06", "39", "98"} & set(told.replace("'", " ").replace(",", " ").split())


def test_what_is_no_number_is_told_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert 'Unknown command "forgett"' in said(capsys, "forgett")
