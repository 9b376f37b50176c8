"""How a line calls back, as a site writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from router.config.secret import vault_before_secret, vault_secret
from router.core.policy import CallBack
from router.errors import ConfigError
from router.runtime.key_book import key_book
from router.runtime.secrets import load_secrets
from tests.config.trees import Tree

SPANS = "a list of at most 20 spans of 1 to 86400 seconds"
SECRET = "a secret of at least 32 bytes, for tests"


def calling_back(tree: Tree, rules: str = "", line: str = "") -> Tree:
    tree.spoil("[pools]", '[asterisk]\ncallers_endpoint = "PJSIP/{number}@trunk"\n\n[pools]')
    tree.spoil(
        "[[lines.carers.ladder]]",
        f"{line}\n[lines.carers.call_back]\n{rules}\n[[lines.carers.ladder]]",
    )
    return tree


def test_a_line_calls_nobody_back_unless_it_says_so(tree: Tree) -> None:
    settings = tree.load()
    assert settings.policy().lines["carers"].call_back is None
    assert settings.lines_that_call_back() == frozenset()
    assert not settings.keeps_numbers()


def test_an_empty_table_is_the_engines_own_rules(tree: Tree) -> None:
    settings = calling_back(tree).load()
    assert settings.policy().lines["carers"].call_back == CallBack()
    assert settings.lines_that_call_back() == {"carers"}
    assert settings.keeps_numbers()
    assert not settings.call_back.international


def test_each_rule_can_be_set(tree: Tree) -> None:
    rules = """
within_seconds = 3600
again_seconds = [60, 120]
busy_again_seconds = 30
ring_seconds = 20
answer_seconds = 15
yields_seconds = 0
urgent_seconds = 900
appointment_seconds = 600
on_hang_up = true
hours = "09:30-21:00"
"""
    assert calling_back(tree, rules).load().policy().lines["carers"].call_back == CallBack(
        within_seconds=3600.0,
        again_seconds=(60.0, 120.0),
        busy_again_seconds=30.0,
        ring_seconds=20.0,
        answer_seconds=15.0,
        yields_seconds=0.0,
        urgent_seconds=900.0,
        appointment_seconds=600.0,
        on_hang_up=True,
        hours_seconds=(34_200.0, 75_600.0),
    )


def test_the_key_for_being_called_back_means_that_on_its_line(tree: Tree) -> None:
    settings = calling_back(tree, line='call_back_key = "3"').load()
    assert key_book(settings).lines["carers"] == {"3": "call_back", "0": "shock"}


def test_callers_from_abroad_are_called_back_where_the_site_says_so(tree: Tree) -> None:
    tree.spoil("[pools]", "[call_back]\ninternational = true\n\n[pools]")
    assert tree.load().call_back.international


def test_how_far_ahead_a_call_back_can_be_asked_for_is_the_sites_own(tree: Tree) -> None:
    assert tree.load().call_back.horizon_days == 30
    tree.spoil("[pools]", "[call_back]\nhorizon_days = 0\n\n[pools]")
    assert tree.problems() == [
        "decroche.toml: call_back.horizon_days: expected days from 1 to 3650, got 0"
    ]


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ("within_seconds = 0", "within_seconds: expected seconds from 1 to 86400, got 0"),
        ("again_seconds = [0]", f"again_seconds: expected {SPANS}, got a list"),
        ("again_seconds = 60", f"again_seconds: expected {SPANS}, got 60"),
        ("ring_seconds = 0", "ring_seconds: expected seconds from 1 to 3600, got 0"),
        (
            "ring_seconds = 50",
            "ring_seconds: expected at most 65 together with answer_seconds, got 75",
        ),
        ("answer_seconds = 26", "answer_seconds: expected at most 25, got 26"),
        ("on_hang_up = 1", "on_hang_up: expected true or false, got 1"),
        ("hours = '8-22'", "hours: expected hours of the day like '08:00-22:00', got '8-22'"),
        (
            "hours = '08:00-24:00'",
            "hours: expected hours of the day like '08:00-22:00', got '08:00-24:00'",
        ),
        ("hours = '08:00-08:00'", "hours: expected two different times, got '08:00-08:00'"),
        (
            "within_seconds = 300",
            "urgent_seconds: expected at most the 300 of within_seconds, got 600",
        ),
        ("within = 300", "within: unknown key; was 'within_seconds' meant?"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(tree: Tree, rules: str, problem: str) -> None:
    assert calling_back(tree, rules).problems() == [
        f"decroche.toml: lines.carers.call_back.{problem}"
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('call_back_key = "0"', "this is the line's shock_key"),
        (
            'call_back_key = "2"\nkeys.2 = { skills = { health = 2 } }',
            "lines.carers.keys.2 is the same key",
        ),
        ('call_back_key = "33"', "expected a key from 0 to 9, got '33'"),
    ],
)
def test_a_key_that_means_something_else_is_refused(tree: Tree, line: str, problem: str) -> None:
    assert calling_back(tree, line=line).problems() == [
        f"decroche.toml: lines.carers.call_back_key: {problem}"
    ]


def test_a_key_for_what_the_line_does_not_do_is_refused(tree: Tree) -> None:
    tree.spoil("[[lines.carers.ladder]]", 'call_back_key = "3"\n[[lines.carers.ladder]]')
    assert tree.problems() == [
        (
            "decroche.toml: lines.carers.call_back_key: "
            "expected a table [lines.carers.call_back] that says how"
        )
    ]


def test_who_calls_back_says_by_which_trunk(tree: Tree) -> None:
    tree.spoil("[[lines.carers.ladder]]", "[lines.carers.call_back]\n[[lines.carers.ladder]]")
    assert tree.problems() == [
        (
            "decroche.toml: lines.carers.call_back: "
            "expected asterisk.callers_endpoint, by which callers are rung"
        )
    ]


def test_a_line_that_is_closed_keeps_its_own_promises(tree: Tree) -> None:
    calling_back(tree, "within_seconds = 3000")
    other = '[lines.night]\nnumber = "0199000002"\nskills = { fr = 1 }\n\n[lines.carers]'
    tree.spoil("[lines.carers]", f'{other}\nwhen_closed = "night"\nhours = ["mon 10:00-11:00"]')
    closed = tree.load().policy(opened=["night"]).lines["carers"]
    assert closed.call_back is not None
    assert closed.call_back.within_seconds == 3_000.0


def set_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMI", "CALLER", "DIALPLAN"):
        monkeypatch.setenv(f"DECROCHE_{name}_SECRET", SECRET)


def test_a_site_that_calls_nobody_back_needs_no_master_key(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_secrets(monkeypatch)
    assert load_secrets(tree.load()).vault is None


def test_a_site_that_calls_back_does(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    set_secrets(monkeypatch)
    settings = calling_back(tree).load()
    with pytest.raises(ConfigError, match=r"vault secret: .*DECROCHE_VAULT_SECRET.*openssl"):
        load_secrets(settings)
    monkeypatch.setenv("DECROCHE_VAULT_SECRET", SECRET)
    assert load_secrets(settings).vault is not None


def test_the_master_key_and_the_one_before_are_files_of_their_own(
    tree: Tree, tmp_path: Path
) -> None:
    assert vault_before_secret(tree.load()) is None
    files = 'vault_file = "vault.secret"\nvault_before_file = "vault.before"'
    tree.spoil("[pools]", f"[secrets]\n{files}\n\n[pools]")
    settings = tree.load()
    assert vault_secret(settings).path == tmp_path / "vault.secret"
    before = vault_before_secret(settings)
    assert before is not None
    assert before.path == tmp_path / "vault.before"
    assert settings.keeps_numbers()
