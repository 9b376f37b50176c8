"""What a rung may say besides whom it asks, and the ladder of seniors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from router.config.cover import covers
from router.config.gaps import coming_gaps
from router.core.policy import EVERYBODY, Rung
from tests.config.trees import Tree

FIRST = {"health": 2, "fr": 1}
SECOND = {"health": 1, "fr": 1}
RUNG = "lines.carers.ladder[0]"


def with_rung(tree: Tree, *keys: str) -> Tree:
    """Add these keys to the only rung that the tree names."""
    tree.spoil("ring_at_once = 2", "\n".join(keys))
    return tree


def with_line(tree: Tree, *keys: str) -> Tree:
    tree.spoil('number = "0199000001"', "\n".join(['number = "0199000001"', *keys]))
    return tree


def with_seniors(tree: Tree, *rungs: str) -> Tree:
    """Give the tree's line a ladder of seniors, and make Bruno one."""
    tree.spoil('house = "On the platform"', 'house = "On the platform"\nheads = "Seniors"')
    tree.spoil('1, fr = 1 }\npool = "house"', '1, fr = 1, senior = 1 }\npool = "heads"')
    named = "".join(f"[[lines.carers.senior_ladder]]\n{rung}\n" for rung in rungs)
    tree.spoil("[[lines.carers.ladder]]", f"{named}[[lines.carers.ladder]]")
    return tree


def test_a_rung_says_what_is_heard_and_who_comes_sooner_for_standing_far_behind(
    tree: Tree,
) -> None:
    with_rung(tree, 'words = "hold-further"', "behind = 5")

    second = tree.load().policy().lines["carers"].ladder[1]

    assert (second.words, second.behind) == ("hold-further", 5)


def test_the_last_rung_has_its_words_too(tree: Tree) -> None:
    with_line(tree, 'everybody_words = "hold-everybody"')

    last = tree.load().policy().lines["carers"].ladder[-1]

    assert last == Rung(45, {}, ring_at_once=EVERYBODY, words="hold-everybody")


def test_a_rung_of_some_hours_is_named_by_its_key_while_it_is_there(tree: Tree) -> None:
    settings = with_rung(tree, 'hours = ["mon-sun 22:00-06:00"]').load()
    skills = {
        name: [rung.skills for rung in settings.policy(opened).lines["carers"].ladder]
        for name, opened in {
            "by day": ["carers"],
            "at night": ["carers", RUNG],
            "unasked": None,
        }.items()
    }

    assert skills["by day"] == [FIRST, {}]
    assert skills["at night"] == skills["unasked"] == [FIRST, SECOND, {}]
    assert settings.openings().names == {"carers", RUNG}


def test_what_an_absent_rung_asks_and_opens_does_not_go_over_to_the_next_one(tree: Tree) -> None:
    with_rung(
        tree,
        'hours = ["mon-sun 22:00-06:00"]',
        "[[lines.carers.ladder]]\nafter_seconds = 30\nring_at_once = 3",
    )

    by_day = tree.load().policy(["carers"]).lines["carers"].ladder

    assert by_day[1] == Rung(30, FIRST, ring_at_once=3)


def test_a_closed_lines_callers_have_the_rungs_of_the_line_that_takes_them(tree: Tree) -> None:
    with_rung(tree, 'hours = ["mon-sun 22:00-06:00"]')
    other = '[lines.other]\nnumber = "0199000002"\nskills = { fr = 1 }\nwhen_closed = "carers"\n'
    tree.spoil("[lines.carers]", f"{other}[lines.carers]")

    lines = tree.load().policy(["carers", RUNG]).lines

    assert lines["other"].ladder == lines["carers"].ladder
    assert len(lines["other"].ladder) == 3


def test_who_can_answer_by_a_rung_of_some_hours_covers_the_line_in_these(tree: Tree) -> None:
    tree.spoil('shifts = "always"', 'shifts = ["mon-sun 06:00-22:00"]')
    tree.spoil('shifts = "none"', 'shifts = ["mon-sun 20:00-08:00"]')
    with_rung(tree, 'hours = ["mon-sun 22:00-05:00"]')

    assert tree.problems() == [
        (
            "decroche.toml: lines.carers: nobody can answer on mon 05:00-06:00, tue 05:00-06:00, "
            "wed 05:00-06:00, thu 05:00-06:00, fri 05:00-06:00, sat 05:00-06:00, sun 05:00-06:00"
        )
    ]


def test_each_rung_of_some_hours_covers_with_those_whom_it_asks_itself(tree: Tree) -> None:
    with_rung(
        tree,
        'hours = ["mon-sun 22:00-06:00"]',
        "[[lines.carers.ladder]]\nafter_seconds = 30\nskills = { fr = 1 }",
    )
    tree.spoil("skills = { health = 1, fr = 1 }\nhours", "skills = { fr = 3 }\nhours")
    settings = tree.load()

    found = covers("carers", settings.lines["carers"], settings.listeners)

    assert [(cover.able, cover.key) for cover in found] == [
        (frozenset({"anne", "bruno"}), ""),
        (frozenset({"anne"}), RUNG),
    ]


def test_whoever_is_on_duty_outside_of_the_hours_of_the_only_rung_that_asks_them_is_no_cover(
    tree: Tree,
) -> None:
    tree.spoil('shifts = "always"', 'shifts = ["mon-sun 06:00-22:00", "not 2026-01-07"]')
    tree.spoil('shifts = "none"', 'shifts = ["mon-sun 20:00-08:00"]')
    with_rung(tree, 'hours = ["mon-sun 22:00-06:00"]')

    assert list(coming_gaps(tree.load(), datetime(2026, 1, 6, 12, tzinfo=UTC))) == [
        (
            "lines.carers: nobody who can answer is on duty "
            "from wed 2026-01-07 06:00 to wed 2026-01-07 22:00"
        )
    ]


def test_seniors_are_rung_from_the_first_rung_on_and_nobody_is_added_to_them(tree: Tree) -> None:
    with_seniors(
        tree,
        'after_seconds = 0\nskills = { senior = 1 }\npools = ["heads"]',
        'after_seconds = 20\npools = ["house"]\nring_at_once = 4',
    )

    assert tree.load().policy().lines["carers"].senior_ladder == (
        Rung(0, {"senior": 1}, ring_at_once=None, pools=("heads",)),
        Rung(20, {"senior": 1}, ring_at_once=4, pools=("heads", "house")),
    )


def test_without_a_ladder_of_seniors_there_is_none(tree: Tree) -> None:
    assert tree.load().policy().lines["carers"].senior_ladder == ()


def test_how_long_help_and_consults_and_a_wait_for_the_usual_listener_last_can_be_set(
    tree: Tree,
) -> None:
    with_line(tree, "help_seconds = 30", "consult_seconds = 90", "wait_for_usual_seconds = 300")

    line = tree.load().policy().lines["carers"]

    times = (line.help_seconds, line.consult_seconds, line.wait_for_usual_seconds)
    assert times == (30, 90, 300)


def test_the_lines_that_say_the_wait_and_the_words_that_are_to_be_recorded_are_told(
    tree: Tree,
) -> None:
    assert tree.load().lines_that_say_the_wait() == frozenset()

    with_line(tree, "says_wait = true", 'everybody_words = "hold-everybody"')
    with_rung(tree, 'words = "hold-further"')
    settings = tree.load()

    assert settings.lines_that_say_the_wait() == {"carers"}
    assert settings.hold_words() == {
        "hold-further": f"{RUNG}.words",
        "hold-everybody": "lines.carers.everybody_words",
    }


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        (
            'words = "Hold/../on"',
            (
                f"{RUNG}.words: expected a prompt's name of at most 64 characters: a-z, 0-9, '-', "
                "got 'Hold/../on'"
            ),
        ),
        ("behind = 0", f"{RUNG}.behind: expected a number of callers from 1 to 1000, got 0"),
        ("behind = true", f"{RUNG}.behind: expected a number of callers from 1 to 1000, got True"),
        ('hours = "none"', f"{RUNG}.hours: expected some hours, got 'none'"),
        (
            'hours = ["nightly"]',
            f"{RUNG}.hours: expected a window like 'mon-fri 08:00-20:00', got 'nightly'",
        ),
    ],
)
def test_what_is_wrong_with_a_rung_is_said(tree: Tree, key: str, problem: str) -> None:
    assert with_rung(tree, key).problems() == [f"decroche.toml: {problem}"]


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ('says_wait = "yes"', "says_wait: expected true or false, got 'yes'"),
        ("says_wait = 1", "says_wait: expected true or false, got 1"),
        ("help_seconds = 0", "help_seconds: expected seconds from 1 to 3600, got 0"),
        ("consult_seconds = 4000", "consult_seconds: expected seconds from 1 to 3600, got 4000"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tree: Tree, key: str, problem: str) -> None:
    assert with_line(tree, key).problems() == [f"decroche.toml: lines.carers.{problem}"]


@pytest.mark.parametrize(
    ("rung", "problem"),
    [
        ("after_seconds = 5\nskills = { senior = 1 }", "after_seconds: expected 0, got 5"),
        ("after_seconds = 0", "skills: missing: what makes a listener a senior"),
        (
            'after_seconds = 0\nskills = { senior = 1 }\nhours = ["mon 08:00-09:00"]',
            "hours: expected 'always' for the first rung of seniors",
        ),
        (
            'after_seconds = 0\nskills = { senior = 1 }\nwords = "hold-further"',
            "words: nobody waits on a ladder of seniors: leave it out",
        ),
        (
            "after_seconds = 0\nskills = { senior = 1 }\nbehind = 3",
            "behind: nobody waits on a ladder of seniors: leave it out",
        ),
        (
            "after_seconds = 0\nskills = { senior = 3 }",
            "skills.senior: expected a level that a listener has (at most 1), got 3",
        ),
        (
            'after_seconds = 0\nskills = { senior = 1 }\npools = ["attic"]',
            "pools: unknown pool 'attic'; known are house, heads",
        ),
    ],
)
def test_what_is_wrong_with_the_ladder_of_seniors_is_said(
    tree: Tree, rung: str, problem: str
) -> None:
    at = "decroche.toml: lines.carers.senior_ladder[0]"

    assert with_seniors(tree, rung).problems() == [f"{at}.{problem}"]


def test_rungs_of_seniors_that_are_out_of_order_are_refused(tree: Tree) -> None:
    first = "after_seconds = 0\nskills = { senior = 1 }"

    assert with_seniors(tree, first, "after_seconds = 0").problems() == [
        (
            "decroche.toml: lines.carers.senior_ladder[1].after_seconds: "
            "expected more than the 0 of the rung before, got 0"
        )
    ]
