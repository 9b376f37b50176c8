from __future__ import annotations

from datetime import UTC, datetime

import pytest

from router.config.gaps import coming_gaps
from tests.config.trees import Tree

ROTA = """
[rotas.night]
begins = 2026-01-05
every_days = 7
hours = ["mon-sun 22:00-07:00"]
listeners = ["bruno", "anne"]
swaps = [{ first = 2026-01-08, listener = "anne" }]
"""
BY_DAY = 'shifts = ["mon-sun 07:00-22:00"]'
WEDNESDAY = datetime(2026, 1, 7, 12, tzinfo=UTC)


@pytest.fixture
def with_rota(tree: Tree) -> Tree:
    tree.listeners_path.write_text(tree.listeners_path.read_text() + ROTA, encoding="utf-8")
    return tree


def gaps(tree: Tree, since: datetime) -> list[str]:
    return list(coming_gaps(tree.load(), since))


def test_listeners_of_a_rota_are_on_duty_in_turn(with_rota: Tree) -> None:
    shifts = with_rota.load().shifts()

    assert shifts.on_at(datetime(2026, 1, 7, 23, tzinfo=UTC)) == ("anne", "bruno")
    assert shifts.on_at(datetime(2026, 1, 8, 23, tzinfo=UTC)) == ("anne",)


def test_a_rota_covers_its_hours_where_each_of_its_listeners_can_answer(with_rota: Tree) -> None:
    with_rota.spoil('shifts = "always"', BY_DAY)
    assert with_rota.load().rotas

    with_rota.spoil("22:00-07:00", "22:00-06:00")
    (only,) = with_rota.problems()
    assert "nobody can answer on mon 06:00-07:00, tue 06:00-07:00" in only


def test_a_rota_does_not_cover_a_line_that_not_all_of_its_listeners_can_take(
    with_rota: Tree,
) -> None:
    with_rota.spoil('shifts = "always"', BY_DAY)
    with_rota.spoil("health = 1, fr = 1 }\npool", "fr = 1 }\npool")

    assert with_rota.problems() == [
        (
            "decroche.toml: lines.carers: nobody can answer on mon 00:00-07:00, "
            "mon 22:00-tue 07:00, tue 22:00-wed 07:00, wed 22:00-thu 07:00, thu 22:00-fri 07:00, "
            "fri 22:00-sat 07:00, sat 22:00-sun 07:00, sun 22:00-24:00"
        )
    ]


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            '["bruno", "anne"]',
            '["bruno", "chloe"]',
            "rotas.night.listeners[1]: no listener is named 'chloe'",
        ),
        ('["bruno", "anne"]', "[]", "rotas.night.listeners: expected at least one listener"),
        ("every_days = 7", "every_days = 0", "rotas.night.every_days: expected days from 1 to 366"),
        (
            "begins = 2026-01-05",
            'begins = "2026-01-05"',
            "rotas.night.begins: expected a date like 2026-01-05, without quotes, got '2026-01-05'",
        ),
        (
            "begins = 2026-01-05",
            "begins = 2026-01-05T22:00:00",
            "rotas.night.begins: expected a date like 2026-01-05, without quotes",
        ),
        (
            'hours = ["mon-sun 22:00-07:00"]',
            'hours = "none"',
            "rotas.night.hours: expected some hours, got 'none'",
        ),
        (
            "first = 2026-01-08, ",
            "first = 2026-01-08, last = 2026-01-07, ",
            "rotas.night.swaps[0].last: expected 2026-01-08 or a later day, got 2026-01-07",
        ),
        (
            '08, listener = "anne"',
            '08, listener = "chloe"',
            "rotas.night.swaps[0].listener: no listener is named 'chloe'",
        ),
    ],
)
def test_a_rota_that_cannot_be_kept_is_refused(
    with_rota: Tree, good: str, bad: str, problem: str
) -> None:
    with_rota.spoil(good, bad)

    (only,) = with_rota.problems()
    assert only.startswith(f"listeners.toml: {problem}")


def test_a_week_in_which_somebody_is_always_on_duty_has_no_gap(with_rota: Tree) -> None:
    with_rota.spoil('shifts = "always"', BY_DAY)

    assert gaps(with_rota, WEDNESDAY) == []


def test_the_coming_week_shows_the_nights_before_a_rota_begins(with_rota: Tree) -> None:
    with_rota.spoil('shifts = "always"', BY_DAY)

    assert gaps(with_rota, datetime(2026, 1, 3, 12, 0, 30, tzinfo=UTC)) == [
        (
            "lines.carers: nobody who can answer is on duty "
            "from sat 2026-01-03 22:00 to sun 2026-01-04 07:00"
        ),
        (
            "lines.carers: nobody who can answer is on duty "
            "from sun 2026-01-04 22:00 to mon 2026-01-05 07:00"
        ),
    ]


def test_the_coming_week_shows_a_date_that_is_left_out_in_the_hours_of_the_line(tree: Tree) -> None:
    tree.spoil('shifts = "always"', 'shifts = ["mon-sun 00:00-24:00", "not 2026-01-09"]')
    tree.spoil("[lines.carers]", '[lines.carers]\nhours = ["mon-sun 08:00-20:00"]')

    assert gaps(tree, WEDNESDAY) == [
        (
            "lines.carers: nobody who can answer is on duty "
            "from fri 2026-01-09 08:00 to fri 2026-01-09 20:00"
        )
    ]
    assert gaps(tree, datetime(2026, 1, 9, 20, tzinfo=UTC)) == []


def test_hours_that_nobody_keeps_on_public_holidays_are_refused(tree: Tree) -> None:
    tree.spoil('shifts = "always"', 'shifts = ["mon-sun 00:00-24:00 not holidays"]')
    tree.spoil(
        "[lines.carers]", '[lines.carers]\nhours = ["mon-fri 08:00-20:00", "holidays 10:00-12:00"]'
    )
    tree.spoil("mon-fri 08:00-20:00", "mon-fri 08:00-20:00 not holidays")

    assert tree.problems() == [
        (
            "decroche.toml: lines.carers: nobody can answer on a public holiday, "
            "mon 10:00-12:00, tue 10:00-12:00, wed 10:00-12:00, thu 10:00-12:00, fri 10:00-12:00, "
            "sat 10:00-12:00, sun 10:00-12:00"
        )
    ]


def test_a_listener_of_a_pool_that_the_line_does_not_ask_does_not_cover_it(tree: Tree) -> None:
    tree.spoil('house = "On the platform"', 'house = "On the platform"\nhelp = "On call"')
    tree.spoil('number = "0199000001"', 'number = "0199000001"\npools = ["help"]')
    tree.spoil('pool = "house"\nshifts = "none"', 'pool = "help"\nshifts = "none"')

    assert tree.problems() == [
        "decroche.toml: lines.carers: nobody can answer on any day at any hour"
    ]
