"""The report's figures are those that the simulator counts by itself, from the world it made."""

from __future__ import annotations

from collections import Counter
from statistics import median_low

import pytest

from router.core.entry import Entry
from router.core.events import AnyEvent, EngineStarted, PbxLost, PbxResynced
from router.core.promise import LEG_PREFIX
from router.past.journal import Journal
from router.report.figures import OUTCOMES
from router.report.gather import gather
from router.report.make import make_report
from router.report.quantile import quantile
from router.report.span import Span
from simulations.figures import block
from simulations.promised import fate_of
from simulations.tally import NOT_COUNTED, PICKED_UP, of_line, tally
from tests.report.stages import UTC, figures, simulated, whole_report

SAME_NAME = {
    "pickup_share": "pickup",
    "cared_for_share": "cared_for",
    "cared_for_callers_share": "cared_for_shown_callers",
    **{f"within_{mark}_seconds_share": f"within_{mark}_s" for mark in (10, 15, 20, 30, 60)},
    "wait_median_seconds": "wait_p50_s",
    "wait_p95_seconds": "wait_p95_s",
    "wait_max_seconds": "wait_max_s",
    "calls": "offered",
    **{f"calls_{one}": one for one in OUTCOMES},
}
OF_PROMISES = {
    "promises_due": "promises_due",
    "promises_kept_in_time": "promises_kept_in_time",
    "promises_kept_in_time_share": "promises_kept_in_time_share",
    "kept_after_median_seconds": "kept_after_p50_s",
    "kept_after_p95_seconds": "kept_after_p95_s",
    "kept_late_max_seconds": "late_max_s",
}

SCENARIOS = [
    ("ordinary_week", ()),
    ("crisis_x10", ()),
    ("regulars", ()),
    ("seniors", ()),
    ("crisis_x10", ("callers.withheld=0.6",)),
]


@pytest.mark.parametrize(("scenario", "changes"), SCENARIOS)
def test_every_figure_of_all_calls_is_the_simulators(
    scenario: str, changes: tuple[str, ...]
) -> None:
    run, journal = simulated(scenario, *changes)
    report, counted = whole_report(journal, run), block([tally(run)])
    found = figures(report)
    assert found["calls"] == len(run.calls) > 100
    assert {name: found[name] for name in SAME_NAME} == {
        name: counted[same] for name, same in SAME_NAME.items()
    }
    promised = figures(report, "promises")
    if len({one.person for one in run.promises.values()}) >= 5:
        assert {name: promised[name] for name in OF_PROMISES} == {
            name: counted[same] for name, same in OF_PROMISES.items()
        }
    assert promised["promises_due"] == counted["promises_due"]


@pytest.mark.parametrize("scenario", ["crisis_x10", "regulars"])
def test_callers_are_the_people_of_the_simulated_world_whose_number_shows(scenario: str) -> None:
    run, journal = simulated(scenario)
    here = [one for one in run.calls if not one.withheld and one.outcome not in NOT_COUNTED]
    people = {one.person for one in here}
    reached = {one.person for one in here if one.outcome in PICKED_UP}
    found = figures(whole_report(journal, run))
    assert found["callers"] == len(people)
    assert found["pickup_callers_share"] == len(reached) / len(people)


def test_every_single_call_ends_and_waits_as_in_the_simulated_world() -> None:
    run, journal = simulated("crisis_x10")
    facts = gather(journal, run.simulated_seconds)
    theirs = {one.call: one for one in run.calls}
    assert {one.call for one in facts.calls} == theirs.keys()
    for one in facts.calls:
        same = theirs[one.call]
        assert (one.outcome, one.waited_seconds, one.talked_seconds, one.listener, one.line) == (
            same.outcome,
            same.waited_seconds,
            same.talked_seconds,
            same.listener,
            same.line,
        )
        assert one.caller == (None if same.withheld else same.person)
        assert one.arrived == same.arrived
    assert Counter(one.result for one in facts.rings) == Counter(one.result for one in run.offers)


@pytest.mark.parametrize("line", ["health", "police"])
def test_a_line_alone_has_the_figures_that_the_simulator_gives_it(line: str) -> None:
    run, journal = simulated("crisis_x10")
    found = figures(whole_report(journal, run, line))
    counted = block([of_line(tally(run), line)])
    assert {name: found[name] for name in SAME_NAME} == {
        name: counted[same] for name, same in SAME_NAME.items()
    }


def test_help_brought_in_is_what_the_simulator_counts() -> None:
    run, journal = simulated("seniors")
    counted = tally(run)
    asked = gather(journal, run.simulated_seconds).helps
    in_own_calls = [one for one in asked if not one.call.startswith(LEG_PREFIX)]
    assert len(in_own_calls) == sum(one.help_asked for one in counted.lines) > 100
    found = sum(one.result == "found" for one in in_own_calls)
    assert found == sum(one.escalations for one in counted.lines)
    told = figures(whole_report(journal, run), "help_asked", "senior")
    # In talks with those who were called back, too, of whom the simulator has no calls.
    assert told["help_asked"] == len(asked)
    assert len(asked) > len(in_own_calls)


def test_what_listeners_carried_is_what_they_carried_in_the_simulated_world() -> None:
    run, journal = simulated("crisis_x10")
    found = figures(whole_report(journal, run), "listeners")
    talks = sorted(one.calls for one in run.listeners)
    assert found["listeners"] == sum(one.on_duty_seconds > 0 for one in run.listeners)
    assert found["talks"] == sum(talks)
    assert found["talks_each_median"] == median_low(talks)
    hours = sum(one.talking_seconds for one in run.listeners) / 3600
    assert found["talk_hours"] == pytest.approx(hours, rel=1e-3)


def test_a_call_that_left_for_a_call_back_is_what_became_of_the_promise() -> None:
    run, journal = simulated("crisis_x10")
    fates = Counter(fate_of(one, run) for one in run.calls if one.outcome == "promised")
    found = figures(whole_report(journal, run))
    assert fates["promise_kept"] > 10
    assert fates["promise_kept"] == found["calls_promise_kept"]


def test_of_half_a_run_those_calls_are_told_that_arrived_in_it() -> None:
    run, journal = simulated("crisis_x10")
    half = run.simulated_seconds / 2
    facts = gather(journal, run.simulated_seconds)
    found = figures(make_report(facts, Span(0.0, half, UTC)))
    waits = sorted(
        one.waited_seconds for one in run.calls if one.arrived < half and one.outcome in PICKED_UP
    )
    assert found["calls"] == sum(one.arrived < half for one in run.calls)
    assert found["wait_p90_seconds"] == quantile(waits, 0.9)
    assert found["wait_max_seconds"] == waits[-1]


def test_when_asterisk_was_not_heard_the_report_says_for_how_long() -> None:
    _, quiet = simulated("ordinary_week")
    assert gather(quiet).unlinked == []
    said: list[tuple[float, AnyEvent]] = [
        (10.0, PbxResynced((), ())),
        (100.0, PbxLost()),
        (130.0, PbxResynced((), ())),
        (200.0, EngineStarted("another")),
        (205.0, PbxResynced((), ())),
        (300.0, PbxLost()),
    ]
    started = [Entry(0.0, EngineStarted("boot")), *(Entry(at, event) for at, event in said)]
    assert gather(Journal("a journal", tuple(started)), until=340.0).unlinked == [
        (100.0, 130.0),
        (200.0, 205.0),
        (300.0, 340.0),
    ]
