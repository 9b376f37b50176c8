"""A whole year of shifts, both clock changes in it, against a clock that is looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from router.schedule import Calendar, Hours, PublicHolidays, Shifts, parse_hours
from tests.schedule.plain import BEGIN, DAYS, on_duty

PARIS = ZoneInfo("Europe/Paris")
MIQUELON = ZoneInfo("America/Miquelon")
REUNION = ZoneInfo("Indian/Reunion")
CHANGES_AT_MIDNIGHT = ZoneInfo("America/Santiago")
CHANGES_BY_HALF_AN_HOUR = ZoneInfo("Australia/Lord_Howe")
MOSELLE = PublicHolidays("FR-57")
END = BEGIN + timedelta(days=DAYS)
QUARTERS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)]

days = st.sampled_from(
    ["mon-sun", "sat-sun", "sun", "fri-tue", "holidays", "2026-03-29", "2026-10-25", "2026-12-24"]
)
windows = st.builds(
    lambda of, opens, closes: f"{of} {opens}-{closes}" if opens != closes else f"{of} 00:00-24:00",
    days,
    st.sampled_from(QUARTERS),
    st.sampled_from(QUARTERS),
)
weekdays = st.builds(
    "{} {}".format, windows.filter(lambda one: one[0] in "msf"), st.just("not holidays")
)
texts = st.lists(windows | weekdays | st.just("not 2026-10-25"), min_size=1, max_size=4)


def spells(hours: Hours, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    house = Shifts({"anne": hours}, Calendar(zone, MOSELLE))
    return [
        (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in house.spells(["anne"], BEGIN, END)
    ]


def ticks(hours: Hours, zone: ZoneInfo, every_minutes: int) -> set[datetime]:
    step = timedelta(minutes=every_minutes)
    return {
        start + step * look
        for start, end in spells(hours, zone)
        for look in range((end - start) // step)
    }


zones = st.sampled_from([PARIS, MIQUELON, REUNION, CHANGES_AT_MIDNIGHT, CHANGES_BY_HALF_AN_HOUR])


@settings(max_examples=8)
@example(["mon-sun 22:00-07:00"], PARIS)
@example(["mon-sun 00:00-02:00", "2026-10-25 03:00-04:00"], PARIS)
@example(["sun 02:15-02:45", "mon-sat 02:00-03:00 not holidays"], PARIS)
@example(["mon-sat 00:00-24:00", "sun 00:15-23:45"], CHANGES_AT_MIDNIGHT)
@given(texts, zones)
def test_a_year_of_any_hours_is_what_a_look_each_quarter_of_an_hour_sees(
    texts: list[str], zone: ZoneInfo
) -> None:
    hours = parse_hours(texts)

    assert ticks(hours, zone, 15) == set(on_duty(hours, zone, MOSELLE, 15))


@pytest.mark.slow
def test_a_year_of_odd_hours_is_what_a_look_each_minute_sees() -> None:
    hours = parse_hours(
        [
            "mon-fri 08:07-20:01 not holidays",
            "holidays 10:59-01:31",
            "sat-sun 21:13-02:41",
            "2026-10-25 02:17-02:18",
            "not 2026-12-31",
        ]
    )

    assert ticks(hours, PARIS, 1) == set(on_duty(hours, PARIS, MOSELLE, 1))


cuts = st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=5, unique=True).map(sorted)


@settings(max_examples=25)
@example([120, 150, 180])
@example([0, 1439])
@given(cuts)
def test_shifts_that_meet_on_paper_leave_no_instant_uncovered_all_year(cuts: list[int]) -> None:
    clocks = [f"{minute // 60:02}:{minute % 60:02}" for minute in cuts]
    shifts = [
        f"mon-sun {opens}-{closes}"
        for opens, closes in zip(clocks, [*clocks[1:], clocks[0]], strict=True)
    ]
    people = {f"listener-{place}": parse_hours([one]) for place, one in enumerate(shifts)}

    covered = Shifts(people, Calendar(PARIS)).spells(people, BEGIN, END)

    assert covered == ((int(BEGIN.timestamp()), int(END.timestamp())),)


@settings(max_examples=25)
@given(texts)
def test_following_the_changes_passes_each_beginning_and_each_end_once(texts: list[str]) -> None:
    hours = parse_hours(texts)
    house = Shifts({"anne": hours}, Calendar(PARIS, MOSELLE))
    since, until = BEGIN + timedelta(days=80), BEGIN + timedelta(days=100)
    edges = [edge for spell in spells(hours, PARIS) for edge in spell if since < edge <= until]

    followed, at = [], house.next_change(since, until - since)
    while at is not None:
        followed.append(at)
        at = house.next_change(at, until - at)

    assert followed == edges
