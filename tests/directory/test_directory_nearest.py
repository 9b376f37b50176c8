from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.directory.departments import DEPARTMENTS, code_of, distance_km
from router.directory.nearest import nearest
from router.directory.shape import DirectoryFile, Entry

codes = st.sampled_from(sorted(DEPARTMENTS))
METROPOLITAN = [code for code in DEPARTMENTS if len(code) == 2]


def entry(department: str | None, kind: str = "psychologist") -> Entry:
    return Entry(kind, f"in {department}", "01 99 00 10 01", "10", department)


def directory(*entries: Entry) -> DirectoryFile:
    return DirectoryFile({}, {f"entry-{place}": one for place, one in enumerate(entries)})


def found(of: DirectoryFile, department: str, most: int = 5) -> list[str | None]:
    return [one.entry.department for one in nearest(of, department, most=most)]


def test_each_department_has_a_place_overseas_too() -> None:
    assert len(METROPOLITAN) == 96
    assert {"2A", "2B", "971", "972", "973", "974", "976"} <= set(DEPARTMENTS)
    for code in METROPOLITAN:
        assert 41 < DEPARTMENTS[code].north < 51.2
        assert -5 < DEPARTMENTS[code].east < 10


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ("75", "69", 392),
        ("75", "13", 661),
        ("75", "67", 397),
        ("59", "06", 834),
        ("974", "976", 1411),
    ],
)
def test_departments_are_as_far_apart_as_their_prefectures(one: str, other: str, km: int) -> None:
    assert distance_km(one, other) == pytest.approx(km, rel=0.02)


@given(codes, codes, codes)
def test_distance_is_the_same_both_ways_and_no_detour_is_shorter(a: str, b: str, c: str) -> None:
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, b) <= distance_km(a, c) + distance_km(c, b) + 1e-6
    assert (distance_km(a, b) == 0) == (a == b)


def test_a_neighbour_across_the_border_of_a_region_comes_before_the_regions_other_end() -> None:
    assert found(directory(entry("15"), entry("71")), "69") == ["71", "15"]


def test_overseas_the_nearest_may_be_another_island() -> None:
    assert found(directory(entry("75"), entry("974"), entry("972")), "971") == ["972", "75", "974"]


def test_whoever_is_there_for_the_whole_country_comes_after_those_who_have_a_place() -> None:
    assert found(directory(entry(None), entry("988"), entry("75")), "75") == ["75", "988", None]


def test_of_a_kind_only_that_kind_is_shown() -> None:
    both = directory(entry("75", "unit"), entry("69"), entry(None, "unit"))

    assert [one.entry.kind for one in nearest(both, "69", "unit")] == ["unit", "unit"]


def test_no_more_are_shown_than_asked_for_and_equally_near_ones_stand_as_in_the_file() -> None:
    many = directory(*(entry("69") for _ in range(4)), *(entry(None) for _ in range(4)))

    assert [one.entry for one in nearest(many, "69", most=2)] == [
        many.entries["entry-0"],
        many.entries["entry-1"],
        many.entries["entry-4"],
        many.entries["entry-5"],
    ]


@given(st.lists(codes, max_size=6), codes)
def test_the_first_is_as_near_as_any(departments: list[str], asked: str) -> None:
    away = [one.away_km for one in nearest(directory(*map(entry, departments)), asked)]

    every = sorted(distance_km(asked, one) for one in departments)
    assert away == every[:5]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("69", "69"),
        ("1", "01"),
        ("2b", "2B"),
        ("974", "974"),
        ("Rhône", "69"),
        ("rhone", "69"),
        ("val d'oise", "95"),
        ("VAL\u2011D\u2019OISE".replace("\u2011", "-"), "95"),
        ("la réunion", "974"),
        ("20", None),
        ("96", None),
        ("", None),
        ("\u0666\u0669", None),
    ],
)
def test_a_department_is_known_by_its_code_or_its_name(said: str, code: str | None) -> None:
    assert code_of(said) == code
