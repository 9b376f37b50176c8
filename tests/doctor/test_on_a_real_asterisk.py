from __future__ import annotations

import os
import pwd
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from router.ami.form import OURS
from router.ami.words import CALL_BACK_PROMPTS
from router.doctor import exit_code, link, run
from tests.doctor.conftest import PATIENCE_SECONDS
from tests.doctor.house import House
from tests.testbed import Testbed
from tests.testbed.ami import Account

PROJECT = Path(__file__).parents[2]
FURTHER = """[[lines.health.ladder]]
after_seconds = 10
words = "hold-further"
"""
NAMES = [
    "config",
    "user",
    "secrets",
    "AMI reachable",
    "AMI log-in",
    "AMI permissions",
    "Asterisk version",
    "dialplan contexts",
    "dialplan form",
    "dialplan lines",
    "dialplan secret",
    "fallback group",
    "help in a talk",
    "sounds",
    "clock",
    "AMI events",
    "store",
]


@pytest.fixture
def home(house: House, bed: Testbed) -> House:
    return house.at(bed.pbx.manager, bed.pbx.secret)


@pytest.fixture
def without_menu(bed: Testbed) -> Iterator[None]:
    bed.pbx.command("dialplan remove context decroche-menu")
    yield
    bed.pbx.command("dialplan reload")


@pytest.fixture
def poor_account(bed: Testbed) -> Iterator[Account]:
    admin = bed.pbx.folder / "etc/admin.conf"
    before = admin.read_text()
    account = replace(bed.pbx.manager, username="poor", secret="not-much-of-a-secret")
    admin.write_text(f"{before}\n[poor]\nsecret = {account.secret}\nread = call\nwrite = call\n")
    bed.pbx.command("manager reload")
    yield account
    admin.write_text(before)
    bed.pbx.command("manager reload")


def say(home: House, *keys: str) -> None:
    """Add these keys to the line's table."""
    skills = "skills = { health = 2, fr = 1 }"
    home.change(skills, "\n".join([skills, *keys]))


def test_a_healthy_site_is_well_in_every_respect(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root, who runs tests in a container, is told that the daemon's user is another.
    monkeypatch.setattr(os, "geteuid", lambda: pwd.getpwnam("nobody").pw_uid)
    findings = run(home.path)

    assert [finding.name for finding in findings] == NAMES
    assert {finding.mark for finding in findings} == {"ok"}, findings
    assert exit_code(findings) == 0


def test_a_look_at_a_healthy_site_waits_out_no_deadline(home: House) -> None:
    begun = time.monotonic()
    run(home.path)

    assert time.monotonic() - begun < PATIENCE_SECONDS, "as long as each of the deadlines is here"


def test_a_wrong_password_is_told_and_what_needs_it_is_not_checked(home: House) -> None:
    home.keep("ami", "a-wrong-password")

    findings = home.findings()

    assert findings["AMI reachable"].ok
    assert findings["AMI log-in"].mark == "failed"
    assert findings["AMI log-in"].detail == "Authentication failed"
    assert "[decroche] in manager.conf" in findings["AMI log-in"].mend
    assert findings["clock"].mark == "not checked"
    assert findings["store"].ok
    assert exit_code(list(findings.values())) == 1


@pytest.mark.usefixtures("without_menu")
def test_a_context_that_is_missing_is_named(home: House) -> None:
    finding = home.findings()["dialplan contexts"]

    assert finding.mark == "failed"
    assert finding.detail.endswith("decroche-menu")
    assert "dialplan reload" in finding.mend


@pytest.mark.parametrize(
    ("form", "found"), [("aaaabbbb", "of the form aaaabbbb "), ('""', "that tell no form ")]
)
def test_dialplans_of_another_version_are_told_and_a_reload_mends_them(
    home: House, bed: Testbed, form: str, found: str
) -> None:
    bed.pbx.command(f"dialplan set global DECROCHE_FORM {form}")
    finding = home.findings()["dialplan form"]
    bed.pbx.command("dialplan reload")

    assert finding.mark == "failed"
    assert found in finding.detail
    assert finding.detail.endswith(f"expected {OURS}")
    assert "dialplan reload" in finding.mend
    assert home.findings()["dialplan form"].ok


@pytest.mark.parametrize(
    ("module", "mark"),
    [("app_confbridge", "failed"), ("app_chanspy", "warning"), ("func_module", "not checked")],
)
def test_what_help_in_a_talk_needs_is_missed(
    home: House, bed: Testbed, module: str, mark: str
) -> None:
    bed.pbx.command(f"module unload {module}.so")
    finding = home.findings()["help in a talk"]
    bed.pbx.command(f"module load {module}.so")

    assert finding.mark == mark
    assert f"load {module}.so" in finding.mend


def test_keys_for_help_that_asterisk_does_not_know_are_told(home: House, bed: Testbed) -> None:
    features = bed.pbx.folder / "etc/features.conf"
    before = features.read_text()
    features.write_text(before.replace("decroche-shock =>", "decroche-other =>"))
    finding = home.findings()["help in a talk"]
    features.write_text(before)

    assert finding.mark == "warning"
    assert finding.detail.endswith("decroche-shock")
    assert "config/features.conf" in finding.mend


def test_another_secret_in_the_dialplan_is_told_and_neither_is_shown(
    home: House, bed: Testbed
) -> None:
    ours = "another-secret-than-the-dialplan-has"
    home.keep("dialplan", ours)

    findings = home.findings()

    assert findings["dialplan secret"].mark == "failed"
    assert ours not in repr(findings)
    assert bed.pbx.secret not in repr(findings)


def test_a_number_that_no_line_answers_is_told(home: House) -> None:
    home.change("0805232336", "0199000077")

    finding = home.findings()["dialplan lines"]

    assert finding.mark == "failed"
    assert finding.detail == "0199000077 does not lead to the line 'health'"


def test_a_number_that_leads_to_another_line_is_told(home: House) -> None:
    home.change("0805232336", "0199000003")

    assert home.findings()["dialplan lines"].mark == "failed"


def test_an_account_that_may_do_everything_is_a_warning(home: House, bed: Testbed) -> None:
    home.at(bed.pbx.admin, bed.pbx.secret)

    findings = home.findings()

    assert findings["AMI permissions"].mark == "warning"
    assert "Command" in findings["AMI permissions"].detail
    assert "write = call,originate,reporting" in findings["AMI permissions"].mend
    assert exit_code(list(findings.values())) == 0


def test_an_account_that_may_do_too_little_fails(
    home: House, bed: Testbed, poor_account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "EVENT_SECONDS", 0.3)
    home.at(poor_account, bed.pbx.secret)

    findings = home.findings()

    finding = findings["AMI permissions"]
    assert finding.mark == "failed"
    assert "Originate" in finding.detail
    assert "Setvar" not in finding.detail
    assert findings["AMI events"].mark == "warning", "what is set does not come back to it"


def test_an_empty_fallback_group_fails_and_a_lone_member_is_a_warning(
    home: House, bed: Testbed
) -> None:
    try:
        bed.pbx.command("dialplan set global DECROCHE_FALLBACK PJSIP/0199000091@trunk")
        alone = home.findings()["fallback group"]
        bed.pbx.command('dialplan set global DECROCHE_FALLBACK ""')
        empty = home.findings()["fallback group"]
    finally:
        bed.pbx.command("dialplan reload")

    assert (alone.mark, empty.mark) == ("warning", "failed")


def test_a_prompt_without_a_sound_is_named(home: House) -> None:
    home.change("[lines.health]", "[lines.unheard]")

    finding = home.findings()["sounds"]

    assert finding.mark == "failed"
    assert finding.detail == "no sound for: keys-unheard, line-unheard, wake-unheard"


def test_every_prompt_of_the_catalogue_is_looked_for(home: House) -> None:
    catalogue = tomllib.loads((PROJECT / "dialplans/prompts/fr.toml").read_text())
    others = {
        f"{what}-{line}" for what in ("keys", "line", "wake") for line in ("students", "police")
    }
    others |= {prompt for prompt in catalogue if prompt.startswith("welcome-")} - {"welcome-short"}
    others |= set(CALL_BACK_PROMPTS)
    calling = FURTHER.replace("10", "20").replace("hold-further", "hold-call-back")
    say(home, 'everybody_words = "hold-everybody"', "says_wait = true", FURTHER, calling)

    finding = home.findings()["sounds"]

    assert finding.detail.startswith(f"{len(catalogue.keys() - others)} prompts")


def test_the_times_of_day_are_looked_for_where_a_line_calls_back(home: House) -> None:
    before = home.findings()["sounds"]
    say(home, "call_back = {}")
    home.change("[asterisk]", '[asterisk]\ncallers_endpoint = "PJSIP/{number}@trunk"')

    finding = home.findings()["sounds"]

    prompts = int(before.detail.partition(" ")[0]) + len(CALL_BACK_PROMPTS)
    assert finding.detail.startswith(f"{prompts} prompts")


def test_hold_words_without_a_sound_are_named_with_their_place_in_the_config(home: House) -> None:
    say(home, 'everybody_words = "hold-nowhere"')

    finding = home.findings()["sounds"]

    assert finding.mark == "failed"
    assert finding.detail == "no sound for: hold-nowhere (lines.health.everybody_words)"


def test_a_line_without_a_welcome_of_its_own_is_well_and_told(home: House, bed: Testbed) -> None:
    sounds = home.folder / "sounds/decroche"
    sounds.mkdir(parents=True)
    for sound in (bed.pbx.folder / "data/sounds/decroche").iterdir():
        (sounds / sound.name.replace("-health", "-plain")).symlink_to(sound)
    (sounds / "welcome-plain.wav").unlink()
    home.change("[lines.health]", "[lines.plain]")
    home.change("[asterisk]", '[asterisk]\nsounds_dir = "sounds"')

    finding = home.findings()["sounds"]

    assert finding.mark == "ok"
    assert finding.detail.endswith("; with the general welcome: plain")


def test_sounds_on_another_machine_are_not_checked_and_do_not_fail(home: House) -> None:
    home.change("[asterisk]", '[asterisk]\nsounds_dir = "nowhere"')

    finding = home.findings()["sounds"]

    assert finding.mark == "not checked"
    assert finding.ok


@pytest.mark.parametrize(("ahead_seconds", "mark"), [(0, "ok"), (2, "warning"), (-4, "failed")])
def test_a_clock_that_is_off_is_told(
    home: House, monkeypatch: pytest.MonkeyPatch, ahead_seconds: float, mark: str
) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + ahead_seconds)

    assert home.findings()["clock"].mark == mark
