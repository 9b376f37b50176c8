"""What the figures and the reports say of promises, on made runs."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import Console

from simulations.figures import figures
from simulations.records import RunRecord
from simulations.report import page, promise_tallies
from simulations.report.terminal import show
from simulations.report.verdict import judge
from tests.simulations.made_records import HOUR_SECONDS, call, promise, run

HOUR = HOUR_SECONDS

SOME = run(
    [
        call("a", person="a"),
        call("b", person="b", outcome="promised", promise="b", listener=None),
        call("c", person="c", outcome="promised", promise="c", listener=None),
        call("d", person="d", outcome="promised", promise="d", listener=None),
        call("e", person="e", outcome="promised", promise="e", listener=None),
        call("f", person="f", outcome="lost", withheld=True),
        call("g", person="g", withheld=True),
    ],
    promises=[
        promise("a", kept=3.0, kept_by="same_call"),
        promise("b", noted=HOUR, kept=HOUR + 600.0),
        promise("c", noted=HOUR, kept=HOUR + 1200.0, kept_by="ringing_back"),
        promise("d", noted=HOUR, kept=2 * HOUR + 300.0),
        promise("e", noted=HOUR, result="with_seniors"),
        promise("x", noted=HOUR, result="joined"),
        promise("z", noted=9 * HOUR),
    ],
    lasts=9.5 * HOUR,
)


def total(*records: RunRecord) -> dict[str, Any]:
    found: Any = figures(records)
    return dict(found["total"])


def test_callers_whom_nobody_could_call_back_are_counted_apart_among_the_lost() -> None:
    found = total(SOME)
    assert (found["lost"], found["lost_withheld"]) == (1, 1)
    assert found["cared_for"] == found["cared_for_callers"] == pytest.approx(5 / 7)
    assert found["cared_for_shown"] == found["cared_for_shown_callers"] == pytest.approx(4 / 5)


def test_a_promise_is_in_time_until_it_is_due_and_no_longer() -> None:
    found = total(SOME)
    assert (found["promises_due"], found["promises_kept_in_time"]) == (5, 3)
    assert found["promises_kept_in_time_share"] == pytest.approx(3 / 5)
    assert found["late_max_s"] == 300.0


def test_it_is_told_by_which_call_promises_were_kept_and_how_soon() -> None:
    found = total(SOME)
    assert (found["kept_by_ringing_back"], found["kept_in_the_same_call"]) == (1, 1)
    assert (found["kept_after_p50_s"], found["kept_after_p95_s"]) == (600.0, HOUR + 300.0)


def test_a_promise_that_is_not_due_yet_as_the_run_ends_is_neither_kept_nor_broken() -> None:
    open_still = run([], promises=[promise("z", noted=9 * HOUR)], lasts=9.5 * HOUR)
    assert total(open_still)["promises_due"] == 0


def test_an_appointment_is_kept_soon_if_it_is_kept_at_its_time_however_long_ahead() -> None:
    agreed = promise("a", noted=0.0, kept=5 * HOUR + 60.0)
    record = run([], promises=[replace(agreed, not_before=5 * HOUR)], lasts=9 * HOUR)
    assert total(record)["kept_after_p50_s"] == 60.0


def test_the_verdict_tells_who_withheld_their_number() -> None:
    verdict = judge([SOME], figures([SOME]))
    assert "1 of 7 calls was lost, on Monday 00:00:00. It had a withheld number." in (
        verdict.english
    )
    assert "Son numéro était masqué." in verdict.french


def test_the_table_has_a_sentence_on_promises_where_there_are_any() -> None:
    assert "kept in time" not in shown(run([call("a")]))
    assert (
        "Of 5 promises due 3 were kept in time (60 %), 1 of them by callers who rang back and 1 in"
        " the very call; half within 10 min 00 s, 95 of 100 within 1 h 05 min."
    ) in shown(SOME)


def test_the_page_draws_promises_through_the_run_and_how_late_they_were(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page.write(path, [SOME], figures([SOME]))
    text = path.read_text(encoding="utf-8")
    assert len(re.findall("<svg", text)) == 6
    assert "at most 4 open and 2 overdue at a time, 4 kept by the end" in text
    assert "Of 4 promises kept, 1 were late." in text


def test_at_each_moment_a_promise_is_open_overdue_or_kept() -> None:
    found = promise_tallies.standing([SOME])
    noted = [
        sum(one.noted <= at for one in SOME.promises.values() if one.result != "joined")
        for at in found.at_seconds
    ]
    stands = zip(found.open, found.overdue, found.kept, strict=True)
    assert [sum(one) for one in stands] == noted
    assert min(found.open) >= 0
    assert (found.open[-1], found.overdue[-1], found.kept[-1]) == (1, 1, 4)


def shown(record: RunRecord) -> str:
    out = io.StringIO()
    show([record], figures([record]), Console(file=out, width=140, force_terminal=False))
    return re.sub(r"\s+", " ", out.getvalue().replace("\N{NO-BREAK SPACE}", " "))
