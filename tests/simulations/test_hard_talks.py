"""Listeners who mark talks as hard, and what it costs to spare them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from router.core.entry import decode
from router.core.events import TalkMarkedHard
from simulations.records import RunRecord
from simulations.run import simulate
from simulations.scenario import load

SMALL = str(Path(__file__).with_name("small.toml"))
BUSY = ("bursts=[]", "arrivals.one.calls_per_hour=[20]", "listeners.all.count=2")


def played(*changes: str) -> tuple[RunRecord, list[str]]:
    trace = io.BytesIO()
    record = simulate("small", load(SMALL, (*BUSY, *changes)), 1, trace=trace)
    events = [decode(line).event for line in trace.getvalue().splitlines()]
    return record, [one.listener for one in events if isinstance(one, TalkMarkedHard)]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_so_large_a_share_of_the_talks_is_marked(share: float) -> None:
    record, marked = played(f"listeners.all.marks_hard_share={share}")
    talks = sum(one.result == "talked" for one in record.offers)
    assert talks > 200
    assert len(marked) / talks == pytest.approx(share, abs=0.1)


def test_asking_somebody_after_a_hard_talk_is_counted_as_bending() -> None:
    """Where all talks are hard and two listeners are busy, who is asked has just had one."""
    record, _ = played("listeners.all.marks_hard_share=1")
    assert record.bendings["one"]["hard_call"] > 100
    record, _ = played()
    assert "hard_call" not in record.bendings.get("one", {})


def test_the_same_talks_are_marked_in_every_run() -> None:
    some = "listeners.all.marks_hard_share=0.3"
    assert played(some)[1] == played(some)[1]
