"""Partner platforms: several calls at once behind one number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from router.core.policy import Listener
from router.runtime.phone_book import doors, phones, phones_to_wake
from tests.config.trees import Tree

PARTNER = """
[partners.sos]
name = "SOS"
endpoint = "PJSIP/0199000095@trunk"
skills = { health = 1 }
pool = "house"
places = 2
shifts = ["mon-sun 08:00-20:00"]
"""


@pytest.fixture
def with_partner(tree: Tree) -> Tree:
    tree.listeners_path.write_text(tree.listeners_path.read_text() + PARTNER, encoding="utf-8")
    return tree


def test_each_place_is_a_listener_to_the_engine_and_all_have_one_phone(with_partner: Tree) -> None:
    settings = with_partner.load()

    asked = settings.policy().listeners
    assert list(asked) == ["anne", "bruno", "sos-1", "sos-2"]
    assert asked["sos-2"] == Listener("sos-2", {"health": 1}, "house")
    endpoints = phones(settings).endpoints
    assert endpoints["sos-1"] == endpoints["sos-2"] == "PJSIP/0199000095@trunk"


def test_a_place_has_no_menu_and_is_not_woken(with_partner: Tree) -> None:
    settings = with_partner.load()

    assert list(doors(settings)) == ["2001", "2002"]
    assert list(phones_to_wake(settings).endpoints) == ["anne", "bruno"]


def test_a_listener_who_does_not_want_to_be_woken_is_not(tree: Tree) -> None:
    tree.spoil('login = "2001"', 'login = "2001"\nwakes = false')

    settings = tree.load()
    assert list(phones_to_wake(settings).endpoints) == ["bruno"]
    assert list(phones(settings).endpoints) == ["anne", "bruno"]


def test_a_partners_hours_count_for_those_of_a_line(with_partner: Tree) -> None:
    with_partner.spoil('shifts = "always"', 'shifts = "none"')
    with_partner.spoil("skills = { health = 1 }\npool", "skills = { health = 1, fr = 1 }\npool")

    (problem,) = with_partner.problems()
    assert "nobody can answer on" in problem
    with_partner.spoil('["mon-sun 08:00-20:00"]', '"always"')
    assert with_partner.load().listeners


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("places = 2", "places = 0", "partners.sos.places: expected a number of places from 1 to"),
        ("places = 2", "", "partners.sos.places: missing"),
        ("[partners.sos]", '[partners.sos]\nlogin = "9"', "partners.sos.login: unknown key"),
        (
            "PJSIP/0199000095@trunk",
            "PJSIP/anne",
            "partners.sos.endpoint: listeners.anne has the same",
        ),
        (
            'pool = "house"\nplaces',
            'pool = "barn"\nplaces',
            "partners.sos.pool: unknown pool 'barn'; known are house",
        ),
        (
            '["mon-sun 08:00-20:00"]',
            '"none"',
            "partners.sos.shifts: expected some hours, got 'none'",
        ),
        (
            "[listeners.bruno]",
            "[listeners.sos-2]",
            "partners.sos: listeners.sos-2 has the name of one of its places",
        ),
        (
            "[partners.sos]",
            f"[partners.{'s' * 31}]",
            f"partners.{'s' * 31}: expected a shorter name: '{'s' * 31}-1' names one",
        ),
        ("PJSIP/0199000095@trunk", "0199000095", "partners.sos.endpoint: expected a dial string"),
    ],
)
def test_a_partner_that_cannot_be_rung_is_refused(
    with_partner: Tree, good: str, bad: str, problem: str
) -> None:
    with_partner.spoil(good, bad)

    assert any(f"listeners.toml: {problem}" in one for one in with_partner.problems())


def test_whether_somebody_is_woken_is_yes_or_no(refusal: Callable[[str, str], list[str]]) -> None:
    (problem,) = refusal('login = "2001"', 'login = "2001"\nwakes = "never"')

    assert problem == "listeners.toml: listeners.anne.wakes: expected true or false, got 'never'"
