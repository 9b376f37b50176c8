"""The guide, held to what is there; `make install-trial` follows it."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from tests.running.trial.guide import GUIDE, Step, steps
from tests.running.unit import PREFIX, Unit
from tests.tidy.source import ROOT

FILLED_IN = {"REPOSITORY": "/srv/repository", "PROVIDER": "192.0.2.1"}
HEREDOC = re.compile(r"^cat >+ (\S+) <<'?END'?\n(.*?)^END$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def typed() -> list[Step]:
    return steps(FILLED_IN)


def test_it_has_seven_steps_and_a_shell_understands_each(typed: list[Step]) -> None:
    assert [step.number for step in typed] == list(range(1, 8))
    for step in typed:
        assert step.script
        read = subprocess.run(["bash", "-n"], input=step.script, text=True, check=False)
        assert read.returncode == 0, step.title


def test_nothing_is_left_to_be_filled_in_that_the_trial_does_not_fill_in(
    typed: list[Step],
) -> None:
    in_capitals = re.compile(r"(?<![$\w_{])[A-Z]{5,}(?![\w_]*=)\b")
    known = {"PJSIP", "DECROCHE", "CREDENTIALS"}
    left = {word for step in typed for word in in_capitals.findall(step.script)}
    assert left <= known


def test_every_file_of_ours_that_is_typed_is_there(typed: list[Step]) -> None:
    script = "".join(step.script for step in typed).replace(f"{PREFIX}/", "")
    files = set(re.findall(r"(?<![\w/.])((?:config|dialplans)(?:/[\w.-]+)*)", script))
    assert {"dialplans", "config/pjsip.conf", "config/systemd/decroche.service"} <= files
    assert [one for one in files if not (ROOT / one).exists()] == []


def test_the_secrets_that_are_made_are_those_that_the_unit_hands_over(typed: list[Step]) -> None:
    made = re.search(r"for name in (.+); do", "".join(step.script for step in typed))
    assert made is not None
    names = {f"decroche.{name}" for name in made[1].split()}
    assert names == {f"decroche.{name}" for name in ("ami", "caller", "dialplan", "vault")}
    assert names <= set(Unit().all_of("LoadCredential"))


def test_the_configuration_that_is_typed_has_its_line_in_the_dialplan(typed: list[Step]) -> None:
    files = dict(HEREDOC.findall("".join(step.script for step in typed)))
    main = tomllib.loads(files["/etc/decroche/decroche.toml"])
    (name,) = main["lines"]
    number = main["lines"][name]["number"]
    lines = files["/etc/asterisk/decroche/lines.conf"]
    assert f"exten => {number},1,Gosub(decroche-line,s,1({name}))" in lines


def test_the_daemon_is_installed_from_the_lock_with_its_hashes(typed: list[Step]) -> None:
    assert "pip install --require-hashes -r requirements.lock" in typed[0].script
    assert "sha256:" in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_unit_is_of_the_place_where_the_guide_puts_the_daemon(typed: list[Step]) -> None:
    assert f"git clone {FILLED_IN['REPOSITORY']} {PREFIX}" in typed[0].script
    assert Unit().of("ExecStart").startswith(f"{PREFIX}/.venv/bin/decroche run ")
    assert GUIDE.is_file()
