"""How often calls come, and how long they last: learnt, and forgotten."""

from __future__ import annotations

import pytest

from router.core.pace import MEMORY_SECONDS, PRIOR_TALK_SECONDS, Pace, TalkTime

DAY = 86_400.0


def pace_of(calls_an_hour: int, hours: int) -> Pace:
    pace = Pace(seen_at=0.0)
    for hour in range(hours):
        for minute in range(60):
            comes = minute % (60 // calls_an_hour) == 0
            pace.see(int(comes), hour * 3_600.0 + minute * 60.0)
    return pace


def test_a_line_of_which_nothing_is_known_is_taken_to_have_a_call_an_hour() -> None:
    assert Pace(seen_at=0.0).calls_a_second == pytest.approx(1.0 / 3_600.0)


def test_the_rate_is_learnt_within_a_day() -> None:
    assert pace_of(20, 24).calls_a_second * 3_600.0 == pytest.approx(20.0, rel=0.2)


def test_a_surge_is_seen_at_once_and_forgotten_in_a_day() -> None:
    pace = pace_of(1, 24)
    before = pace.calls_a_second
    pace.see(60, DAY + 60.0)
    assert pace.calls_a_second > 10.0 * before
    pace.see(0, 2.0 * DAY)
    assert pace.calls_a_second < before


def test_a_clock_that_was_set_back_does_no_harm() -> None:
    pace = pace_of(1, 24)
    before = pace.calls_a_second
    pace.see(0, MEMORY_SECONDS)
    assert pace.calls_a_second == before


def test_how_long_talks_last_is_learnt() -> None:
    talk_time = TalkTime()
    assert talk_time.mean_seconds == PRIOR_TALK_SECONDS
    for _ in range(500):
        talk_time.ended(600.0)
    assert talk_time.mean_seconds == pytest.approx(600.0, rel=0.02)
