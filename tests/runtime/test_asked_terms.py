"""What is to be had of those who ask for a call-back without a call, and when they are called."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from router.numbers.call_back import CallBackNumbers
from router.runtime.asked_terms import Judge
from router.web.counter import PromiseRefused, Refused
from tests.runtime.counter_house import asked
from tests.runtime.promise_house import E164, hash_caller, settings_in

OWN = "0199000001"
HOUR = 3_600.0
DAY = 24 * HOUR


def at(written: str) -> float:
    """Give the epoch second of a wall clock's time, written with its offset."""
    return datetime.fromisoformat(written).timestamp()


NOON = at("2026-11-16T12:00+01:00")


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Give who judges for a site in Paris that calls back from 8 to 22 h, within an hour."""
    settings = settings_in(tmp_path, 'hours = "08:00-22:00"')
    carers, anne = settings.lines["carers"], settings.listeners["anne"]
    site = replace(
        settings,
        lines={
            "carers": carers,
            "silent": replace(carers, call_back=None),
            "led": replace(carers, senior_ladder=carers.ladder),
        },
        listeners={**settings.listeners, "anne": replace(anne, code="042")},
    )
    return Judge(site, CallBackNumbers([OWN], international=False), hash_caller)


def test_who_asks_for_now_is_called_by_their_number_within_what_the_line_promises(
    judge: Judge,
) -> None:
    terms = judge.terms(asked("06 39 98 00 42", listener="042"), NOON)
    assert (terms.number, terms.caller) == (E164, hash_caller(E164))
    assert (terms.line, terms.origin, terms.usual) == ("carers", "ops", "anne")
    assert (terms.place_at, terms.not_before, terms.due_by) == (NOON, NOON, NOON + HOUR)


def test_who_asks_at_night_is_called_from_the_morning_on_and_keeps_their_place(
    judge: Judge,
) -> None:
    night, morning = at("2026-11-16T23:30+01:00"), at("2026-11-17T08:00+01:00")
    terms = judge.terms(asked(), night)
    assert (terms.place_at, terms.not_before, terms.due_by) == (night, morning, morning + HOUR)


def test_what_the_line_promises_is_counted_in_its_hours(judge: Judge) -> None:
    terms = judge.terms(asked(), at("2026-11-16T21:50+01:00"))
    assert terms.due_by == at("2026-11-17T08:50+01:00")


def test_a_window_is_kept_as_far_as_the_lines_hours_go(judge: Judge) -> None:
    begins, ends = at("2026-11-17T06:00+01:00"), at("2026-11-17T09:00+01:00")
    terms = judge.terms(asked(begins=begins, ends=ends), NOON)
    assert (terms.place_at, terms.due_by) == (begins, ends)
    assert terms.not_before == at("2026-11-17T08:00+01:00")


def test_a_window_that_has_begun_is_now(judge: Judge) -> None:
    terms = judge.terms(asked(begins=NOON - 3 * HOUR, ends=NOON + 2 * HOUR), NOON)
    assert (terms.place_at, terms.not_before, terms.due_by) == (NOON, NOON, NOON + 2 * HOUR)
    slow_clock = judge.terms(asked(begins=NOON - 60.0), NOON)
    assert slow_clock.not_before == NOON


def test_the_morning_is_the_sites_own_after_the_clock_change_too(judge: Judge) -> None:
    before = at("2026-10-24T23:30+02:00")
    assert judge.terms(asked(), before).not_before == at("2026-10-25T08:00+01:00")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("15", "emergency"),
        ("112", "emergency"),
        ("3919", "short"),
        (f"0899{0:06}", "premium"),
        ("+", "not_a_number"),
        ("", "not_a_number"),
        ("3" * 40, "not_a_number"),
        ("٠٦٣٩٩٨٠٠٤٢", "not_a_number"),
        (OWN, "own_line"),
        ("+12025550123", "international"),
    ],
)
def test_a_number_that_is_not_called_back_is_refused_and_not_shown(
    judge: Judge, number: str, reason: Refused
) -> None:
    with pytest.raises(PromiseRefused) as refused:
        judge.terms(asked(number), NOON)
    assert refused.value.reason == reason
    assert len(number) < 2 or number not in str(refused.value)


@pytest.mark.parametrize(
    ("begins", "ends", "reason"),
    [
        (NOON - HOUR, None, "window_past"),
        (None, NOON - 1.0, "window_past"),
        (NOON - 2 * HOUR, NOON - HOUR, "window_past"),
        (NOON + 2 * HOUR, NOON + HOUR, "window_backwards"),
        (NOON + HOUR, NOON + HOUR, "window_backwards"),
        (NOON + 31 * DAY, None, "window_too_far"),
        (None, NOON + 31 * DAY, "window_too_far"),
        (float("inf"), None, "window_too_far"),
        (1e300, None, "window_too_far"),
        (at("2026-11-16T22:30+01:00"), at("2026-11-17T07:30+01:00"), "outside_hours"),
    ],
)
def test_a_window_that_cannot_be_kept_is_refused(
    judge: Judge, begins: float | None, ends: float | None, reason: Refused
) -> None:
    with pytest.raises(PromiseRefused) as refused:
        judge.terms(asked(begins=begins, ends=ends), NOON)
    assert refused.value.reason == reason


@pytest.mark.parametrize("code", ["043", "", "anne", "٠٤٢", " 042"])
def test_a_code_that_is_no_listeners_is_refused(judge: Judge, code: str) -> None:
    with pytest.raises(PromiseRefused) as refused:
        judge.terms(asked(listener=code), NOON)
    assert refused.value.reason == "unknown_listener"


@pytest.mark.parametrize(("line", "reason"), [("x", "unknown_line"), ("silent", "not_offered")])
def test_a_line_that_calls_nobody_back_is_refused(judge: Judge, line: str, reason: Refused) -> None:
    with pytest.raises(PromiseRefused) as refused:
        judge.terms(replace(asked(), line=line), NOON)
    assert refused.value.reason == reason


def test_a_senior_is_promised_only_where_there_are_seniors(judge: Judge) -> None:
    with pytest.raises(PromiseRefused, match="senior_ladder"):
        judge.terms(replace(asked(), by_senior=True), NOON)
    assert judge.terms(replace(asked(), line="led", by_senior=True), NOON).by_senior
