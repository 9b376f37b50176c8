"""One listener talks for ten minutes with the first of two callers; the second cannot wait."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from router.core.commands import RingListener
from router.core.engine import Engine
from router.core.entry import decode
from router.core.promise_commands import DialCaller
from simulations.records import CallRecord, PromiseRecord, RunRecord
from simulations.run import simulate
from simulations.scenario import load

SMALL = str(Path(__file__).with_name("small.toml"))
TEN = 10 * 3600.0
TALK_SECONDS, ASKS_SECONDS, NOTED_SECONDS, TYPED_SECONDS = 600.0, 30.0, 21.0, 17.0
FREE_AGAIN = TEN + 8.0 + TALK_SECONDS + 1.0 + 30.0
"""The first talk, the last words after it and the wrap-up are over."""

TWO = (
    'bursts=[{line="one", hour=10, calls=2}]',
    "lines.one.call_back={}",
    f"callers.talk={{mean_seconds={TALK_SECONDS}}}",
    "callers.asks_call_back=1",
    f"callers.asks_call_back_after={{mean_seconds={ASKS_SECONDS}}}",
    "callers.answers_call_back=1",
    "callers.changes_number=0",
    "callers.stays_in_line=0",
    "callers.rings_back=0",
)


def run(*changes: str, trace: io.BytesIO | None = None) -> RunRecord:
    return simulate("small", load(SMALL, (*TWO, *changes)), 1, trace=trace)


def second_of(record: RunRecord) -> CallRecord:
    return max(record.calls, key=lambda one: (one.arrived, one.call))


def promise_of(record: RunRecord) -> PromiseRecord:
    (promise,) = record.promises.values()
    return promise


def said_in(*changes: str) -> list[tuple[float, object]]:
    """Give each command of a run, and when it was given."""
    trace = io.BytesIO()
    run(*changes, trace=trace)
    engine = Engine()
    entries = [decode(line) for line in trace.getvalue().splitlines()]
    return [(one.at, said) for one in entries for said in engine.step(one.event, one.at)]


def test_who_asks_for_it_leaves_with_a_promise_and_is_called_back_as_somebody_is_free() -> None:
    record = run()
    call, promise = second_of(record), promise_of(record)
    assert (call.outcome, call.promise) == ("promised", promise.promise)
    assert call.ended == pytest.approx(TEN + ASKS_SECONDS + NOTED_SECONDS)
    assert promise.kept == pytest.approx(FREE_AGAIN + 8.0 + 8.0 + 9.0)
    assert promise.kept_by == "call_back"


def test_who_withholds_their_number_types_one_and_is_called_back_there() -> None:
    record = run("callers.withheld=1", "callers.types_number=1")
    assert second_of(record).outcome == "promised"
    assert second_of(record).ended == pytest.approx(
        TEN + ASKS_SECONDS + TYPED_SECONDS + NOTED_SECONDS
    )
    assert promise_of(record).kept_by == "call_back"


def test_or_types_none_waits_for_as_long_as_they_can_and_is_lost() -> None:
    record = run("callers.withheld=1", "callers.types_number=0")
    call = second_of(record)
    assert (call.outcome, call.withheld, call.waited_seconds) == ("lost", True, 250.0)
    assert not record.promises


def test_who_changes_the_number_is_called_back_at_the_other_one() -> None:
    record = run("callers.changes_number=1")
    assert second_of(record).ended == pytest.approx(
        TEN + ASKS_SECONDS + 16.0 + 12.0 + NOTED_SECONDS
    )
    assert promise_of(record).kept_by == "call_back"


def test_who_stays_in_line_has_the_promise_kept_by_this_very_call() -> None:
    record = run("callers.stays_in_line=1", "callers.patience={mean_seconds=3600}")
    assert [one.outcome for one in record.calls] == ["answered", "answered"]
    assert promise_of(record).kept_by == "same_call"
    assert promise_of(record).attempts == 0


def test_who_rings_back_before_we_do_has_it_kept_by_that_call_and_is_not_rung() -> None:
    rings = ("callers.rings_back=1", "callers.rings_back_after={mean_seconds=580}")
    record = run(*rings)
    assert [one.outcome for one in record.calls] == ["promised", "answered", "answered"]
    assert promise_of(record).kept_by == "ringing_back"
    assert not [one for _, one in said_in(*rings) if isinstance(one, DialCaller)]


def test_who_has_been_called_back_by_then_does_not_ring_us() -> None:
    record = run("callers.rings_back=1", "callers.rings_back_after={mean_seconds=7200}")
    assert promise_of(record).kept_by == "call_back"
    assert len(record.calls) == 2


def test_who_hangs_up_unaware_of_the_promise_tries_again_unless_called_back_by_then() -> None:
    leaves = (
        "lines.one.call_back.on_hang_up=true",
        "callers.asks_call_back=0",
        "callers.patience={mean_seconds=60}",
        "callers.retry=1",
    )
    called = run(*leaves, "callers.retry_after={mean_seconds=7200}")
    assert promise_of(called).kept_by == "call_back"
    assert len(called.calls) == 2
    again = run(*leaves, "callers.retry_after={mean_seconds=570}")
    assert promise_of(again).kept_by == "ringing_back"
    assert len(again.calls) == 3


def test_a_promise_whose_attempts_are_used_up_is_tried_anew_by_a_senior_but_once() -> None:
    again = "lines.one.call_back.again_seconds=[60]"
    rings = [
        one
        for _, one in said_in("callers.answers_call_back=0", again, "bursts=[]", *LATER)
        if isinstance(one, DialCaller)
    ]
    assert len(rings) == 4


LATER = (
    'bursts=[{line="one", hour=10, calls=2}, {line="one", hour=20, calls=1}]',
    "senior_list_after={mean_seconds=600}",
)
"""Somebody calls in the evening, so that the run goes on until then."""


def test_an_appointment_is_kept_on_the_day_and_at_the_hour_agreed_on() -> None:
    record = run(
        "days=9",
        "listeners.all.follow_up=1",
        "listeners.all.follow_up_after={mean_seconds=172800}",
        "callers.keeps_appointment=1",
        'bursts=[{line="one", hour=10, calls=1}]',
    )
    kept = [one for one in record.promises.values() if one.kept is not None]
    assert len(kept) >= 3
    for one in kept:
        assert one.origin == "listener"
        assert one.not_before // 86_400 - one.noted // 86_400 == 2
        assert 9 <= one.not_before % 86_400 / 3600 < 19
        assert one.kept == pytest.approx(one.not_before, abs=60.0)


def test_a_senior_is_rung_for_the_call_back_that_a_listener_wants_of_them() -> None:
    said = said_in(
        "listeners.all.senior_call_back=1",
        "callers.keeps_appointment=1",
        'bursts=[{line="one", hour=10, calls=1}]',
        "lines.one.senior_ladder=[{after_seconds=0, skills={senior=1}}]",
        "listeners.cadre={count=1, skills={senior=1}}",
    )
    rung = [one.listener for _, one in said if isinstance(one, RingListener) and one.to_call_back]
    assert rung == ["cadre-1"]
