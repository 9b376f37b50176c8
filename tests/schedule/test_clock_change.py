from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.schedule import Calendar

PARIS = Calendar(ZoneInfo("Europe/Paris"))
CHANGES = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("change", CHANGES)
@given(before=st.floats(0.001, 60.0))
def test_a_clock_change_within_the_minute_is_found_to_the_second(
    change: datetime, before: float
) -> None:
    assert PARIS.clock_change(change - timedelta(seconds=before), MINUTE) == change


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_over_or_further_ahead_is_not_told(change: datetime) -> None:
    assert PARIS.clock_change(change, MINUTE) is None
    assert PARIS.clock_change(change - 2 * MINUTE, MINUTE) is None


def test_where_the_clock_is_never_changed_there_is_nothing_to_be_found() -> None:
    calendar = Calendar(ZoneInfo("Indian/Reunion"))

    assert calendar.clock_change(CHANGES[0] - MINUTE, timedelta(days=100)) is None
    assert calendar.utc_offset_seconds(CHANGES[0]) == 4 * 3_600.0


def test_the_next_change_is_found_however_far_ahead_it_lies_within_a_year() -> None:
    spring, autumn = CHANGES
    assert PARIS.next_clock_change(spring - timedelta(days=150)) == spring
    assert PARIS.next_clock_change(spring - MINUTE) == spring
    assert PARIS.next_clock_change(spring) == autumn
    assert Calendar(ZoneInfo("Indian/Reunion")).next_clock_change(spring) is None
