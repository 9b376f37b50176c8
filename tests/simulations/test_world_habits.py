from __future__ import annotations

import io
from pathlib import Path

import pytest

from router.core.entry import Entry, decode
from router.core.events import ListenerCameOn, ListenerPaused
from simulations.records import RunRecord
from simulations.run import simulate
from simulations.scenario import load
from simulations.world.listeners import homes

SMALL = str(Path(__file__).with_name("small.toml"))
TEN = 10 * 3600.0
ONE_CALL = 'bursts=[{line="one", hour=10, calls=1}]'
HANGS_UP = ("listeners.all.hangs_up_first=1", "callers.hangs_up_after={mean_seconds=2}")


def run(*changes: str) -> RunRecord:
    return simulate("small", load(SMALL, changes), 1)


def entries_of(*changes: str) -> list[Entry]:
    trace = io.BytesIO()
    simulate("small", load(SMALL, changes), 1, trace=trace)
    return [decode(line) for line in trace.getvalue().splitlines()]


def test_a_caller_who_has_said_everything_hangs_up_a_moment_after_the_listener() -> None:
    record = run(*HANGS_UP, "callers.stays=0", ONE_CALL)
    (call,) = record.calls
    assert call.outcome == "answered"
    assert call.talked_seconds == pytest.approx(60.0)
    assert call.ended == pytest.approx(TEN + 8.0 + 60.0 + 2.0)
    assert len(record.offers) == 1


def test_a_caller_who_has_more_to_say_is_searched_for_anew_after_a_moments_grace() -> None:
    record = run(*HANGS_UP, "callers.stays=1", "listeners.all.count=9", ONE_CALL)
    (call,) = record.calls
    talks = sorted((one for one in record.offers if one.result == "talked"), key=lambda one: one.at)
    assert call.outcome == "answered"
    assert call.talked_seconds <= 60.0
    assert len(talks) > 1
    assert talks[1].at - talks[0].ended == pytest.approx(6.0)


def test_a_listener_who_never_hangs_up_first_leaves_it_to_the_caller() -> None:
    record = run("callers.stays=1", ONE_CALL)
    assert record.calls[0].ended == pytest.approx(TEN + 68.0)


@pytest.mark.parametrize(("late", "seconds"), [(0, 600.0), (1, 1500.0)])
def test_a_pause_lasts_as_long_as_meant_or_by_so_much_longer(late: int, seconds: float) -> None:
    lasts = "lasts={mean_seconds=600}, late_by={mean_seconds=900}"
    entries = entries_of(f"listeners.all.pauses={{every_hours=1, {lasts}, late={late}}}")
    paused = [one.at for one in entries if isinstance(one.event, ListenerPaused)]
    back = [one.at for one in entries if isinstance(one.event, ListenerCameOn)][1:]
    assert len(paused) > 5
    assert [end - begin for begin, end in zip(paused, back, strict=False)] == pytest.approx(
        [seconds] * len(back)
    )


def test_who_is_not_on_duty_takes_no_pause() -> None:
    entries = entries_of(
        'listeners.all.shifts=["mon-sun 00:00-12:00"]',
        "listeners.all.pauses={every_hours=0.2, lasts={mean_seconds=60}}",
        "listeners.other={count=1, skills={talk=2}}",
    )
    paused = [one.at for one in entries if isinstance(one.event, ListenerPaused)]
    assert paused
    assert max(paused) < 12 * 3600.0


def test_pauses_are_taken_at_the_same_times_whoever_calls() -> None:
    pauses = "listeners.all.pauses={every_hours=1, lasts={mean_seconds=600}}"
    busy, idle = (
        [one for one in entries_of(pauses, more) if isinstance(one.event, ListenerPaused)]
        for more in ("arrivals.one.calls_per_hour=[10]", "bursts=[]")
    )
    assert busy == idle


def test_how_talks_go_changes_nothing_in_how_rings_are_answered() -> None:
    quiet, busy = (homes(load("rough_day"), 3)["day-2"] for _ in range(2))
    alone = [quiet.answer(9) for _ in range(9)]
    talks = []
    for answer in alone:
        assert busy.answer(9) == answer
        talks.append(busy.next_talk())
    assert talks == [quiet.next_talk() for _ in range(9)]


def test_as_many_talks_are_ended_by_the_listener_or_dropped_as_asked_for() -> None:
    changes = ["listeners.day.hangs_up_first=0.3", "listeners.day.drops=0.2"]
    home = homes(load("rough_day", changes), 1)["day-1"]
    talks = [home.next_talk() for _ in range(10_000)]
    dropped = [one for one in talks if one.drops_at is not None]
    ended = [one for one in talks if one.hangs_up_at is not None]
    assert len(dropped) / 10_000 == pytest.approx(0.2, abs=0.015)
    assert len(ended) / 10_000 == pytest.approx(0.3, abs=0.015)
    assert not [one for one in dropped if one in ended]


def test_seniors_are_rung_first_where_they_are_asked_for_and_kept_for_it_elsewhere() -> None:
    record = simulate("rough_day", load("rough_day"), 1)
    by_seniors = {
        line: sum((one.listener or "").startswith("seniors") for one in calls) / len(calls)
        for line in ("health", "shock")
        for calls in [[one for one in record.calls if one.line == line]]
    }
    assert by_seniors["shock"] > 0.6
    assert by_seniors["health"] < 0.2
