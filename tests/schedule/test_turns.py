from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from router.schedule import NO_HOURS, Calendar, Shifts, Swap, Turns, parse_hours

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 1, 5)
NIGHTS = parse_hours(["mon-sun 22:00-07:00"])
THREE = ("emilie", "farid", "gilles")


def turns(every_days: int = 7, *swaps: Swap) -> Turns:
    return Turns(MONDAY, every_days, NIGHTS, THREE, swaps)


def duty(of: Turns, at: str) -> tuple[str, ...]:
    house = Shifts(dict.fromkeys(THREE, NO_HOURS), Calendar(PARIS), [of])
    return house.on_at(datetime.fromisoformat(at).replace(tzinfo=PARIS))


def test_each_has_a_week_in_turn() -> None:
    weeks = [turns().on_duty(MONDAY + timedelta(weeks=week)) for week in range(5)]

    assert weeks == ["emilie", "farid", "gilles", "emilie", "farid"]


def test_nobody_is_on_duty_before_the_rota_begins() -> None:
    assert turns().on_duty(MONDAY - timedelta(days=1)) is None


def test_who_begins_a_night_ends_it_though_the_turn_changes_at_midnight() -> None:
    assert duty(turns(), "2026-01-11T23:00") == ("emilie",)
    assert duty(turns(), "2026-01-12T06:59") == ("emilie",)
    assert duty(turns(), "2026-01-12T07:00") == ()
    assert duty(turns(), "2026-01-12T22:00") == ("farid",)


def test_some_days_can_be_somebody_elses_and_the_turns_go_on_as_before() -> None:
    one = turns(7, Swap(date(2026, 1, 7), date(2026, 1, 8), "gilles"))
    week = [one.on_duty(MONDAY + timedelta(days=day)) for day in range(8)]

    assert week == ["emilie"] * 2 + ["gilles"] * 2 + ["emilie"] * 3 + ["farid"]


def test_the_later_of_two_swaps_holds() -> None:
    both = [Swap(MONDAY, MONDAY, "farid"), Swap(MONDAY, MONDAY, "gilles")]

    assert turns(7, *both).on_duty(MONDAY) == "gilles"


def test_a_turn_is_on_top_of_a_listeners_own_hours() -> None:
    house = Shifts({"emilie": parse_hours(["mon 09:00-12:00"])}, Calendar(PARIS), [turns()])
    since = datetime(2026, 1, 5, 7, tzinfo=PARIS)

    assert house.on_at(since + timedelta(hours=3)) == ("emilie",)
    assert house.next_change(since + timedelta(hours=3)) == since + timedelta(hours=5)
    assert house.next_change(since + timedelta(hours=5)) == since + timedelta(hours=15)


def test_a_turn_that_is_weeks_away_is_the_next_change() -> None:
    house = Shifts({"gilles": NO_HOURS}, Calendar(PARIS), [turns()])

    assert house.next_change(datetime(2025, 12, 1, tzinfo=UTC)) == datetime(
        2026, 1, 19, 22, tzinfo=PARIS
    )


@given(st.integers(1, 20), st.integers(0, 3000))
def test_somebody_is_on_duty_each_night_and_all_as_often(every_days: int, from_day: int) -> None:
    first = MONDAY + timedelta(days=from_day * every_days * len(THREE))
    days = [turns(every_days).on_duty(first + timedelta(days=day)) for day in range(every_days * 3)]

    assert days == [name for name in THREE for _ in range(every_days)]
