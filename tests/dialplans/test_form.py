"""What the dialplans call themselves changes with what they say, and both halves know it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from router.ami.form import OURS, other_form
from tests.dialplans.form import form_of, forms_written
from tests.testbed.pbx import DIALPLANS


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], str]:
    """Give the form of dialplans in one of which one text stands for another."""

    def change(name: str, before: str, after: str) -> str:
        folder = tmp_path / "decroche"
        shutil.copytree(DIALPLANS, folder)
        text = (folder / name).read_text()
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1))
        return form_of(folder)

    return change


def test_both_halves_have_the_form_of_the_dialplans_as_they_are_now() -> None:
    form = form_of(DIALPLANS)
    assert forms_written() == {"decroche.conf": form, "form.py": form}, "run: make dialplan-form"


@pytest.mark.parametrize("name", sorted(path.name for path in DIALPLANS.glob("*.conf")))
def test_whatever_changes_in_a_dialplan_changes_the_form_but_for_the_sites_own_lines(
    name: str, changed: Callable[[str, str, str], str]
) -> None:
    steps = [line for line in (DIALPLANS / name).read_text().splitlines() if line[:1] in "e#"]
    form = changed(name, steps[-1], f"{steps[-1]}-")
    assert (form == OURS) == (name == "lines.conf")


def test_a_comment_is_no_change(changed: Callable[[str, str, str], str]) -> None:
    assert changed("hold.conf", "\n[decroche-hold]", "\n; Here.\n\n[decroche-hold]") == OURS


def test_what_a_dialplan_says_of_its_form_is_shown_only_if_it_is_one() -> None:
    assert other_form(OURS) is None
    assert "of the form aaaabbbb " in (other_form("aaaabbbb") or "")
    for said in ("", "0199000001", "aaaabbbb\n", "a" * 5000, OURS.upper()):
        assert "that tell no form " in (other_form(said) or "")
