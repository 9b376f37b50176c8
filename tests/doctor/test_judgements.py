from __future__ import annotations

import io
import time
from typing import cast

import pytest
from rich.console import Console

from router.doctor import Finding, exit_code, render
from router.doctor.clock import judge_clock
from router.doctor.link import CLOCK_LOOKS, Link, measure_clock
from router.doctor.version import judge_version

BEGUN = 1_700_000_000.0


@pytest.mark.parametrize(
    ("version", "mark"),
    [
        ("22.10.1~dfsg+~cs6.15.60671435-1", "ok"),
        ("22.10.1+dfsg+~cs6.17.60671434-1", "ok"),
        ("22.0.0", "ok"),
        ("23.1.0-rc2", "ok"),
        ("21.4.2", "ok"),
        ("21.4.1", "failed"),
        ("21.10.0", "ok"),
        ("20.9.2", "ok"),
        ("20.9.1~dfsg", "failed"),
        ("20.10.0", "ok"),
        ("18.24.2", "ok"),
        ("18.24.1", "failed"),
        ("19.8.1", "failed"),
        ("16.30.1", "failed"),
        ("certified/18.9-cert11", "ok"),
        ("certified/18.9-cert10", "failed"),
        ("certified/20.7-cert2", "ok"),
        ("20.7-cert1", "failed"),
        ("certified-22.8-cert1", "ok"),
        ("certified/16.8-cert14", "failed"),
        ("GIT-master-abc123", "warning"),
        ("", "warning"),
        ("9" * 5000, "warning"),
    ],
)
def test_versions_open_to_code_execution_are_refused(version: str, mark: str) -> None:
    assert judge_version(version).mark == mark


@pytest.mark.parametrize(
    ("ahead_seconds", "mark"),
    [(0.2, "ok"), (-1.0, "ok"), (1.1, "warning"), (-3.0, "warning"), (3.1, "failed")],
)
def test_clocks_may_differ_by_one_second_and_must_not_by_three(
    ahead_seconds: float, mark: str
) -> None:
    assert judge_clock(ahead_seconds).mark == mark


class BusyAsterisk:
    """One on a machine that is slow to let its answers through."""

    def __init__(self, late_seconds: list[float]) -> None:
        self._late_seconds = late_seconds
        self.passed_seconds = 0.0

    def ask(self, _action: str) -> dict[str, str]:
        stamp = f"{BEGUN + self.passed_seconds:.6f}"
        self.passed_seconds += self._late_seconds.pop(0)
        return {"Timestamp": stamp}


def test_answers_that_are_late_on_their_way_are_not_taken_for_a_clock_that_is_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asterisk = BusyAsterisk([9.0, 5.0, 0.25, 7.0])
    monkeypatch.setattr(time, "time", lambda: BEGUN + 2.0 + asterisk.passed_seconds)
    monkeypatch.setattr(time, "monotonic", lambda: asterisk.passed_seconds)
    theirs, ours = measure_clock(cast("Link", asterisk))
    assert theirs - ours == pytest.approx(-2.125)
    assert asterisk.passed_seconds == pytest.approx(21.25), f"{CLOCK_LOOKS} looks"


def test_only_a_failure_makes_the_exit_code_1() -> None:
    assert exit_code([Finding("a", "ok", ""), Finding("b", "warning", "")]) == 0
    assert exit_code([Finding("a", "ok", ""), Finding("b", "not checked", "")]) == 0
    assert exit_code([Finding("a", "ok", ""), Finding("b", "failed", "")]) == 1


def test_a_person_reads_mark_name_detail_and_how_to_mend_it() -> None:
    out = io.StringIO()

    render([Finding("store", "failed", "gone [bold]", "start it")], Console(file=out, width=80))

    assert out.getvalue().split() == ["failed", "store", "gone", "[bold]", "→", "start", "it"]
