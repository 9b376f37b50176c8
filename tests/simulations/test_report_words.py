from __future__ import annotations

import pytest

from router.report.numbers import ENGLISH, FRENCH, NOTHING, plain
from simulations.report import moments
from simulations.report.moments import Span, most

HOUR = 3600.0
DAY = 24 * HOUR


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (1.0, "100 %", "100 %"),
        (0.999999, "99.99 %", "99,99 %"),
        (0.57, "57 %", "57 %"),
        (0.123456, "12.34 %", "12,34 %"),
        (0.00001, "< 0.01 %", "< 0,01 %"),
        (0.0, "0 %", "0 %"),
        (None, NOTHING, NOTHING),
    ],
)
def test_a_share_says_100_percent_only_of_all_and_0_only_of_none(
    share: float | None, english: str, french: str
) -> None:
    assert (spaced(ENGLISH.share(share)), spaced(FRENCH.share(share))) == (english, french)


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0.0, "0 s", "0 s"),
        (3.24, "3.2 s", "3,2 s"),
        (59.94, "59.9 s", "59,9 s"),
        (59.97, "1 min 00 s", "1 min 00 s"),
        (3599.6, "1 h 00 min", "1 h 00 min"),
        (7260.0, "2 h 01 min", "2 h 01 min"),
        (3.5 * DAY, "3.5 days", "3,5 jours"),
        (1095 * DAY, "1,095 days", "1 095 jours"),
        (None, NOTHING, NOTHING),
    ],
)
def test_a_length_of_time_has_its_unit(seconds: float | None, english: str, french: str) -> None:
    assert (spaced(ENGLISH.seconds(seconds)), spaced(FRENCH.seconds(seconds))) == (english, french)


def test_an_instant_is_a_clock_time_and_its_day_where_weeks_repeat() -> None:
    assert moments.english(6 * DAY + 3 * HOUR + 724) == "Sunday 03:12:04"
    assert moments.english(7 * DAY) == "Monday 00:00:00 (day 8)"
    assert moments.french(7 * DAY) == "lundi 00:00:00 (jour 8)"


@pytest.mark.parametrize(
    ("hours", "span", "english", "french"),
    [
        ([147, 148, 148], Span(147, 2, weekly=True, whole=True),
         "on Sunday between 03:00 and 05:00",
         "le dimanche entre 3 h et 5 h"),
        ([167, 167, 168], Span(167, 2, weekly=True, whole=True),
         "between Sunday 23:00 and Monday 01:00",
         "entre le dimanche 23 h et le lundi 1 h"),
        ([23, 23 + 168], Span(23, 1, weekly=True, whole=True),
         "on Monday between 23:00 and 24:00",
         "le lundi entre 23 h et minuit"),
        ([23, 48, 73], Span(23, 3, weekly=False, whole=True),
         "between 23:00 and 02:00",
         "entre 23 h et 2 h"),
    ],
)  # fmt: skip
def test_the_hours_named_are_the_shortest_that_hold_nearly_all(
    hours: list[int], span: Span, english: str, french: str
) -> None:
    found = most(hour * HOUR for hour in hours)
    assert found == span
    assert (found.english(), spaced(found.french())) == (english, french)


def test_hours_with_more_than_half_are_named_when_none_has_nearly_all() -> None:
    hours = [147, 147, 148, 10, 60]
    assert most(hour * HOUR for hour in hours) == Span(147, 2, weekly=True)


def test_no_hours_are_named_when_half_fell_elsewhere() -> None:
    assert most(hour * 7 * HOUR for hour in range(24)) is None


def test_a_name_cannot_steer_a_terminal_or_turn_the_text_around() -> None:
    assert plain("a\x1b[31m\u202eb\x00\ud800\n") == "a\ufffd[31m\ufffdb\ufffd\ufffd\ufffd"
    assert plain("Zoé <b>") == "Zoé <b>"
