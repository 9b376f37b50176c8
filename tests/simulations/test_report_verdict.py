from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from router.core.commands import Outcome
from simulations.records import RunRecord
from simulations.report.verdict import Verdict, judge
from tests.simulations.made_records import SUNDAY_NIGHT_SECONDS, call, figures_of, run, week


def judged(records: Sequence[RunRecord], **changed: Any) -> Verdict:
    figures = figures_of(records)
    verdict = judge(records, {**figures, "total": {**figures["total"], **changed}})
    return Verdict(
        verdict.good,
        verdict.mark,
        *(
            text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
            for text in (verdict.english, verdict.french)
        ),
    )


def test_where_all_were_picked_up_it_says_so_and_how_fast() -> None:
    calls = [call(f"call-{wait}", waited=float(wait)) for wait in (2, 4, 41)]
    assert judged([run(calls)]) == Verdict(
        good=True,
        mark="NONE LOST",
        english="Every one of the 3 calls was picked up, half of them within 4 s and the slowest"
        " after 41 s.",
        french="Les 3 appels ont tous été décrochés, la moitié en au plus 4 s et le plus lent"
        " au bout de 41 s.",
    )


def test_where_some_were_lost_it_says_how_many_and_when() -> None:
    calls = [call(f"call-{number}") for number in range(3993)]
    calls += [
        call(f"lost-{number}", outcome="lost", arrived=SUNDAY_NIGHT_SECONDS + 1200 * number)
        for number in range(6)
    ]
    calls += [call("early-bird", outcome="lost", arrived=100.0)]
    found = judged([run(calls)])
    assert (found.good, found.mark) == (False, "CALLS LOST")
    assert found.english.startswith(
        "7 of 4,000 calls were lost, most of them on Sunday between 03:00 and 05:00."
    )
    assert found.french.startswith(
        "7 appels sur 4 000 ont été perdus, la plupart le dimanche entre 3 h et 5 h."
    )


def test_one_lost_call_is_told_to_the_second() -> None:
    lost = call("gone", outcome="lost", arrived=SUNDAY_NIGHT_SECONDS + 724)
    found = judged([run([call("fine"), lost])])
    assert found.english.startswith("1 of 2 calls was lost, on Sunday 03:12:04.")
    assert found.french.startswith("1 appel sur 2 a été perdu, le dimanche 03:12:04.")


def test_calls_lost_all_over_the_week_have_no_hour() -> None:
    lost = [
        call(f"gone-{number}", outcome="lost", arrived=7 * 3600.0 * number) for number in range(24)
    ]
    assert judged([run(lost)]).english.startswith(
        "24 of 24 calls were lost, at no particular hour."
    )


def test_the_lost_are_those_of_all_replications() -> None:
    found = judged([week(seed=1, calls=100, lost=2), week(seed=2, calls=100, lost=1)])
    assert found.english.startswith("3 of 200 calls were lost")


def test_people_are_told_apart_from_calls_where_they_differ() -> None:
    calls = [
        call("first", person="marie", outcome="lost"),
        call("second", person="marie", outcome="lost"),
        call("third", person="marie"),
    ]
    found = judged([run(calls)])
    assert found.english.startswith("2 of 3 calls were lost")
    assert found.english.endswith("Counting people rather than calls, 100 % spoke with somebody.")


def test_a_single_call_is_not_called_every_one() -> None:
    assert judged([run([call("only")])]).english == "The one call was picked up, after 3 s."


def test_without_a_call_it_says_that_there_is_nothing_to_judge() -> None:
    found = judged([run()])
    assert found.mark == "NO CALL"
    assert found.english == "No call came in, so there is nothing to judge."


@pytest.mark.parametrize("outcome", ["left_early", "refused"])
def test_calls_that_do_not_count_are_named_and_prove_nothing(outcome: Outcome) -> None:
    found = judged([run([call("brief", outcome=outcome)])])
    assert found.mark == "NO CALL"
    assert found.english.startswith("No call stayed on the line")
    assert "Not counted: " in found.english


def test_a_call_that_the_fallback_took_is_not_hidden() -> None:
    found = judged([run([call("a"), call("b", outcome="fallback_answered")])])
    assert found.english.startswith("Every one of the 2 calls was picked up")
    assert found.english.endswith("1 was picked up by the fallback group.")


def test_promises_do_not_pass_for_pickup() -> None:
    found = judged([run([call("a")])], offered=10, promise_kept=6, promise_open=2, promise_broken=1)
    assert (found.good, found.mark) == (False, "PROMISES BROKEN")
    assert found.english.startswith(
        "No call was lost: of 10, 1 were picked up and 9 were promised a call back"
        " (6 kept, 2 open, 1 broken)."
    )


def test_a_run_that_was_ended_early_is_never_good_and_says_what_is_missing() -> None:
    cut = structs.replace(run([call("a")]), ended_early=True)
    found = judged([run([call("b")]), cut])
    assert (found.good, found.mark) == (False, "ENDED EARLY")
    assert found.english.endswith("calls that were not over by then are not counted.")
    assert found.french.endswith("les appels encore en cours ne sont pas comptés.")


def test_callers_whom_a_dead_trunk_kept_away_are_told_of_though_they_are_no_calls() -> None:
    cut_off = structs.replace(run([call("a")]), never_reached=2)
    found = judged([cut_off])
    assert (found.good, found.mark) == (False, "CALLS CUT OFF")
    assert found.english.endswith(
        "2 more attempts met a trunk that was down and never reached the line."
    )
    assert "2 tentatives de plus n'ont pas atteint la ligne" in found.french


def test_a_run_that_broke_a_rule_of_the_engine_is_not_to_be_trusted() -> None:
    found = judged([run([call("a")], violations=1)])
    assert (found.good, found.mark) == (False, "INVALID")
    assert "do not trust these figures" in found.english
    assert "(1 time)" in found.english
