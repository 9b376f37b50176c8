from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.schedule import ALWAYS, NEVER, Week, parse_week


def minutes(week: Week) -> set[int]:
    return {minute for start, end in week.spans for minute in range(start, end)}


windows = st.builds(
    lambda days, opens, closes: f"{days} {opens}-{closes}",
    st.sampled_from(["mon", "sun", "mon-fri", "sat-sun", "fri-tue"]),
    st.sampled_from(["00:00", "06:30", "22:00"]),
    st.sampled_from(["05:59", "12:00", "24:00"]),
)
weeks = st.lists(windows, max_size=3).map(parse_week)


def test_a_window_over_midnight_ends_the_next_day() -> None:
    assert str(parse_week(["fri 22:00-06:00"])) == "fri 22:00-sat 06:00"


def test_a_window_over_sunday_midnight_ends_on_monday() -> None:
    assert str(parse_week(["sun 22:00-06:00"])) == "mon 00:00-06:00, sun 22:00-24:00"


def test_days_may_run_over_the_weekend() -> None:
    assert str(parse_week(["sun-mon 08:00-09:00"])) == "mon 08:00-09:00, sun 08:00-09:00"


def test_windows_that_meet_are_one() -> None:
    assert str(parse_week(["sat 22:00-24:00", "sun 00:00-06:00"])) == "sat 22:00-sun 06:00"


def test_whole_days_make_a_whole_week() -> None:
    assert parse_week(["mon-sun 00:00-24:00"]) == ALWAYS
    assert parse_week(["mon-sun 12:00-11:59", "mon-sun 11:00-13:00"]) == ALWAYS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon",
        "mon 8:00-9:00",
        "mon 08:00-08:00",
        "mon 24:00-08:00",
        "mon 08:00-25:00",
        "mon 08:60-09:00",
        "lun 08:00-09:00",
        "mon 08:00-09:00\n",
        "mon \u0660\u0668:00-09:00",
        "Mon 08:00-09:00",
    ],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a window"):
        parse_week([text])


@given(weeks, weeks)
def test_weeks_work_as_sets_of_minutes(one: Week, other: Week) -> None:
    assert minutes(one & other) == minutes(one) & minutes(other)
    assert minutes(one | other) == minutes(one) | minutes(other)
    assert minutes(one - other) == minutes(one) - minutes(other)


@given(weeks, weeks)
def test_equal_minutes_are_equal_weeks(one: Week, other: Week) -> None:
    assert (one | other) == (other | one)
    assert one - one == NEVER
    assert (one - other) | (one & other) == one
