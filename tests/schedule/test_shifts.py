from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from router.schedule import AT_ALL_HOURS, NO_HOURS, Calendar, Shifts, parse_hours

PARIS = ZoneInfo("Europe/Paris")
FORWARD = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
BACK = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


def shifts(**windows: list[str]) -> Shifts:
    return Shifts({name: parse_hours(texts) for name, texts in windows.items()}, Calendar(PARIS))


def paris(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS, fold=fold).astimezone(UTC)


def changes(of: Shifts, after: datetime, count: int) -> list[tuple[datetime, tuple[str, ...]]]:
    found = []
    for _ in range(count):
        change = of.next_change(after)
        assert change is not None
        found.append((change, of.on_at(change)))
        after = change
    return found


def test_a_listener_is_on_from_the_first_minute_up_to_the_last() -> None:
    day = shifts(anne=["mon-fri 08:00-20:00"])

    assert day.on_at(paris("2026-11-23 07:59:59")) == ()
    assert day.on_at(paris("2026-11-23 08:00:00")) == ("anne",)
    assert day.on_at(paris("2026-11-23 19:59:59.999")) == ("anne",)
    assert day.on_at(paris("2026-11-23 20:00:00")) == ()
    assert day.on_at(paris("2026-11-22 12:00:00")) == ()


def test_the_next_change_is_found_over_the_weekend() -> None:
    day = shifts(anne=["mon-fri 08:00-20:00"])

    assert day.next_change(paris("2026-11-20 20:00")) == paris("2026-11-23 08:00")


def test_a_shift_over_sunday_midnight_goes_on_without_a_change() -> None:
    night = shifts(chloe=["mon-sun 22:00-07:00"])

    assert night.next_change(paris("2026-11-22 22:00")) == paris("2026-11-23 07:00")
    assert night.on_at(paris("2026-11-23 00:00")) == ("chloe",)


def test_who_is_always_or_never_on_changes_nothing() -> None:
    still = Shifts({"anne": AT_ALL_HOURS, "emilie": NO_HOURS}, Calendar(PARIS))

    assert still.next_change(paris("2026-03-28 12:00")) is None
    assert still.on_at(FORWARD) == ("anne",)


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
def test_a_day_shift_keeps_its_wall_clock_hours_on_the_day_of_a_change(sunday: str) -> None:
    day = shifts(denis=["sun 08:00-20:00"])

    assert changes(day, paris(f"{sunday} 00:00"), 2) == [
        (paris(f"{sunday} 08:00"), ("denis",)),
        (paris(f"{sunday} 20:00"), ()),
    ]


def test_a_night_shift_lasts_an_hour_less_when_the_clock_goes_forward() -> None:
    night = shifts(chloe=["sat 22:00-07:00"])
    (on, _), (off, _) = changes(night, paris("2026-03-28 12:00"), 2)

    assert off - on == timedelta(hours=8)


def test_a_night_shift_lasts_an_hour_more_when_the_clock_goes_back() -> None:
    night = shifts(chloe=["sat 22:00-07:00"])
    (on, _), (off, _) = changes(night, paris("2026-10-24 12:00"), 2)

    assert off - on == timedelta(hours=10)


def test_shifts_that_meet_at_an_hour_that_never_comes_meet_at_the_clock_change() -> None:
    pair = shifts(anne=["sun 00:00-02:30"], bruno=["sun 02:30-06:00"])

    assert changes(pair, paris("2026-03-29 00:30"), 2) == [
        (FORWARD, ("bruno",)),
        (paris("2026-03-29 06:00"), ()),
    ]


def test_a_shift_wholly_in_the_hour_that_never_comes_is_left_out() -> None:
    blink = shifts(anne=["sun 02:10-02:50"])

    assert blink.next_change(paris("2026-03-28 12:00")) == paris("2026-04-05 02:10")


def test_shifts_that_meet_in_the_hour_that_comes_twice_overlap_and_leave_no_hole() -> None:
    pair = shifts(anne=["sun 00:00-02:30"], bruno=["sun 02:30-06:00"])

    assert changes(pair, paris("2026-10-25 00:30"), 3) == [
        (paris("2026-10-25 02:30", fold=0), ("anne", "bruno")),
        (paris("2026-10-25 02:30", fold=1), ("bruno",)),
        (paris("2026-10-25 06:00"), ()),
    ]


@pytest.mark.parametrize("change", [FORWARD, BACK])
def test_a_timer_that_follows_the_changes_sees_what_looking_each_minute_sees(
    change: datetime,
) -> None:
    house = shifts(anne=["sat-sun 00:00-02:30", "sun 12:00-01:15"], bruno=["sat-mon 02:30-12:00"])
    start = change - timedelta(hours=30)
    seen_by_minute = {}
    last = house.on_at(start)
    for minute in range(60 * 60):
        at = start + timedelta(minutes=minute)
        if house.on_at(at) != last:
            last = seen_by_minute[at] = house.on_at(at)

    seen_by_timer = dict(changes(house, start, len(seen_by_minute)))

    assert seen_by_timer == seen_by_minute
