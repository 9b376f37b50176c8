"""Runs the world of a seed to its end, and says what was wrong: first safety, then liveness."""

from __future__ import annotations

import io
import traceback
from collections import Counter
from collections.abc import Iterator

from router.core.commands import ReportOutcome
from router.core.engine import Engine
from router.core.entry import decode
from router.core.machine import EventRefused
from simulations.records import RunRecord
from simulations.run import Run
from simulations.scenario import Scenario
from simulations.swarm.draw import scenario_of
from simulations.watch import InvariantBroken

LONGEST_SECONDS = 12 * 3600.0
"""By then everybody has been answered ten times over."""

HOUR_SECONDS = 3600.0


def judge(seed: int) -> tuple[str, ...]:
    """Name all that was wrong in this seed's world; empty where nothing was."""
    return tuple(problems(scenario_of(seed), seed, io.BytesIO()))


def problems(scenario: Scenario, seed: int, trace: io.BytesIO) -> Iterator[str]:
    """Run a scenario, write its trace, and name all that was wrong."""
    run = Run("swarm", scenario, seed, trace)
    try:
        record = run.run(lambda simulated_seconds, _: simulated_seconds < LONGEST_SECONDS)
    except InvariantBroken as broken:
        yield f"an invariant was broken: {broken}"
    except Exception:  # noqa: BLE001 - the engine must take anything: whatever it raises is a find
        yield traceback.format_exc(limit=-4)
    else:
        if record.simulated_seconds >= LONGEST_SECONDS:
            yield "the run did not come to its end"
        if run.left_open:
            yield f"left open: {', '.join(run.left_open)}"
        yield from _of_records(record, scenario)
        yield from _of_outcomes(trace.getvalue(), scenario)


def _of_records(record: RunRecord, scenario: Scenario) -> Iterator[str]:
    for call, times in Counter(one.call for one in record.calls).items():
        if times > 1:
            yield f"call {call} was recorded {times} times"
    cut_off = _trunk_losses(scenario)
    for one in record.calls:
        answered = one.outcome in ("answered", "fallback_answered")
        if one.line == "patient" and not answered and one.ended not in cut_off:
            yield f"call {one.call} waited for {one.waited_seconds:.0f} s in vain"


def _trunk_losses(scenario: Scenario) -> set[float]:
    return {
        outage.hour * HOUR_SECONDS + number * outage.every_seconds
        for outage in scenario.faults.trunk_down
        for number in range(outage.times)
    }


def _of_outcomes(trace: bytes, scenario: Scenario) -> Iterator[str]:
    """Hold what the engine says of calls against the rule: one outcome for each that enters."""
    engine, outcomes = Engine(), Counter[str]()
    for line in trace.splitlines():
        entry = decode(line)
        try:
            said = engine.step(entry.event, entry.at)
        except EventRefused:
            continue
        outcomes.update(one.call for one in said if isinstance(one, ReportOutcome))
    if scenario.faults.events_disordered:
        # A word that a caller waits, overtaken by their hanging up, makes them a second call.
        return
    for call, times in outcomes.items():
        if times > 1:
            yield f"call {call} was given {times} outcomes"
