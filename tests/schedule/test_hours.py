from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.schedule import AT_ALL_HOURS, NO_HOURS, Hours, Week, parse_hours, parse_week, weekly

WEDNESDAY = date(2026, 11, 11)
CHRISTMAS_EVE = date(2026, 12, 24)


def on(hours: Hours, day: date, *, is_holiday: bool = False) -> list[str]:
    return [
        f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        for start, end in hours.on(day, is_holiday=is_holiday)
    ]


def test_a_holiday_is_a_day_like_any_other_unless_the_hours_say_so() -> None:
    hours = parse_hours(["mon-fri 08:00-20:00"])

    assert on(hours, WEDNESDAY, is_holiday=True) == on(hours, WEDNESDAY) == ["08:00-20:00"]


def test_hours_can_be_others_on_holidays() -> None:
    hours = parse_hours(["mon-fri 08:00-20:00 not holidays", "holidays 10:00-18:00"])

    assert on(hours, WEDNESDAY) == ["08:00-20:00"]
    assert on(hours, WEDNESDAY, is_holiday=True) == ["10:00-18:00"]
    assert on(hours, date(2026, 11, 1), is_holiday=True) == ["10:00-18:00"]


def test_a_night_that_begins_before_a_holiday_is_not_the_holidays() -> None:
    hours = parse_hours(["mon-sun 22:00-07:00 not holidays"])

    assert on(hours, date(2026, 11, 10)) == ["22:00-31:00"]
    assert on(hours, WEDNESDAY, is_holiday=True) == []


def test_a_date_can_have_hours_besides() -> None:
    hours = parse_hours(["mon-fri 08:00-20:00", "2026-12-24 20:00-23:00"])

    assert on(hours, CHRISTMAS_EVE) == ["08:00-20:00", "20:00-23:00"]


def test_a_date_can_be_left_out_or_have_other_hours() -> None:
    closed = parse_hours(["mon-fri 08:00-20:00", "not 2026-12-24"])
    shorter = parse_hours(["mon-fri 08:00-20:00", "not 2026-12-24", "2026-12-24 08:00-14:00"])

    assert on(closed, CHRISTMAS_EVE) == []
    assert on(shorter, CHRISTMAS_EVE) == ["08:00-14:00"]
    assert on(shorter, date(2026, 12, 25)) == ["08:00-20:00"]


@pytest.mark.parametrize(
    "text",
    [
        "holidays",
        "holiday 10:00-18:00",
        "holidays 10:00-18:00 not holidays",
        "mon 10:00-18:00 not holiday",
        "mon 10:00-18:00  not holidays",
        "2026-12-24",
        "2026-12-24 08:00-14:00 not holidays",
        "24/12/2026 08:00-14:00",
        "not",
        "not mon",
        "not 2026-12-24 08:00-14:00",
        "not 2026-12-24\n",
        "not \u0662026-12-24",
    ],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a window like 'mon-fri 08:00-20:00'"):
        parse_hours([text])


@pytest.mark.parametrize("text", ["2026-02-30 08:00-14:00", "not 2026-13-01", "not 0000-01-01"])
def test_a_date_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a date that there is"):
        parse_hours([text])


@pytest.mark.parametrize("text", ["holidays 10:00-18:00", "2026-12-24 08:00-14:00"])
def test_what_holds_for_any_week_has_no_days_of_its_own(text: str) -> None:
    with pytest.raises(ValueError, match="expected a window of any week"):
        parse_week([text])


windows = st.builds(
    lambda days, opens, closes, on_holidays: f"{days} {opens}-{closes}{on_holidays}",
    st.sampled_from(["mon", "sun", "mon-fri", "sat-sun", "fri-tue"]),
    st.sampled_from(["00:00", "06:30", "22:00"]),
    st.sampled_from(["05:59", "12:00", "24:00"]),
    st.sampled_from(["", " not holidays"]),
)


@given(st.lists(windows, min_size=1, max_size=4))
def test_the_week_of_some_hours_is_a_week_of_their_days(texts: list[str]) -> None:
    hours = parse_hours(texts)

    assert weekly(hours.week()).week() == hours.week()
    assert hours.week(of_holidays=True) - hours.week() == Week(())


def test_all_hours_and_none_are_so_on_holidays_too() -> None:
    assert [AT_ALL_HOURS.week(of_holidays=one) for one in (False, True)] == [
        Week(((0, 10080),))
    ] * 2
    assert NO_HOURS.week() == NO_HOURS.week(of_holidays=True) == Week(())
