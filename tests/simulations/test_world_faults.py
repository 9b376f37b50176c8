from __future__ import annotations

import io
from collections import Counter
from itertools import cycle
from pathlib import Path
from random import Random

import msgspec
import pytest

from router.core.commands import ReportOutcome
from router.core.engine import Engine
from router.core.entry import decode
from router.core.events import (
    AnyEvent,
    CallerHungUp,
    CallWaiting,
    ListenerPaused,
    OfferAccepted,
    PbxResynced,
)
from simulations.clock import Clock
from simulations.records import CallRecord, RunRecord
from simulations.run import Run, simulate
from simulations.scenario import load
from simulations.world.hold import WELCOME_SECONDS
from simulations.world.noise import Noise
from simulations.world.wire import Wire

SMALL = str(Path(__file__).with_name("small.toml"))
TEN = 10 * 3600.0
ONE_CALL = 'bursts=[{line="one", hour=10, calls=1}]'


def run(*changes: str) -> RunRecord:
    return simulate("small", load(SMALL, changes), 1)


def events_of(*changes: str) -> list[AnyEvent]:
    trace = io.BytesIO()
    simulate("small", load(SMALL, changes), 1, trace=trace)
    return [decode(line).event for line in trace.getvalue().splitlines()]


def at(second: float) -> float:
    """Give the hour of the run that is so many seconds after ten."""
    return 10 + second / 3600


def test_a_call_the_engine_never_hears_of_goes_to_the_fallback_after_one_turn_of_the_hold() -> None:
    (call,) = run("faults.events_lost=[{share=1}]", "fallback.people=1", ONE_CALL).calls
    assert call.outcome == "fallback_answered"
    assert call.waited_seconds == pytest.approx(WELCOME_SECONDS + 5.0 + 8.0)


def test_a_call_whose_arrival_was_lost_is_heard_of_as_its_hold_begins() -> None:
    lost = "faults.events_lost=[{share=1, hour=9.9, lasts_seconds=363}]"
    (call,) = run(lost, ONE_CALL).calls
    assert call.outcome == "answered"
    assert call.waited_seconds == pytest.approx(WELCOME_SECONDS + 8.0)


def test_a_hang_up_that_was_lost_is_found_by_the_live_check_and_its_listener_is_free_again() -> (
    None
):
    lost = f"faults.events_lost=[{{share=1, hour={at(60)}, lasts_seconds=15}}]"
    two = f'[{{line="one", hour=10, calls=1}}, {{line="one", hour={at(100)}, calls=1}}]'
    first, second = run(lost, f"bursts={two}").calls
    assert first.ended == pytest.approx(TEN + 68.0)
    # Looked for at 90 s and again at 92 s, and then the wrap-up.
    assert second.waited_seconds == pytest.approx(92.0 + 30.0 - 100.0 + 8.0)


def test_while_nothing_can_be_lost_the_hold_loop_says_nothing() -> None:
    assert not [one for one in events_of() if isinstance(one, CallWaiting)]


def test_what_the_hold_loop_says_every_five_seconds_changes_nobodys_fate() -> None:
    noisy = "faults.events_lost=[{share=0}]"
    said = Counter(one.call for one in events_of(noisy) if isinstance(one, CallWaiting))
    # The one in vain hears the welcome, and leaves after 250 s.
    assert max(said.values()) == (250 - WELCOME_SECONDS) // 5 + 1
    plain, heard = ([fate(one) for one in run(*more).calls] for more in ((), (noisy,)))
    assert plain == heard


def fate(call: CallRecord) -> bytes:
    return msgspec.json.encode(
        msgspec.structs.replace(call, events=0, waited_seconds=round(call.waited_seconds, 6))
    )


def test_as_many_events_are_lost_as_asked_for() -> None:
    noise = Noise(Random(1), Random(2))  # noqa: S311 - the same numbers each time are wanted
    assert noise.is_quiet
    noise.begin_loss(0.3)
    lost = sum(noise.delay_seconds() is None for _ in range(10_000))
    assert lost / 10_000 == pytest.approx(0.3, abs=0.015)
    noise.begin_loss(0.5)
    lost = sum(noise.delay_seconds() is None for _ in range(10_000))
    assert lost / 10_000 == pytest.approx(1 - 0.7 * 0.5, abs=0.015)
    noise.end_loss(0.3)
    noise.end_loss(0.5)
    assert noise.is_quiet


def test_an_event_that_is_later_by_more_is_overtaken_but_never_one_about_duty() -> None:
    clock, seconds = Clock(), cycle([3.0, 1.0])
    noise = Noise(Random(1), Random(2))  # noqa: S311 - nothing is drawn from it here
    wire = Wire(clock, noise, 0.0, Random(3))  # noqa: S311 - likewise
    noise.begin_disorder(lambda _: next(seconds))
    wire.tell(CallerHungUp("first"))
    wire.tell(OfferAccepted("second"))
    wire.tell_surely(ListenerPaused("third"))
    while clock.next_at() is not None:
        clock.run_next()
    assert list(wire.pending) == [
        ListenerPaused("third"),
        OfferAccepted("second"),
        CallerHungUp("first"),
    ]


@pytest.mark.parametrize(
    "fault",
    [
        "events_lost=[{share=0.3}]",
        'events_disordered=[{by={kind="exponential", mean_seconds=5}}]',
    ],
)
def test_however_much_goes_astray_each_call_ends_once_and_nothing_is_left_open(fault: str) -> None:
    busy = ["arrivals.one.calls_per_hour=[20]", "listeners.all.count=3", "days=0.5"]
    running = Run("small", load(SMALL, [f"faults.{fault}", "fallback.people=1", *busy]), 4, None)
    record = running.run()
    assert running.refused_events > 0
    assert not running.left_open
    assert set(Counter(call.call for call in record.calls).values()) == {1}
    assert len(record.calls) > 200


OTHER = (
    "listeners.other.count=1",
    "listeners.other.skills={talk=2}",
    "listeners.other.pick_up={after={mean_seconds=5}, key={mean_seconds=3}}",
)
GONE = 'listeners.all.shifts=["mon-sun 00:00-09:30", "mon-sun 12:00-24:00"]'


def stale(*more: str) -> str:
    words = ", ".join(("share=1", 'groups=["all"]', *more))
    return f"faults.presence_stale=[{{{words}}}]"


@pytest.mark.parametrize(
    ("fault", "waited_seconds"),
    [
        ("days=1", 8.0),
        (stale("hour=9", "lasts_seconds=7200"), 20.0 + 8.0),
        (stale("hour=9", "lasts_seconds=7200", "by_seconds=600"), 8.0),
        (stale("hour=9", "lasts_seconds=3000"), 8.0),
    ],
)
def test_who_went_off_and_was_not_heard_is_rung_in_vain(fault: str, waited_seconds: float) -> None:
    one_phone = "lines.one.ladder=[{after_seconds=0, ring_at_once=1}]"
    (call,) = run(*OTHER, GONE, fault, ONE_CALL, one_phone).calls
    assert call.waited_seconds == pytest.approx(waited_seconds)
    assert call.listener == "other-1"


@pytest.mark.parametrize(
    ("fault", "waited_seconds"),
    [
        ("days=1", 8.0),
        (stale("hour=9.5", "lasts_seconds=3600", "by_seconds=900"), 300.0 + 8.0),
        (stale("hour=9.5", "lasts_seconds=2400"), 600.0 + 8.0),
    ],
)
def test_who_came_on_and_was_not_heard_is_rung_only_once_that_is_known(
    fault: str, waited_seconds: float
) -> None:
    nobody_else = (*OTHER[:2], "listeners.other.pick_up.probability=[0]")
    late = (
        'listeners.all.shifts=["mon-sun 09:50-24:00"]',
        "care.missed_rest_seconds=[5000]",
        "callers.patience.mean_seconds=900",
        "lines.one.ladder=[{after_seconds=1, skills={talk=2}, ring_at_once=2}]",
    )
    (call,) = run(*nobody_else, *late, fault, ONE_CALL).calls
    assert call.waited_seconds == pytest.approx(waited_seconds, abs=1.0)
    assert call.listener == "all-1"


def deaf(*, seconds: float, times: int = 1, fault: str = "daemon_down") -> tuple[str, ...]:
    """Have the daemon hear nothing while the fallback talks with the one who waits."""
    hour, every_seconds = at(10), seconds + 60
    span = f"hour={hour}, lasts_seconds={seconds}, times={times}, every_seconds={every_seconds}"
    nobody = "listeners.all.pick_up.probability=[0]"
    return f"faults.{fault}=[{{{span}}}]", nobody, "fallback.people=1", ONE_CALL


@pytest.mark.parametrize("fault", ["daemon_down", "ami_cut"])
def test_a_talk_that_nobody_saw_is_told_once_as_the_daemon_hears_again(fault: str) -> None:
    changes = deaf(seconds=200, times=2, fault=fault)
    (call,) = run(*changes).calls
    assert (call.outcome, call.talked_seconds) == ("fallback_answered", 60.0)
    resyncs = [one for one in events_of(*changes) if isinstance(one, PbxResynced)]
    assert [one.talked for one in resyncs] == [(), (call.call,), ()]


def test_and_its_caller_is_not_taken_for_lost_by_the_engine_either() -> None:
    trace, engine = io.BytesIO(), Engine()
    simulate("small", load(SMALL, deaf(seconds=200, fault="ami_cut")), 1, trace=trace)
    entries = map(decode, trace.getvalue().splitlines())
    said = [one for entry in entries for one in engine.step(entry.event, entry.at)]
    assert [one.outcome for one in said if isinstance(one, ReportOutcome)] == ["fallback_answered"]


def test_a_talk_that_goes_on_as_the_daemon_hears_again_is_seen_there_and_leaves_no_mark() -> None:
    changes = deaf(seconds=60, times=3)
    resyncs = [one for one in events_of(*changes) if isinstance(one, PbxResynced)]
    assert [one.talked for one in resyncs] == [()] * 4
    assert [call.place for call in resyncs[1].calls] == ["talking"]
