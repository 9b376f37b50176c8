from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from router.core.commands import Outcome, ReportAnswer, ReportOutcome
from router.web.wallboard.shape import Tally
from router.web.wallboard.today import Today

PARIS = ZoneInfo("Europe/Paris")
MIDNIGHT = datetime(2026, 10, 25, tzinfo=PARIS).timestamp()
"""Of the day that has 25 hours there."""
LINE = "health"


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def ended(outcome: Outcome) -> ReportOutcome:
    return ReportOutcome("1.1", LINE, outcome, 3.0, 60.0, 1)


def answered(waited_seconds: float) -> ReportAnswer:
    return ReportAnswer("1.1", LINE, "anne", waited_seconds)


def keep(today: Today) -> None:
    day = today.to_write()
    assert day is not None
    today.write(day)


def test_calls_are_counted_as_they_end_and_answers_by_whether_they_were_in_time(
    tmp_path: Path,
) -> None:
    today = Today(tmp_path, PARIS, Clock(MIDNIGHT + 60.0))
    for command in (answered(20.0), answered(20.1), ended("answered"), ended("lost")):
        today.record(command, target_seconds=20.0)
    assert today.of(LINE) == Tally(answered=1, lost=1, heard=2, in_time=1)


def test_a_daemon_that_starts_again_goes_on_counting(tmp_path: Path) -> None:
    clock = Clock(MIDNIGHT + 3_600.0)
    before = Today(tmp_path, PARIS, clock)
    before.record(ended("answered"))
    keep(before)
    clock.now += 3_600.0
    after = Today(tmp_path, PARIS, clock)
    after.record(ended("answered"))
    assert after.of(LINE).answered == 2
    assert after.since == MIDNIGHT + 3_600.0


def test_the_day_ends_at_the_sites_midnight_and_then_begins_from_there(tmp_path: Path) -> None:
    clock = Clock(MIDNIGHT + 60.0)
    today = Today(tmp_path, PARIS, clock)
    today.record(ended("lost"))
    clock.now = MIDNIGHT + 24.9 * 3_600.0
    assert today.of(LINE).lost == 1
    clock.now = MIDNIGHT + 25.1 * 3_600.0
    assert today.of(LINE) == Tally()
    assert today.since == MIDNIGHT + 25.0 * 3_600.0


def test_what_was_counted_yesterday_is_not_todays(tmp_path: Path) -> None:
    clock = Clock(MIDNIGHT + 60.0)
    before = Today(tmp_path, PARIS, clock)
    before.record(ended("lost"))
    keep(before)
    clock.now += 86_400.0 * 2
    after = Today(tmp_path, PARIS, clock)
    assert (after.of(LINE), after.since) == (Tally(), clock.now)


def test_nothing_is_written_that_is_on_disk_already(tmp_path: Path) -> None:
    today = Today(tmp_path, PARIS, Clock(MIDNIGHT))
    assert today.to_write() is None
    today.record(ended("lost"))
    keep(today)
    assert today.to_write() is None


def test_a_file_that_cannot_be_read_or_written_is_told_and_counting_begins_now(
    tmp_path: Path,
) -> None:
    (tmp_path / "today.json").write_text("what is this")
    with capture_logs() as told:
        today = Today(tmp_path, PARIS, Clock(MIDNIGHT + 9.0))
        today.record(ended("lost"))
        (tmp_path / "today.begun").mkdir()
        keep(today)
    assert [one["event"] for one in told] == ["today_unreadable", "today_unwritable"]
    assert today.since == MIDNIGHT + 9.0
    assert today.of(LINE).lost == 1
