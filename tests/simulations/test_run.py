from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.events import AnyEvent, CallerHungUp
from router.core.machine import EventRefused
from simulations import watch
from simulations.parallel import Batch, crew, replicate
from simulations.recorder import Recorder
from simulations.records import CallRecord, RunRecord
from simulations.run import Run, RunFailed, simulate
from simulations.scenario import load, shipped

pytestmark = pytest.mark.slow

MIXED_WEEK = str(Path(__file__).with_name("mixed_week.toml"))

TRACE = """
import hashlib, io
from simulations.run import simulate
from simulations.scenario import load
trace = io.BytesIO()
simulate("x", load("ordinary_week", ["days=2"]), 5, trace=trace)
print(hashlib.sha256(trace.getvalue()).hexdigest())
"""

EVERY_FAULT = str(Path(__file__).with_name("all_goes_wrong.toml"))
IN_ORDER = (
    "faults.doubled_events=0",
    "faults.events_late=[]",
    "faults.events_lost=[]",
    "faults.events_disordered=[]",
)
"""Without these, every event fits what the engine holds, whatever else goes wrong."""

LONG = {
    "erlang_a": ["days=0.05"],
    "three_years": ["days=60"],
    "ten_thousand": ["days=0.002"],
}
"""What makes the longest ones short enough for a test."""


def same(record: RunRecord) -> bytes:
    """Give all of a record but the time it took."""
    return msgspec.json.encode(msgspec.structs.replace(record, wall_seconds=0.0), enc_hook=list)


def trace_of(seed: int) -> bytes:
    trace = io.BytesIO()
    simulate("x", load("ordinary_week", ["days=2"]), seed, trace=trace)
    return trace.getvalue()


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_a_seed_gives_the_same_trace_byte_for_byte_in_any_process(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRACE],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(trace_of(5)).hexdigest()


def test_another_seed_gives_another_trace() -> None:
    assert trace_of(5) != trace_of(6)


def test_any_number_of_workers_gives_the_same_records() -> None:
    batch = Batch("restart_storm", load("restart_storm", ["days=0.6"]), range(3, 7))
    with crew(workers=1) as one, crew(workers=3) as three:
        alone, shared = replicate(batch, one), replicate(batch, three)
    assert [one.seed for one in shared] == [3, 4, 5, 6]
    assert [same(one) for one in alone] == [same(one) for one in shared]


@pytest.mark.parametrize("name", [*shipped(), EVERY_FAULT])
def test_every_call_has_one_outcome_and_every_offer_one_result(name: str) -> None:
    trace = io.BytesIO()
    run = Run(name, load(name, LONG.get(name, [*IN_ORDER])), 2, trace)
    record = run.run()
    arrived = [
        entry["event"]["call"]
        for entry in map(msgspec.json.decode, trace.getvalue().splitlines())
        if entry["event"]["type"] == "CallArrived"
    ]
    recorded = Counter(call.call for call in record.calls)
    assert arrived
    assert set(arrived) <= set(recorded)
    assert set(recorded.values()) == {1}
    assert set(Counter(offer.offer for offer in record.offers).values()) == {1}
    assert run.refused_events == 0
    assert not run.left_open


def test_a_call_has_one_outcome_even_when_the_engine_hears_of_it_late_and_twice() -> None:
    run = Run("x", load(EVERY_FAULT), 2, None)
    recorded = Counter(call.call for call in run.run().calls)
    assert set(recorded.values()) == {1}
    assert run.refused_events > 0
    assert not run.left_open


@pytest.mark.parametrize("seed", range(3))
def test_events_that_come_twice_change_no_outcome_even_when_all_goes_wrong(seed: int) -> None:
    runs = [
        simulate("x", load(EVERY_FAULT, [f"faults.doubled_events={share}"]), seed)
        for share in (0, 1)
    ]
    once, twice = ([same_fate(call) for call in run.calls] for run in runs)
    assert once == twice
    assert {call.outcome for call in runs[0].calls} == {
        "answered",
        "fallback_answered",
        "left_early",
        "lost",
    }


def same_fate(call: CallRecord) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(call, events=0, help_asked=0))


def test_two_configs_meet_the_same_people() -> None:
    plain = simulate("x", load(MIXED_WEEK), 4)
    other = simulate("x", load(MIXED_WEEK, ["listeners.day.count=2"]), 4)
    people = [{call.person: call.arrived for call in reversed(run.calls)} for run in (plain, other)]
    assert people[0] == people[1]
    assert same(plain) != same(other)


def test_a_run_can_be_ended_early_and_keeps_what_was_done() -> None:
    scenario = load("erlang_a", ["days=0.5"])
    told: list[float] = []

    def progress(simulated_seconds: float, calls: int) -> bool:
        told.append(simulated_seconds)
        return calls < 200

    record = simulate("erlang_a", scenario, 1, progress=progress)
    assert told == sorted(told)
    assert 200 <= len(record.calls) < 2_000
    assert record.ended_early
    assert not simulate("erlang_a", load("erlang_a", ["days=0.001"]), 1).ended_early


def test_a_broken_invariant_ends_the_run_and_names_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = iter([[], [], [], ["call 1 waits for ever"]])
    monkeypatch.setattr(Engine, "violations", lambda _: next(found))
    with pytest.raises(RunFailed, match="call 1 waits for ever") as caught:
        simulate("x", load("ordinary_week"), 77)
    assert caught.value.seed == 77


def test_an_engine_that_fails_ends_the_run_and_names_the_seed_and_the_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: Engine) -> bytes:
        raise KeyError("4.5")

    monkeypatch.setattr(Engine, "step", lambda it, *_: fail(it))
    with pytest.raises(RunFailed, match=r"failed with seed 77: KeyError in test_run\.py") as caught:
        simulate("x", load("ordinary_week"), 77)
    assert caught.value.seed == 77


def test_what_a_refused_event_leaves_behind_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[bool] = []
    step = Engine.step

    def refuse(engine: Engine, event: AnyEvent, now: float) -> list[AnyCommand]:
        if isinstance(event, CallerHungUp):
            refused.append(True)
            raise EventRefused("no")
        return step(engine, event, now)

    monkeypatch.setattr(Engine, "step", refuse)
    monkeypatch.setattr(Engine, "violations", lambda _: ["left behind"] * len(refused))
    with pytest.raises(RunFailed, match="left behind"):
        simulate("x", load("ordinary_week"), 77)
    assert len(refused) == 1


def test_a_caller_whose_end_nobody_told_is_not_out_of_the_figures_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Recorder, "_end_call", lambda *_: None)
    with pytest.raises(RunFailed, match="has left, and nobody told its end"):
        simulate("x", load("ordinary_week", ["days=1"]), 77)


def test_a_fault_beside_what_an_event_touched_is_found_by_the_look_at_everything() -> None:
    run = Run("x", load("ordinary_week", ["days=0.2"]), 1, None)
    run.run()
    state = run.engine.state
    next(iter(state.listeners.values())).offer = "dcr-none"
    with pytest.raises(watch.InvariantBroken, match="held by an offer that is gone"):
        watch.Watch(run.engine).look_at_all()
