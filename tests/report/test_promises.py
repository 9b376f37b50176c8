"""What became of promises, and of the calls that ended with one."""

from __future__ import annotations

from typing import Any

import pytest

from router.core.floor import State
from router.core.promise import Promise
from router.core.promise_commands import PromiseResult, ReportPromise
from router.report.facts import Facts, PromiseFact
from router.report.figures import Fates
from router.report.follow_promises import PromisesSoFar
from tests.report.stages import HOUR, MONDAY, call, facts_of, figures, week_report

DUE = MONDAY + 10 * HOUR


def fact(name: str, **more: Any) -> PromiseFact:
    return PromiseFact(
        **{
            "promise": name,
            "line": "health",
            "origin": "key",
            "caller": f"caller of {name}",
            "call": None,
            "noted": MONDAY + 9 * HOUR,
            "not_before": MONDAY + 9 * HOUR,
            "due_by": DUE,
            "by_senior": False,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("more", "as_of", "outcome"),
    [
        ({"kept": DUE - 1.0}, DUE - 1.0, "promise_kept"),
        ({"kept": DUE + 900.0}, DUE + HOUR, "promise_kept"),
        ({}, DUE - 0.1, "promise_open"),
        ({}, DUE, "promise_broken"),
        ({"result": "with_seniors"}, DUE + HOUR, "promise_broken"),
    ],
    ids=["kept", "kept late", "not due yet", "due", "with the seniors"],
)
def test_a_call_that_ended_with_a_promise_is_what_that_has_come_to(
    more: dict[str, object], as_of: float, outcome: str
) -> None:
    fates = Fates({"p-1": fact("p-1", **more)}, as_of)
    assert fates.outcome(call(1, outcome="promised", promise="p-1")) == outcome


def test_of_promises_that_became_one_it_is_the_last_that_counts() -> None:
    promises = {
        "p-1": fact("p-1", result="joined", into="p-2"),
        "p-2": fact("p-2", result="joined", into="p-3"),
        "p-3": fact("p-3", result="kept", kept=DUE - 5.0),
    }
    fates = Fates(promises, DUE + HOUR)
    assert fates.outcome(call(1, outcome="promised", promise="p-1")) == "promise_kept"


def test_a_promise_of_which_nothing_is_known_any_more_is_none_that_was_kept() -> None:
    assert Fates({}, DUE).outcome(call(1, outcome="promised", promise="p-9")) == "promise_broken"


def test_a_promise_kept_late_is_kept_and_not_in_time() -> None:
    facts = facts_of([call(number) for number in range(9)])
    facts.promises = {f"p-{number}": fact(f"p-{number}", kept=DUE - 60.0) for number in range(6)}
    facts.promises["p-0"].kept = DUE + 90.0
    facts.promises["p-1"].kept = None
    facts.promises["p-2"].result = "cancelled"
    told = figures(week_report(facts), "promises")
    assert told["promises"] == 6
    assert told["promises_cancelled"] == 1
    assert (told["promises_due"], told["promises_kept"]) == (5, 4)
    assert told["promises_kept_in_time"] == 3
    assert told["promises_kept_in_time_share"] == 3 / 5
    assert told["kept_late_max_seconds"] == 90.0


def test_a_promise_is_due_by_what_was_said_of_it_last_until_it_is_over() -> None:
    state, facts = State(), Facts()
    state.promises["p-1"] = Promise(
        name="p-1",
        line="health",
        caller="somebody",
        origin="key",
        noted_at=MONDAY,
        place_at=MONDAY,
        not_before=MONDAY,
        due_by=DUE,
    )
    note = PromisesSoFar(facts, state).follow[ReportPromise]

    def report(result: PromiseResult, late_seconds: float, now: float) -> None:
        note(ReportPromise("p-1", "health", "key", result, late_seconds, 1, None), now)

    report("not_reached", -600.0, DUE - 1200.0)
    assert facts.promises["p-1"].due_by == DUE - 600.0
    report("kept", 60.0, DUE - 540.0)
    report("not_reached", 0.0, DUE + HOUR)
    assert facts.promises["p-1"].kept == DUE - 540.0
    assert facts.promises["p-1"].due_by == DUE - 600.0
    assert facts.promises["p-1"].result == "kept"


def test_a_promise_that_became_one_with_another_lines_is_told_in_its_own_lines_report() -> None:
    calls = [call(number, line="students") for number in range(20)]
    owed = call(50, line="students", caller="x", outcome="promised", promise="p-1")
    facts = facts_of([*calls, owed])
    facts.promises = {
        "p-1": fact("p-1", line="students", caller="x", result="joined", into="p-2"),
        "p-2": fact("p-2", caller="x", result="kept", kept=DUE),
    }
    assert figures(week_report(facts, line="students"))["calls_promise_kept"] == 1
