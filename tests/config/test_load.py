from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from router.config import load, pin_matches
from router.core.policy import EVERYBODY, Care, Listener, Rung
from router.errors import ConfigError
from tests.config.trees import PIN_HASH, Tree

SAMPLE = Path(__file__).parents[2] / "config" / "decroche.toml"


def test_the_sample_of_the_project_loads() -> None:
    settings = load(SAMPLE)

    assert list(settings.lines) == ["health", "students", "police"]
    assert {"anne", "bruno", "chloe", "denis", "emilie", "farid"} <= settings.listeners.keys()


def test_in_the_sample_seniors_join_the_search_for_a_caller_in_shock_at_once() -> None:
    line = load(SAMPLE).policy().lines["health"]

    assert "cadres" not in line.ladder[0].pools
    assert "cadres" in line.shock_ladder[0].pools
    assert line.senior_ladder == (Rung(0, {"senior": 1}, ring_at_once=None, pools=("cadres",)),)


def test_the_samples_listeners_are_known_by_the_pin_beside_their_hash() -> None:
    settings = load(SAMPLE)

    assert pin_matches("2580", settings.listeners["anne"].pin_hash)


def test_a_ladder_that_begins_later_gets_a_first_rung_from_the_lines_skills(tree: Tree) -> None:
    ladder = tree.load().policy().lines["carers"].ladder

    assert ladder == (
        Rung(0, {"health": 2, "fr": 1}, ring_at_once=None),
        Rung(20, {"health": 1, "fr": 1}, ring_at_once=2),
        Rung(45, {}, ring_at_once=EVERYBODY),
    )


def test_a_rung_opens_further_pools_and_says_what_takes_a_call_there_sooner(tree: Tree) -> None:
    tree.spoil('house = "On the platform"', 'house = "On the platform"\nhelp = "On call"')
    tree.spoil('number = "0199000001"', 'number = "0199000001"\npools = ["house"]')
    tree.spoil("ring_at_once = 2", 'pools = ["help"]\nwhen = ["nobody_free"]')
    tree.spoil('pool = "house"\nshifts = "none"', 'pool = "help"\nshifts = "none"')

    first, second, last = tree.load().policy().lines["carers"].ladder

    assert first.pools == ("house",)
    assert (second.pools, second.when) == (("house", "help"), ("nobody_free",))
    assert last.pools == ()


def test_that_everybody_rings_at_the_last_can_be_moved_but_not_taken_away(tree: Tree) -> None:
    tree.spoil("after_seconds = 20", "after_seconds = 119")

    assert tree.load().policy().lines["carers"].ladder[-1] == Rung(120, {}, ring_at_once=EVERYBODY)


def test_no_rung_can_put_off_that_everybody_rings_beyond_two_minutes(tree: Tree) -> None:
    tree.spoil("after_seconds = 20", "after_seconds = 200")

    with pytest.raises(ConfigError, match="by 120 everybody rings"):
        tree.load()


def test_a_rung_without_skills_asks_what_the_one_before_asked(tree: Tree) -> None:
    tree.spoil("ring_at_once = 2", "[[lines.carers.ladder]]\nafter_seconds = 30\nring_at_once = 5")

    ladder = tree.load().policy().lines["carers"].ladder

    assert ladder[2] == Rung(30, {"health": 1, "fr": 1}, ring_at_once=5)


def test_a_ladder_may_begin_at_once(tree: Tree) -> None:
    tree.spoil("after_seconds = 20", "after_seconds = 0")

    assert tree.load().policy().lines["carers"].ladder == (
        Rung(0, {"health": 1, "fr": 1}, ring_at_once=2),
        Rung(45, {}, ring_at_once=EVERYBODY),
    )


def test_the_engine_gets_listeners_without_name_or_endpoint(tree: Tree) -> None:
    policy = tree.load().policy()

    assert policy.listeners["anne"] == Listener("anne", {"health": 2, "fr": 3}, "house")
    assert policy.care == Care(between_rings_seconds=2.0)


def test_what_is_set_of_care_reaches_the_engine(tree: Tree) -> None:
    tree.spoil(
        "[pools]",
        """[care]
        rings_in_vain_an_hour = 3
        calls_in_a_row = 2
        night_begins = "23:30"
        talk_seconds_a_shift = 7200
        bends = ["hard_call", "talk_time"]
        [pools]""",
    )
    care = tree.load().policy().care

    assert care.rings_in_vain_an_hour == 3
    assert care.calls_in_a_row == 2
    assert care.night_seconds == (84_600.0, 21_600.0)
    assert care.talk_seconds_a_shift == 7_200.0
    assert care.bends == ("hard_call", "talk_time")


def test_the_engine_is_told_how_far_the_sites_clock_is_ahead(tree: Tree) -> None:
    assert tree.load().policy().utc_offset_seconds in (3_600.0, 7_200.0)


def test_what_a_line_sets_reaches_the_engine(tree: Tree) -> None:
    tree.spoil('number = "0199000001"', 'number = "0199000001"\nring_seconds = 12.5')

    assert tree.load().policy().lines["carers"].ring_seconds == 12.5


def test_paths_are_relative_to_the_main_file_and_come_out_absolute(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.spoil("[pools]", '[store]\nstate_dir = "state"\n[pools]')
    monkeypatch.chdir(tree.path.parent)

    settings = load(Path("decroche.toml"))

    assert settings.store.state_dir == tree.path.parent / "state"
    assert settings.path == tree.path


def test_a_problem_names_its_file_as_the_user_wrote_it(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tree.path.parent, tree.path.parent / "config")
    (tree.path.parent / "config" / "listeners.toml").write_text(
        tree.listeners_path.read_text().replace("health = 2", "health = 7")
    )
    monkeypatch.chdir(tree.path.parent)

    with pytest.raises(ConfigError) as refused:
        load(Path("config/decroche.toml"))

    assert str(refused.value).split("\n")[0] == (
        "config/listeners.toml: listeners.anne.skills.health: expected a level from 1 to 5, got 7"
    )


def test_a_byte_order_mark_before_the_first_key_is_passed_over(tree: Tree) -> None:
    for path in (tree.path, tree.listeners_path):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert list(tree.load().lines) == ["carers"]


def test_every_problem_of_both_files_is_told_at_once(tree: Tree) -> None:
    tree.spoil('number = "0199000001"', 'number = "zero"')
    tree.spoil("[pools]", "[care]\nwrap_up_seconds = -1\n[pools]")
    tree.spoil('login = "2002"', 'login = "2001"')
    tree.spoil("health = 1, fr = 1 }\npool", "health = 0, fr = 9 }\npool")

    assert tree.problems() == [
        "decroche.toml: lines.carers.number: expected 1 to 15 digits, got 'zero'",
        "decroche.toml: care.wrap_up_seconds: expected seconds from 0 to 86400, got -1",
        "listeners.toml: listeners.bruno.skills.health: expected a level from 1 to 5, got 0",
        "listeners.toml: listeners.bruno.skills.fr: expected a level from 1 to 5, got 9",
        "listeners.toml: listeners.bruno.login: listeners.anne has the same",
    ]


def test_neither_pin_hash_nor_store_password_shows_in_the_settings(tree: Tree) -> None:
    tree.spoil("[pools]", '[store]\nredis_url = "redis://:opensesame@127.0.0.1:1/0"\n[pools]')

    settings = tree.load()

    assert PIN_HASH not in repr(settings)
    assert "opensesame" not in repr(settings)
    assert settings.store.redis_url == "redis://:opensesame@127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (f'pin_hash = "{PIN_HASH}"', 'pin_hash = "1357"'),
        (f'pin_hash = "{PIN_HASH}"', 'pin = "1357"'),
        (f'pin_hash = "{PIN_HASH}"', 'pin_hash = ["1357"]'),
        ('name = "Anne"', 'name = { pin = "1357" }'),
        ("[pools]", '[store]\nredis_url = "http://:1357@127.0.0.1"\n[pools]'),
        ("[pools]", '[secrets]\ndialplan = "1357"\n[pools]'),
        ("[pools]", 'secrets = "1357"\n[pools]'),
    ],
)
def test_no_secret_shows_in_a_refusal(tree: Tree, good: str, bad: str) -> None:
    tree.spoil(good, bad)

    assert "1357" not in "\n".join(tree.problems())


def test_callers_in_shock_have_a_ladder_of_their_own_where_the_line_names_one(tree: Tree) -> None:
    assert tree.load().policy().lines["carers"].shock_ladder == ()

    tree.spoil(
        "[[lines.carers.ladder]]",
        "[[lines.carers.shock_ladder]]\nafter_seconds = 0\nskills = { health = 1 }\n"
        "[[lines.carers.ladder]]",
    )

    assert tree.load().policy().lines["carers"].shock_ladder == (
        Rung(0, {"health": 1}, ring_at_once=None),
        Rung(45, {}, ring_at_once=EVERYBODY),
    )


def test_what_is_wrong_in_the_ladder_for_shock_is_said(tree: Tree) -> None:
    tree.spoil(
        "[[lines.carers.ladder]]",
        "[[lines.carers.shock_ladder]]\nafter_seconds = 0\nskills = { shock = 1 }\n"
        'pools = ["nowhere"]\n[[lines.carers.ladder]]',
    )

    at = "decroche.toml: lines.carers.shock_ladder[0]"
    assert tree.problems() == [
        f"{at}.pools: unknown pool 'nowhere'; known are house",
        f"{at}.skills.shock: expected a level that a listener has (at most 0), got 1",
    ]
