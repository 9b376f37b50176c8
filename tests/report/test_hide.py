"""Nobody is recognised in a report, not even by taking what is shown from a total."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from router.directory.shape import DirectoryFile, Entry
from router.report.facts import DisposedFact, HelpFact, PromiseFact
from router.report.files import as_csv, as_json
from router.report.hide import LEAST_PEOPLE, people_behind, to_hide
from router.report.page import as_html
from tests.report.stages import (
    HOUR,
    MONDAY,
    call,
    facts_of,
    figures,
    row,
    week_report,
)


@given(st.lists(st.integers(0, 12), max_size=9))
def test_what_is_left_out_cannot_be_had_from_the_total(people: list[int]) -> None:
    hidden = to_hide(groups(people))
    shown = [many for place, many in enumerate(people) if place not in hidden]
    assert all(many == 0 or many >= LEAST_PEOPLE for many in shown)
    if hidden and len(hidden) < len(people):
        assert len(hidden) > 1
        assert sum(people[place] for place in hidden) >= LEAST_PEOPLE


@given(st.lists(st.integers(5, 50) | st.just(0), max_size=9))
def test_where_no_group_is_small_nothing_is_left_out(people: list[int]) -> None:
    assert not to_hide(groups(people))


def test_no_more_is_left_out_than_has_to_be() -> None:
    assert to_hide(groups([40, 3, 30, 7, 0])) == {1, 3}
    assert to_hide(groups([40, 3, 30, 2, 0])) == {1, 3}
    assert to_hide(groups([40, 1, 30, 2, 9])) == {1, 3, 4}


def test_three_people_who_call_on_two_days_are_three() -> None:
    few, many = set("abc"), {str(number) for number in range(30)}
    assert to_hide([few, few, many]) == {0, 1, 2}
    calls = [call(number, at=MONDAY + 60 * HOUR) for number in range(30)]
    calls += [
        call(100 + number, at=MONDAY + day * 24 * HOUR + HOUR, caller=who, outcome="lost")
        for number, (day, who) in enumerate((day, who) for day in range(2) for who in "abc")
    ]
    section = week_report(facts_of(calls)).section("by_weekday")
    assert section is not None
    assert {one.key for one in section.rows if one.hidden} == {"monday", "tuesday", "wednesday"}


def test_how_long_one_person_waited_and_talked_is_told_in_no_group() -> None:
    calls = [call(number, outcome="lost") for number in range(5)]
    report = week_report(facts_of([*calls, call(50, waited=37.25)]))
    assert figures(report)["calls_answered"] == 1
    for name in ("wait_median_seconds", "wait_max_seconds", "talk_total_seconds"):
        assert figures(report)[name] is None
    assert figures(report, "by_line", "health")["wait_p95_seconds"] is None
    assert not [file for file in (as_json(report), as_csv(report)) if b"37.25" in file]


def test_how_long_the_one_waited_for_whom_help_was_found_is_not_told() -> None:
    facts = facts_of([call(number) for number in range(8)])
    facts.helps = [
        HelpFact(one.call, "health", "senior", "nobody" if place else "found", MONDAY + HOUR, 37.25)
        for place, one in enumerate(facts.calls)
    ]
    found = figures(week_report(facts), "help_asked", "senior")
    assert (found["help_asked"], found["help_found"]) == (8, 1)
    assert found["help_wait_median_seconds"] is None


def test_what_became_of_the_one_caller_whose_number_shows_is_not_told() -> None:
    calls = [call(number, caller=None) for number in range(20)]
    report = week_report(facts_of([*calls, call(50, outcome="lost")]))
    for name in ("callers", "pickup_callers_share", "cared_for_callers_share"):
        assert figures(report)[name] is None


def test_one_alone_is_not_told_by_the_empty_groups_around_it() -> None:
    assert to_hide(groups([0, 3, 0])) == {0, 1, 2}


def test_many_calls_of_few_people_are_a_small_group() -> None:
    told = enumerate(["anna", "anna", None, "anna", None])
    assert len(people_behind(call(number, caller=caller) for number, caller in told)) == 3
    calls = [call(number, line="police", caller="the same") for number in range(30)]
    calls += [call(100 + number, line="health") for number in range(30)]
    report = week_report(facts_of(calls))
    assert row(report, "by_line", "police").hidden
    assert row(report, "by_line", "health").hidden
    assert figures(report)["calls"] == 60


def test_a_small_line_takes_the_next_smallest_with_it_and_no_figure_of_either_is_in_any_file() -> (
    None
):
    calls = [call(number, line="health", waited=5.0) for number in range(40)]
    calls += [call(100 + number, line="police", waited=77.75) for number in range(3)]
    calls += [call(200 + number, line="students", waited=66.25) for number in range(7)]
    report = week_report(facts_of(calls))
    hidden = {
        line for line in ("health", "police", "students") if row(report, "by_line", line).hidden
    }
    assert hidden == {"police", "students"}
    assert set(figures(report, "by_line", "police").values()) == {None}
    of_lines = [
        line for line in as_csv(report).decode().splitlines() if line.startswith("by_line,")
    ]
    assert any(line == "by_line,police,calls,,count,yes" for line in of_lines)
    assert not any("77.75" in line or "66.25" in line for line in of_lines)
    assert b"non publi" in as_html(report, "fr")


def test_where_less_than_five_have_called_nothing_at_all_is_told() -> None:
    report = week_report(facts_of([call(number, waited=43.21) for number in range(4)]))
    assert report.too_few
    assert not report.sections
    assert json.loads(as_json(report))["sections"] == {}
    assert as_csv(report).count(b"\n") == 1 + 4
    for page in (as_html(report, "en"), as_html(report, "fr")):
        assert b"<table" not in page
        assert b"<svg" not in page
        assert b"5 pe" in page


def test_without_a_call_the_report_says_so_with_zeros() -> None:
    report = week_report(facts_of([]))
    assert figures(report)["calls"] == 0
    assert figures(report)["pickup_share"] is None
    assert b"0" in as_html(report, "fr")


def test_a_department_to_which_few_were_directed_is_not_even_named() -> None:
    facts = facts_of([call(number) for number in range(30)])
    facts.disposed = [
        DisposedFact(one.call, "health", "orientation", _given(number), MONDAY + HOUR)
        for number, one in enumerate(facts.calls)
    ]
    report = week_report(facts)
    # Without a directory, all of it is one kind.
    assert figures(report, "orientation_by_kind", "unlisted") == {"talks": 30}
    from_file = week_report(facts, directory=directory())
    shown = from_file.section("orientation_by_department")
    assert shown is not None
    assert {one.key: one.figures["talks"] for one in shown.rows} == {"69": 20, "other": 10}
    for file in (as_json(from_file), as_csv(from_file), as_html(from_file, "fr")):
        assert not [word for word in ("Lozère", '"48"', ",48,") if word.encode() in file]
    assert "69 Rhône".encode() in as_html(from_file, "fr")


def test_one_talk_that_led_to_five_addresses_is_one_talk_of_one_person() -> None:
    withheld = call(99, caller=None)
    facts = facts_of([*(call(number) for number in range(20)), withheld])
    facts.disposed = [
        DisposedFact(withheld.call, "health", "orientation", given, MONDAY + HOUR)
        for given in ("lyon", "lyon", "grenoble", "mende", "privas", "valence")
    ]
    facts.helps = [
        HelpFact(withheld.call, "health", "senior", "found", MONDAY + HOUR + n, 10.0)
        for n in range(5)
    ]
    report = week_report(facts, directory=directory())
    for name in ("orientation_by_kind", "orientation_by_department", "talks_led_to", "help_asked"):
        found = report.section(name)
        assert found is not None
        assert all(one.hidden for one in found.rows)


def test_a_talk_is_counted_once_however_much_its_listener_keys() -> None:
    facts = facts_of([call(number, caller=None) for number in range(8)])
    facts.disposed = [
        DisposedFact(one.call, "health", "orientation", given, MONDAY + HOUR)
        for one in facts.calls
        for given in ("lyon", "lyon", "grenoble")
    ]
    report = week_report(facts, directory=directory())
    assert figures(report, "talks_led_to", "orientation") == {"talks": 8}
    assert figures(report, "orientation_by_department", "69") == {"talks": 8}


def test_of_few_promises_it_is_told_how_many_were_kept_and_not_when_or_to_whom() -> None:
    facts = facts_of([call(number) for number in range(30)])
    facts.promises = {
        name: PromiseFact(
            promise=name,
            line="health",
            origin="key",
            caller=name,
            call=None,
            noted=MONDAY + HOUR,
            not_before=MONDAY + HOUR,
            due_by=MONDAY + 2 * HOUR,
            by_senior=True,
            kept=MONDAY + HOUR + 1234.0,
            result="kept",
        )
        for name in ("p-1", "p-2", "p-3")
    }
    report = week_report(facts)
    assert figures(report, "promises")["promises_kept_in_time"] == 3
    assert figures(report, "promises")["kept_after_median_seconds"] is None
    for section in ("promises_by_origin", "promises_by_whom"):
        found = report.section(section)
        assert found is not None
        assert all(one.hidden for one in found.rows)


def groups(people: list[int]) -> list[set[str]]:
    """Give groups of so many, nobody being in two."""
    return [{f"{place}-{number}" for number in range(many)} for place, many in enumerate(people)]


def _given(number: int) -> str:
    return "lyon" if number < 20 else "grenoble" if number < 27 else "mende"


def directory() -> DirectoryFile:
    return DirectoryFile(
        kinds={"unit": "Unité de soins"},
        entries={
            name: Entry("unit", name, "3199", f"1{code}", code)
            for name, code in (
                ("lyon", "69"),
                ("grenoble", "38"),
                ("mende", "48"),
                ("privas", "07"),
                ("valence", "26"),
            )
        },
    )
