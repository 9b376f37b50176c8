"""What hangs on a mistake is not told beside it; what does not is."""

from __future__ import annotations

import pytest

from tests.config.trees import LISTENERS, Tree

UNREADABLE_LINE = '[lines.night]\nnumber = "+33"\nskills = { fr = 1 }\n'
ROTA = """[rotas.weekend]
begins = 2026-01-05
every_days = 7
hours = ["sat-sun 08:00-20:00"]
listeners = ["anne", "bruno"]
"""


@pytest.mark.parametrize(
    ("good", "bad", "key"),
    [
        (
            "[lines.carers]",
            f'{UNREADABLE_LINE}[lines.carers]\nwhen_closed = "night"',
            "lines.night.number",
        ),
        ("PJSIP/bruno", "bruno", "listeners.bruno.endpoint"),
        ('house = "On the platform"', "house = 3", "pools.house"),
        ('listeners = ["anne", "bruno"]', "listeners = [3]", "rotas.weekend.listeners[0]"),
        (
            "[pools]",
            '[asterisk]\ncallers_endpoint = "no"\n[lines.carers.call_back]\n[pools]',
            "asterisk.callers_endpoint",
        ),
        (
            'number = "0199000001"',
            'number = "0199000001"\ncall_back = 3\ncall_back_key = "5"',
            "lines.carers.call_back",
        ),
    ],
)
def test_one_mistake_is_told_once_and_what_hangs_on_it_is_not(
    tree: Tree, good: str, bad: str, key: str
) -> None:
    tree.listeners_path.write_text(f"{LISTENERS}{ROTA}", encoding="utf-8")
    tree.spoil('shifts = "always"', 'shifts = ["mon-fri 00:00-24:00", "sat-sun 00:00-24:00"]')
    tree.spoil(good, bad)

    (problem,) = tree.problems()

    assert f": {key}: expected " in problem


@pytest.mark.parametrize(
    ("good", "bad", "key"),
    [
        ("[[lines.carers.ladder]]", "[lines.carers.ladder]", "ladder"),
        ("after_seconds = 20", "after_seconds = -1", "ladder[0].after_seconds"),
        ("ladder]]\nafter_seconds", "ladder]]\nafter", "ladder[0].after"),
    ],
)
def test_of_a_ladder_that_cannot_be_read_nobody_is_told_that_it_is_too_short(
    tree: Tree, good: str, bad: str, key: str
) -> None:
    # Only the rung asks for what Bruno can, who alone is there all the week.
    tree.spoil('shifts = "always"', 'shifts = ["mon 00:00-12:00"]')
    tree.spoil('shifts = "none"', 'shifts = "always"')
    tree.load()
    tree.spoil(good, bad)

    problems = tree.problems()

    assert all(problem.startswith("decroche.toml: lines.carers.ladder") for problem in problems)
    assert any(f"lines.carers.{key}: " in problem for problem in problems)


def test_of_keys_that_change_an_unreadable_ladder_nothing_is_told(tree: Tree) -> None:
    tree.spoil(
        "{ health = 2, fr = 1 }", '{ fr = 1 }\nkeys."1" = { skills = {}, instead_of = ["health"] }'
    )
    tree.load()
    tree.spoil("[[lines.carers.ladder]]", "[lines.carers.ladder]")

    (problem,) = tree.problems()

    assert ": lines.carers.ladder: expected a list" in problem


def test_a_mistake_in_one_line_hides_none_in_another(tree: Tree) -> None:
    other = f"{UNREADABLE_LINE}[lines.carers]"
    tree.spoil("[lines.carers]", f'{other}\nwhen_closed = "nigth"\npools = ["hoose"]')

    assert [problem.split(": ")[1] for problem in tree.problems()] == [
        "lines.night.number",
        "lines.carers.when_closed",
        "lines.carers.pools",
        "lines.carers",
    ]
