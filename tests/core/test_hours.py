"""When those may be rung who did not ask for it now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.core.hours import after_allowed, left_of_hours, next_allowed, terms
from router.core.policy import CallBack, ClockChange, Policy

HOUR = 3600.0
DAY = CallBack(hours_seconds=(8 * HOUR, 22 * HOUR), within_seconds=HOUR)
NIGHT = CallBack(hours_seconds=(20 * HOUR, 4 * HOUR))


def utc(_at: float) -> float:
    return 0.0


def site(before: float, after: float) -> Policy:
    """Have a clock that is so many hours ahead of UTC, and others from 25 h on."""
    change = ClockChange(25 * HOUR, after * HOUR)
    return Policy(lines={}, listeners={}, utc_offset_seconds=before * HOUR, clock_change=change)


AUTUMN, SPRING = site(2.0, 1.0), site(1.0, 2.0)
"""As in Paris: 03:00 becomes 02:00, and 02:00 becomes 03:00. Local midnight is at 22 h or 23 h."""


@pytest.mark.parametrize(
    ("rules", "at", "first"),
    [
        (DAY, 9.0, 9.0),
        (DAY, 8.0, 8.0),
        (DAY, 22.0, 32.0),
        (DAY, 3.0, 8.0),
        (NIGHT, 23.0, 23.0),
        (NIGHT, 3.0, 3.0),
        (NIGHT, 4.0, 20.0),
    ],
)
def test_the_first_moment_is_now_or_when_the_hours_begin(
    rules: CallBack, at: float, first: float
) -> None:
    assert next_allowed(at * HOUR, rules, utc) == first * HOUR


@pytest.mark.parametrize(
    ("rules", "at", "hours", "then"),
    [
        (DAY, 9.0, 1.0, 10.0),
        (DAY, 21.5, 1.0, 32.5),
        (DAY, 23.0, 1.0, 33.0),
        (DAY, 9.0, 20.0, 39.0),
        (NIGHT, 3.5, 1.0, 20.5),
    ],
)
def test_only_the_hours_in_which_they_may_be_rung_count(
    rules: CallBack, at: float, hours: float, then: float
) -> None:
    assert after_allowed(at * HOUR, hours * HOUR, rules, utc) == pytest.approx(then * HOUR)


def test_the_clock_on_the_wall_is_what_counts() -> None:
    assert next_allowed(7.5 * HOUR, DAY, lambda _: HOUR) == 7.5 * HOUR


def test_who_was_on_the_line_is_rung_by_night_and_who_left_in_the_morning() -> None:
    assert terms("crash", 3 * HOUR, DAY, utc) == (3 * HOUR, 4 * HOUR)
    assert terms("hang_up", 3 * HOUR, DAY, utc) == (8 * HOUR, 9 * HOUR)


@pytest.mark.parametrize(("policy", "morning"), [(AUTUMN, 31.0), (SPRING, 30.0)])
def test_in_the_night_in_which_the_clock_changes_the_morning_is_that_of_the_new_clock(
    policy: Policy, morning: float
) -> None:
    late_in_the_evening = (31.0 - 9.0) * HOUR
    assert terms("hang_up", late_in_the_evening, DAY, policy.utc_offset_at) == (
        morning * HOUR,
        (morning + 1.0) * HOUR,
    )


@pytest.mark.parametrize(
    ("policy", "ends", "over"),
    [
        (AUTUMN, 4.0, 27.0),
        # These come twice: the first time counts.
        (AUTUMN, 2.5, 24.5),
        (SPRING, 4.0, 26.0),
        # This one never comes.
        (SPRING, 2.5, 25.5),
    ],
)
def test_hours_over_a_change_of_the_clock_are_as_long_as_they_are(
    policy: Policy, ends: float, over: float
) -> None:
    rules = CallBack(hours_seconds=(20 * HOUR, ends * HOUR))
    assert left_of_hours(24 * HOUR, rules, policy.utc_offset_at) == (over - 24.0) * HOUR


@given(
    at=st.floats(0.0, 60 * HOUR),
    hours=st.floats(0.0, 30.0),
    policy=st.sampled_from([AUTUMN, SPRING]),
    rules=st.tuples(st.integers(0, 47), st.integers(0, 47)).filter(lambda it: it[0] != it[1]),
)
def test_whatever_the_hours_somebody_may_be_rung_in_the_end(
    at: float, hours: float, policy: Policy, rules: tuple[int, int]
) -> None:
    begins, ends = rules
    line = CallBack(hours_seconds=(begins * HOUR / 2, ends * HOUR / 2))
    begin = next_allowed(at, line, policy.utc_offset_at)
    assert at <= begin <= at + 25 * HOUR
    assert after_allowed(at, hours * HOUR, line, policy.utc_offset_at) >= begin + hours * HOUR
