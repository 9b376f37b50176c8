from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from simulations.records import RunRecord
from simulations.report.terminal import show
from tests.simulations.made_records import call, figures_of, run, week


def shown(records: Sequence[RunRecord], width: int = 140, *, intervals: bool = False) -> str:
    figures = figures_of(records)
    if intervals:
        figures["total"] |= {"pickup_interval": [0.981, 0.995], "wait_max_s_interval": [55.5, 98.0]}
    out = io.StringIO()
    show(records, figures, Console(file=out, width=width, force_terminal=False))
    return out.getvalue().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("width", [80, 140])
def test_nothing_is_cut_at_a_common_width(width: int) -> None:
    text = shown([week(calls=2000, lost=3), week(seed=2, calls=2000)], width, intervals=True)
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= width
    for words in ("total", "line soignants", "line police", "skill psy", "skill police"):
        assert words in text
    for figure in ("3,997", "98.1 %", "99.5 %", "55.5 s", "1 min 38 s", "95 % interval"):
        assert figure in text


def test_the_first_line_says_what_happened_without_colours() -> None:
    assert shown([week(lost=2)]).lstrip().startswith("CALLS LOST  2 of 400 calls were lost")
    assert shown([week()]).lstrip().startswith("NONE LOST  Every one of the 400 calls")


def test_without_several_replications_no_interval_is_spoken_of() -> None:
    assert "interval" not in shown([week()])


def test_those_of_the_fallback_are_among_the_answered() -> None:
    text = shown([run([call("a"), call("b", outcome="fallback_answered")])])
    (total,) = [line for line in text.splitlines() if line.strip().startswith("total")]
    assert total.split()[1:4] == ["2", "2", "0"]


def test_names_can_neither_style_nor_steer_the_terminal() -> None:
    text = shown([run([call("a", line="[red]l\x1b[2J")])])
    assert "line [red]l\ufffd[2J" in text
    assert "\x1b" not in text


def test_an_empty_run_is_a_table_of_nothing() -> None:
    text = shown([run()])
    assert "No call came in" in text
    assert "total" in text
