"""A journal that does not tell all: the store was away, or another version wrote it."""

from __future__ import annotations

import json
from functools import cache

import msgspec
import pytest
from msgspec.structs import replace

from router.core.entry import Entry
from router.core.events import AnyEvent, CallArrived, CallWaiting
from router.errors import DecrocheError
from router.past.journal import Journal, Waymark
from router.report.facts import CallFact, Facts
from router.report.files import as_csv, as_json
from router.report.gather import gather
from router.report.make import make_report
from router.report.page import as_html
from router.report.remarks import remarks
from router.report.span import Span
from tests.core.drive import rules
from tests.report.holes import AWAY_SECONDS, arrival, waymarks, without
from tests.report.stages import UTC, simulated
from tests.story.journals import Written

DAY = 86_400.0
WEEK = Span(0.0, 7 * DAY, UTC)
NOT_THIS_VERSIONS = b'{"calls": 3}'


@cache
def whole(scenario: str) -> tuple[Journal, Facts]:
    _, journal = simulated(scenario)
    return journal, gather(journal)


def told(facts: Facts, *, before: float, after: float) -> list[CallFact]:
    """Give the calls that were over before an instant, or came after another one.

    With whom the caller had talked before may have been in what is missing.
    """
    return [
        replace(call, known_listener=None)
        for call in facts.calls
        if call.arrived + (call.waited_seconds or 0.0) + call.talked_seconds < before
        or call.arrived > after
    ]


def test_a_minute_without_the_store_costs_what_came_and_went_in_it_and_no_more() -> None:
    journal, true = whole("ordinary_week")
    began = arrival(journal, 1.4 * DAY) - 5.0
    ended = began + AWAY_SECONDS
    found = gather(without(journal, began, waymarks(journal.entries, ended)))
    assert told(found, before=began, after=ended) == told(true, before=began, after=ended)
    assert {call.call for call in true.calls} - {call.call for call in found.calls} == set()
    assert sum(call.outcome == "answered" for call in found.calls) == 147
    assert [ring for ring in found.rings if ring.at > ended] == [
        ring for ring in true.rings if ring.at > ended
    ]
    (gap,) = found.gaps
    assert (gap.misfits, gap.cut_calls) == (0, 0)
    assert began - DAY < gap.began < began
    assert gap.ended == ended


@pytest.mark.parametrize("number", [40, 111, 222, 333])
def test_in_a_crisis_no_call_is_told_twice_and_those_cut_off_are_counted(number: int) -> None:
    journal, true = whole("crisis_x10")
    began = true.calls[number].arrived + 5.0
    ended = began + AWAY_SECONDS
    found = gather(without(journal, began, waymarks(journal.entries, ended)))
    assert told(found, before=began, after=ended) == told(true, before=began, after=ended)
    calls = [call.call for call in found.calls]
    assert len(calls) == len(set(calls))
    (gap,) = found.gaps
    over = {
        call.call
        for call in true.calls
        if call.arrived < began and call.call not in calls and call.call not in found.open_calls
    }
    assert gap.cut_calls == len(over)
    assert {one.promise: one.result for one in found.promises.values() if one.noted > ended} == {
        one.promise: one.result for one in true.promises.values() if one.noted > ended
    }


def test_without_a_state_after_it_the_report_says_from_when_on_it_is_not_to_be_trusted() -> None:
    journal, true = whole("ordinary_week")
    began = arrival(journal, 1.4 * DAY) - 5.0
    found = gather(without(journal, began))
    assert sum(one.outcome == "answered" for one in found.calls) < len(true.calls) / 2
    (gap,) = found.gaps
    assert gap.misfits > 50
    assert began < gap.began < began + DAY
    assert gap.ended == found.ended
    report = make_report(found, WEEK)
    (said,) = [one for one in remarks(report, "en") if "does not tell all" in one]
    assert f"{gap.misfits} entries do not fit" in said
    assert f"Between 1970-01-0{1 + int(gap.began // DAY)}" in said
    assert "ne dit pas tout" in as_html(report, "fr").decode()
    (written,) = json.loads(as_json(report))["gaps"]
    assert written["entries_that_do_not_fit"] == gap.misfits
    assert b"report,,gap_began,1970-01-0" in as_csv(report)
    assert not make_report(found, Span(0.0, DAY, UTC)).gaps


def test_the_next_state_of_all_ends_what_a_gap_has_done() -> None:
    journal, true = whole("ordinary_week")
    began = arrival(journal, 1.4 * DAY) - 5.0
    nights = waymarks(journal.entries, *(day * DAY for day in range(1, 7)), begins=False)
    found = gather(without(journal, began, nights))
    assert told(found, before=began, after=2 * DAY) == told(true, before=began, after=2 * DAY)
    (gap,) = found.gaps
    assert gap.misfits
    assert gap.ended == 2 * DAY


def test_a_call_that_was_held_as_over_and_is_there_in_the_next_state_is_told_once() -> None:
    desk = Written(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.wait(2.0)
    desk.hang_up("c1")
    known = len(desk.entries)
    desk.wait(1.0)
    desk.tell(CallWaiting("c1", "general", None, desk.now))
    mark = Waymark(known, desk.now, desk.engine.snapshot())
    entries = desk.entries[:known]
    desk.entries.clear()
    desk.wait(30.0)
    desk.hang_up("c1")
    found = gather(Journal("a journal", (*entries, *desk.entries), waymarks=(mark,)))
    (call,) = found.calls
    assert call.waited_seconds == pytest.approx(30.0)


@pytest.mark.parametrize("scenario", ["ordinary_week", "crisis_x10", "restart_storm"])
def test_a_journal_that_tells_all_is_told_as_without_the_states_on_its_way(scenario: str) -> None:
    journal, true = whole(scenario)
    instants = [entry.at for entry in journal.entries[:: len(journal.entries) // 20]]
    marks = waymarks(journal.entries, *instants)
    assert len(marks) > 15
    # In other words every other one, as another version may put it.
    marks[::2] = [replace(one, state=msgspec.json.format(one.state)) for one in marks[::2]]
    found = gather(Journal("a journal", journal.entries, waymarks=tuple(marks)))
    assert found == true
    assert not found.gaps


def test_after_a_clock_that_was_set_back_calls_stand_in_the_hours_that_it_showed() -> None:
    journal, true = whole("ordinary_week")
    back, since = 10_800.0, 3 * DAY
    entries = tuple(
        one if one.at < since else Entry(one.at - back, _earlier(one.event, back))
        for one in journal.entries
    )
    found = gather(Journal("a journal", entries))
    arrived = {call.call: call.arrived for call in true.calls if call.arrived > since}
    assert len(arrived) > 50
    for call in found.calls:
        if call.call in arrived:
            assert call.arrived == pytest.approx(arrived[call.call] - back)
    before = sum(ring.at < since for ring in true.rings)
    for ring, rung in zip(found.rings[before:][:5], true.rings[before:][:5], strict=True):
        assert ring.listener == rung.listener
        assert ring.at == pytest.approx(rung.at - back)
    assert found.ended == pytest.approx(true.ended - back)


def _earlier(event: AnyEvent, seconds: float) -> AnyEvent:
    if isinstance(event, CallArrived):
        return replace(event, arrived=event.arrived - seconds)
    return event


def test_a_state_of_another_version_is_passed_over() -> None:
    journal, true = whole("ordinary_week")
    first, second, third = waymarks(journal.entries, DAY, 2 * DAY, 3 * DAY)
    unreadable = Waymark(second.index - first.index, second.at, NOT_THIS_VERSIONS)
    third = Waymark(third.index - first.index, third.at, third.state)
    entries = journal.entries[first.index :]
    found = gather(Journal("a journal", entries, first.state, waymarks=(unreadable,)))
    assert told(found, before=0.0, after=DAY) == told(true, before=0.0, after=DAY)
    later = gather(Journal("a journal", entries, NOT_THIS_VERSIONS, waymarks=(unreadable, third)))
    assert later.began >= 3 * DAY
    assert told(later, before=0.0, after=3 * DAY) == told(true, before=0.0, after=3 * DAY)
    with pytest.raises(DecrocheError, match="begins with a state that this version cannot read"):
        gather(Journal("a journal", entries, NOT_THIS_VERSIONS, waymarks=(unreadable,)))
