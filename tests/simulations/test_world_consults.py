"""A listener brings a senior into a talk, in the made world."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulations.records import CallRecord, RunRecord
from simulations.run import simulate
from simulations.scenario import load

SMALL = str(Path(__file__).with_name("small.toml"))
ONE_CALL = 'bursts=[{line="one", hour=10, calls=1}]'
ASKS = "listeners.all.asks_senior=1"
TWO = "listeners.all.count=2"
SENIORS = "lines.one.senior_ladder=[{after_seconds=0, skills={}}]"


def run(*changes: str) -> RunRecord:
    return simulate("small", load(SMALL, (ONE_CALL, ASKS, TWO, *changes)), 1)


def only(record: RunRecord) -> CallRecord:
    (call,) = record.calls
    return call


def test_a_line_without_seniors_goes_on_as_it_was() -> None:
    call = only(run())
    assert (call.help_asked, call.escalations) == (1, 0)
    assert call.talked_seconds == pytest.approx(60.0)


@pytest.mark.parametrize("hands_over", [0, 1])
def test_the_caller_says_all_they_had_to_say_whoever_stays_with_them(hands_over: int) -> None:
    confers = "listeners.all.confers={mean_seconds=40}"
    call = only(run(SENIORS, confers, f"listeners.all.hands_over={hands_over}"))
    assert (call.outcome, call.escalations) == ("answered", 1)
    assert call.talked_seconds == pytest.approx(60.0)
    assert call.ended - call.arrived == pytest.approx(call.waited_seconds + 60.0 + 40.0)
    assert call.help_waited_seconds == pytest.approx(8.0)


def test_both_who_were_in_the_talk_are_counted_as_having_talked() -> None:
    record = run(SENIORS)
    assert [one.result for one in record.offers].count("talked") == 2
    assert sum(one.calls for one in record.listeners) == 2
