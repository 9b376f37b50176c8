from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from router.report.span import Span, SpanError, hours_by, span_of
from tests.report.stages import HOUR, PARIS, call, facts_of, figures, week_report


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp()


def test_the_last_day_is_included_and_days_are_those_of_the_service() -> None:
    span = span_of("2026-01-01", "2026-01-31", PARIS)
    assert span.began == datetime(2025, 12, 31, 23, tzinfo=UTC).timestamp()
    assert span.ended == datetime(2026, 1, 31, 23, tzinfo=UTC).timestamp()


def test_a_time_is_the_services_own_unless_it_says_otherwise() -> None:
    span = span_of("2026-01-05T08:00", "2026-01-05T18:00+00:00", PARIS)
    assert span.ended - span.began == 11 * HOUR


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [("2026-03-29", "2026-03-29", 23), ("2026-10-25", "2026-10-25", 25)],
    ids=["to summer time", "to winter time"],
)
def test_a_day_of_23_or_25_hours_has_so_many(begins: str, ends: str, hours: int) -> None:
    span = span_of(begins, ends, PARIS)
    assert span.ended - span.began == hours * HOUR
    by_hour = hours_by(span.quarters(), lambda local: local.hour)
    assert sum(by_hour.values()) == hours
    assert by_hour.get(2, 0.0) == {23: 0.0, 25: 2.0}[hours]
    assert by_hour[3] == 1.0


def test_both_hours_that_a_clock_shows_twice_count_as_that_hour() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()
    span = span_of("2026-10-25", "2026-10-25", PARIS)
    assert span.local(first).hour == span.local(first + HOUR).hour == 2


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Europe/Paris", "UTC"])
def test_hours_add_up_in_any_zone_though_a_span_begins_within_one(zone: str) -> None:
    whole = span_of("2026-01-01", "2026-01-03", ZoneInfo(zone))
    late = Span(whole.began + 17, whole.ended, whole.zone)
    by_hour = hours_by(late.quarters(), lambda local: local.hour)
    assert sum(by_hour.values()) == pytest.approx(72 - 17 / HOUR)
    assert by_hour[23] == 3


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("2026-02-01", "2026-01-01", "expected the earlier one first"),
        ("2026-01-01T08:00", "2026-01-01T08:00", "leaves nothing before"),
        ("yesterday", "2026-01-01", "--from yesterday: expected a day such as"),
        ("2026-01-01", "2026-13-01", "--to 2026-13-01: expected a day such as"),
        ("2026-01-01", "9999-12-31", "expected a day of our time"),
    ],
)
def test_a_span_that_cannot_be_is_refused_with_what_was_expected(
    begins: str, ends: str, words: str
) -> None:
    with pytest.raises(SpanError, match=words):
        span_of(begins, ends, PARIS)


def test_calls_count_for_the_hour_on_the_wall_in_which_they_arrived() -> None:
    calls = [call(number, at=at("2026-01-06T23:59:59") + number / 10) for number in range(20)]
    report = week_report(facts_of(calls))
    assert figures(report, "by_hour", "23")["calls"] == 10
    assert figures(report, "by_hour", "00")["calls"] == 10
    assert figures(report, "by_weekday", "tuesday")["calls"] == 10
    assert figures(report, "by_weekday", "wednesday")["calls_per_observed_hour"] == 10 / 24


def test_a_span_of_which_the_journal_holds_nothing_is_refused() -> None:
    facts = facts_of([call(1)])
    facts.began = at("2026-02-01T00:00")
    facts.ended = at("2026-02-02T00:00")
    with pytest.raises(SpanError, match=r"goes from 2026-02-01 00:00 to 2026-02-02 00:00"):
        week_report(facts)


def test_a_line_that_is_not_there_is_refused_and_those_that_are_named() -> None:
    with pytest.raises(SpanError, match=r"no such line; known are health, police"):
        week_report(facts_of([call(1), call(2, line="police")]), line="polcie")
