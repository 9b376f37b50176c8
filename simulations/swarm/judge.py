"""Runs the world of a seed to its end, and says what was wrong: first safety, then liveness."""

from __future__ import annotations

import io
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice

from router.core.commands import ReportOutcome
from router.core.engine import Engine
from router.core.entry import decode
from router.core.machine import EventRefused
from simulations.promise_book import OVER
from simulations.records import RunRecord
from simulations.run import Run
from simulations.scenario import Scenario
from simulations.swarm.draw import scenario_of
from simulations.swarm.looks.looks import Looks
from simulations.watch import InvariantBroken

LONGEST_SECONDS = 12 * 3600.0
"""By then everybody has been answered ten times over."""

LOOKS_AT_THE_CLOCK = 50
"""Of a run's, each some thousands of events after the one before; a world's run has few. More are
of one in which the same happens again and again."""

HOUR_SECONDS = 3600.0

MOST_TOLD = 3
"""Of what the steps show: an engine that is wrong is so again and again."""


def judge(seed: int) -> tuple[str, ...]:
    """Name all that was wrong in this seed's world; empty where nothing was."""
    return tuple(problems(scenario_of(seed), seed, io.BytesIO()))


def problems(scenario: Scenario, seed: int, trace: io.BytesIO) -> Iterator[str]:
    """Run a scenario, write its trace, and name all that was wrong."""
    run, looks = Run("swarm", scenario, seed, trace), count(1)
    try:
        record = run.run(
            lambda seconds, _: seconds < LONGEST_SECONDS and next(looks) < LOOKS_AT_THE_CLOCK
        )
    except InvariantBroken as broken:
        yield f"an invariant was broken: {broken}"
    except Exception:  # noqa: BLE001 - the engine must take anything: whatever it raises is a find
        yield traceback.format_exc(limit=-4)
    else:
        if record.ended_early:
            yield "the run did not come to its end"
        if run.left_open:
            yield f"left open: {', '.join(run.left_open)}"
        yield from _of_records(record, scenario)
        yield from _of_promises(record, run.engine)
        yield from islice(_of_steps(trace.getvalue(), scenario), MOST_TOLD)


def _of_records(record: RunRecord, scenario: Scenario) -> Iterator[str]:
    for call, times in Counter(one.call for one in record.calls).items():
        if times > 1:
            yield f"call {call} was recorded {times} times"
    cut_off = _trunk_losses(scenario)
    for one in record.calls:
        answered = one.outcome in ("answered", "fallback_answered")
        if one.line == "patient" and not answered and one.ended not in cut_off:
            yield f"call {one.call} waited for {one.waited_seconds:.0f} s in vain"


def _of_promises(record: RunRecord, engine: Engine) -> Iterator[str]:
    """Name the promises that nobody owes any more, though they are neither kept nor cancelled."""
    for one in record.promises.values():
        if one.result not in OVER and one.promise not in engine.state.promises:
            yield f"promise {one.promise} is gone, and was last {one.result}"


def _trunk_losses(scenario: Scenario) -> set[float]:
    return {
        outage.hour * HOUR_SECONDS + number * outage.every_seconds
        for outage in scenario.faults.trunk_down
        for number in range(outage.times)
    }


def _of_steps(trace: bytes, scenario: Scenario) -> Iterator[str]:
    """Name what the engine's steps show that the rules do not allow."""
    engine, outcomes = Engine(), Counter[str]()
    looks = Looks(engine)
    for line in trace.splitlines():
        entry = decode(line)
        try:
            said = engine.step(entry.event, entry.at)
        except EventRefused:
            continue
        outcomes.update(one.call for one in said if isinstance(one, ReportOutcome))
        for found in looks.look(entry.event, said):
            yield f"{found}, {engine.state.now:.1f} s after the begin"
    if scenario.faults.events_disordered:
        # A word that a caller waits, overtaken by their hanging up, makes them a second call.
        return
    for call, times in outcomes.items():
        if times > 1:
            yield f"call {call} was given {times} outcomes"
