"""The hour that a listener and a caller have agreed on, as the instant that they mean."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.schedule.time_of_day import next_at, read_time

PARIS = ZoneInfo("Europe/Paris")
FORWARD = datetime(2026, 3, 29, 1, tzinfo=UTC)
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("keyed", "meant"), [("0000", time(0)), ("0905", time(9, 5)), ("2359", time(23, 59))]
)
def test_four_digits_are_a_time_of_day(keyed: str, meant: time) -> None:
    assert read_time(keyed) == meant


@pytest.mark.parametrize(
    "keyed",
    [
        "",
        "9",
        "905",
        "2400",
        "1260",
        "09:05",
        "09055",
        " 0905",
        "0905\n",
        "\u0660\u0669\u0660\u0665",
    ],
)
def test_what_is_no_time_of_day_is_refused(keyed: str) -> None:
    with pytest.raises(ValueError, match="expected four digits"):
        read_time(keyed)


@pytest.mark.parametrize(
    ("after", "at", "meant"),
    [
        ((2026, 11, 22, 9, 0), time(14, 30), (2026, 11, 22, 14, 30)),
        ((2026, 11, 22, 23, 50), time(0, 10), (2026, 11, 23, 0, 10)),
        ((2026, 11, 22, 14, 30), time(14, 30), (2026, 11, 23, 14, 30)),
        ((2026, 12, 31, 20, 0), time(9, 0), (2027, 1, 1, 9, 0)),
    ],
)
def test_a_time_is_the_next_one_that_the_clock_of_the_site_shows(
    after: tuple[int, ...], at: time, meant: tuple[int, ...]
) -> None:
    found = next_at(at, datetime(*after, tzinfo=PARIS), PARIS)  # type: ignore[arg-type,misc]
    assert found == datetime(*meant, tzinfo=PARIS)  # type: ignore[arg-type,misc]


def test_tomorrow_is_tomorrow_over_both_clock_changes() -> None:
    for change in (FORWARD, BACK):
        evening = change - timedelta(hours=8)
        wall = next_at(time(9), evening, PARIS).astimezone(PARIS)
        assert (wall.date(), wall.time()) == (change.date(), time(9))


def test_a_time_that_comes_twice_is_the_one_that_is_still_to_come() -> None:
    first = next_at(time(2, 30), BACK - timedelta(hours=3), PARIS)
    assert first == BACK - timedelta(minutes=30)
    assert next_at(time(2, 30), first, PARIS) == BACK + timedelta(minutes=30)


def test_a_time_that_never_comes_is_as_long_after_midnight_as_on_any_day() -> None:
    found = next_at(time(2, 30), FORWARD - timedelta(hours=3), PARIS)
    assert found == FORWARD + timedelta(minutes=30)


@given(
    st.integers(0, 4_000_000_000).map(lambda at: datetime.fromtimestamp(at, PARIS)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
)
def test_a_time_is_always_to_come_and_within_a_day_of_the_clock(after: datetime, at: time) -> None:
    found = next_at(at, after, PARIS)
    assert timedelta() < found - after <= timedelta(hours=25)
