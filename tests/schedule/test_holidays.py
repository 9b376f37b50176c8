from __future__ import annotations

from datetime import date

import pytest

from router.schedule import NO_HOLIDAYS, PublicHolidays

GOOD_FRIDAY = date(2026, 4, 3)


def test_france_has_its_eleven_public_holidays() -> None:
    france = PublicHolidays("FR")
    days = [date.fromordinal(day) for day in range(date(2026, 1, 1).toordinal(), 739982)]

    assert [f"{day:%d.%m}" for day in days if day in france and day.year == 2026] == [
        "01.01",
        "06.04",  # Easter Monday
        "01.05",
        "08.05",
        "14.05",  # Ascension
        "25.05",  # Pentecost Monday
        "14.07",
        "15.08",
        "01.11",
        "11.11",
        "25.12",
    ]


@pytest.mark.parametrize(
    ("place", "day"),
    [
        ("FR-57", GOOD_FRIDAY),
        ("FR-6AE", date(2026, 12, 26)),
        ("FR-971", date(2026, 5, 27)),
        ("FR-972", date(2026, 5, 22)),
        ("FR-973", date(2026, 6, 10)),
        ("FR-974", date(2026, 12, 20)),
        ("FR-976", date(2026, 4, 27)),
    ],
)
def test_a_part_of_france_has_days_of_its_own_besides(place: str, day: date) -> None:
    there = PublicHolidays(place)

    assert day in there
    assert date(2026, 7, 14) in there
    assert day not in PublicHolidays("FR")


def test_movable_feasts_come_where_easter_is_in_any_year() -> None:
    assert date(2027, 3, 29) in PublicHolidays("FR")
    assert date(2038, 4, 26) in PublicHolidays("FR")


def test_a_site_can_have_no_holidays() -> None:
    assert date(2026, 12, 25) not in NO_HOLIDAYS


@pytest.mark.parametrize(
    "place", ["", "France", "fr", "XX", "FR-", "FR-Zone A", "HolidayBase", "\x00" * 99]
)
def test_what_is_no_country_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="expected a country like 'FR'"):
        PublicHolidays(place)


@pytest.mark.parametrize("place", ["FR-67", "FR-Alsace"])
def test_a_part_that_is_not_known_is_refused_with_those_that_are(place: str) -> None:
    with pytest.raises(ValueError, match=r"FR-57, FR-6AE, FR-971, .*FR-976"):
        PublicHolidays(place)
