from __future__ import annotations

from pathlib import Path

import pytest

from simulations.records import CallRecord, RunRecord
from simulations.run import simulate
from simulations.scenario import load

SMALL = str(Path(__file__).with_name("small.toml"))
TEN = 10 * 3600.0
ROUND = 8.0 + 60.0 + 1.0 + 30.0
"""Ring and key, talk, last words, wrap-up: from one call's beginning to the next one's."""


def run(*changes: str) -> RunRecord:
    return simulate("small", load(SMALL, changes), 1)


def ordered(record: RunRecord) -> list[CallRecord]:
    return sorted(record.calls, key=lambda call: (call.waited_seconds, call.call))


def test_one_listener_serves_one_after_the_other_and_who_is_out_of_patience_is_lost() -> None:
    calls = ordered(run())
    waits = [call.waited_seconds for call in calls]
    assert [call.outcome for call in calls] == ["answered", "answered", "answered", "lost"]
    assert waits == pytest.approx([8.0, ROUND + 8.0, 2 * ROUND + 8.0, 250.0], abs=1e-6)
    assert [call.ended - TEN for call in calls] == pytest.approx(
        [68.0, ROUND + 68.0, 2 * ROUND + 68.0, 250.0]
    )
    assert {call.listener for call in calls} == {"all-1", None}


def test_who_is_in_patience_is_served_however_late() -> None:
    calls = ordered(run("callers.patience.mean_seconds=600"))
    assert [call.outcome for call in calls] == ["answered"] * 4
    assert calls[-1].waited_seconds == pytest.approx(3 * ROUND + 8.0)


def test_a_listener_with_a_pause_of_their_own_is_rung_after_it() -> None:
    calls = ordered(run("listeners.all.wrap_up={mean_seconds=10}", "bursts=[]", "days=1"))
    assert calls == []
    calls = ordered(run("listeners.all.wrap_up={mean_seconds=10}"))
    assert calls[1].waited_seconds == pytest.approx(8 + 60 + 1 + 10 + 8)
    calls = ordered(run("listeners.all.wrap_up={mean_seconds=100}"))
    assert calls[1].waited_seconds == pytest.approx(8 + 60 + 1 + 100 + 8)


def test_the_fallback_takes_who_has_waited_too_long() -> None:
    calls = ordered(run("fallback.people=1", "lines.one.fallback_after_seconds=40"))
    by_fallback = [call for call in calls if call.outcome == "fallback_answered"]
    assert by_fallback[0].waited_seconds == pytest.approx(40.0 + 8.0)
    assert list(by_fallback[0].fallback_at) == pytest.approx([TEN + 40.0])


def test_a_voicemail_is_no_answer() -> None:
    record = run(
        "listeners.all.pick_up.probability=[0]",
        "listeners.all.pick_up.voicemail=1",
        "lines.one.ring_seconds=30",
    )
    assert {call.outcome for call in record.calls} == {"lost"}
    assert "no_key" in {offer.result for offer in record.offers}


def test_a_listener_who_declines_is_not_talked_with() -> None:
    record = run("listeners.all.pick_up.decline=1")
    assert {offer.result for offer in record.offers} <= {"declined", "caller_left"}
    assert {call.outcome for call in record.calls} == {"lost"}


def test_a_listener_whose_line_drops_leaves_the_caller_to_the_next() -> None:
    record = run("listeners.all.drops=1", "listeners.all.count=3", "bursts=[]", *one_call())
    (call,) = record.calls
    assert call.outcome == "answered"
    assert sum(offer.result == "talked" for offer in record.offers) >= 2
    assert call.talked_seconds <= 60.0 + 1e-6


def one_call() -> tuple[str, ...]:
    return ('bursts=[{line="one", hour=10, calls=1}]',)


def test_with_events_late_each_step_takes_longer_and_who_hangs_up_first_is_not_talked_with() -> (
    None
):
    late = "faults.events_late=[{hour=9, lasts_seconds=7200, by_seconds=2}]"
    (call,) = run(late, *one_call()).calls
    assert call.waited_seconds == pytest.approx(2.0 + 8.0 + 2.0)
    (call,) = run(late, "callers.patience.mean_seconds=11", *one_call()).calls
    assert call.outcome == "lost"


def test_while_the_daemon_is_dead_the_dialplan_finds_somebody() -> None:
    record = run(
        "faults.daemon_down=[{hour=9.9, lasts_seconds=3600}]", "fallback.people=4", *one_call()
    )
    assert [call.outcome for call in record.calls] == ["fallback_answered"]
    assert record.calls[0].arrived == TEN
    assert len(record.offers) == 0


def test_a_caller_who_waits_when_the_daemon_dies_goes_on_to_the_fallback_and_is_counted_once() -> (
    None
):
    record = run(
        "faults.daemon_down=[{hour=10, lasts_seconds=40}]",
        "fallback.people=4",
        'bursts=[{line="one", hour=9.9995, calls=3}]',
    )
    assert len(record.calls) == 3
    assert {call.outcome for call in record.calls} == {"fallback_answered"}


def test_with_the_link_cut_for_a_moment_nobody_is_lost() -> None:
    record = run("faults.ami_cut=[{hour=10.002, lasts_seconds=4, times=3, every_seconds=20}]")
    assert [call.outcome for call in ordered(record)].count("answered") == 3


def test_who_calls_a_trunk_that_is_down_is_in_no_figure_but_comes_again() -> None:
    down = "faults.trunk_down=[{hour=9.9, lasts_seconds=1800}]"
    assert len(run(down).calls) == 0
    assert run(down).never_reached == 4
    again = run(down, "callers.retry=1", "callers.retry_after={mean_seconds=3000}")
    assert again.never_reached == 4
    assert [call.arrived for call in again.calls][:4] == [TEN + 3000.0] * 4


def test_a_trunk_that_goes_down_ends_all_that_is_on_it() -> None:
    record = run("faults.trunk_down=[{hour=10.005, lasts_seconds=60}]")
    assert {call.ended for call in record.calls} == {TEN + 18.0}


def test_homes_without_network_cannot_be_reached() -> None:
    record = run("faults.listeners_offline=[{hour=9, lasts_seconds=7200, share=1}]")
    assert {offer.result for offer in record.offers} == {"unreachable"}
    assert {call.outcome for call in record.calls} == {"lost"}


def test_a_lost_caller_tries_again_as_the_same_person() -> None:
    record = run("callers.retry=1", "callers.retry_after={mean_seconds=60}")
    lost = [call for call in record.calls if call.outcome == "lost"]
    (person,) = {call.person for call in lost}
    assert [call.outcome for call in record.calls if call.person == person][-1] == "answered"


def test_who_calls_again_is_known_by_whom_they_talked_with() -> None:
    record = run(
        "callers.returning=1",
        'bursts=[{line="one", hour=10, calls=1}, {line="one", hour=12, calls=1}]',
    )
    assert [call.known_listener for call in record.calls] == [None, "all-1"]
    assert len({call.person for call in record.calls}) == 1
