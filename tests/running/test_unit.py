"""The unit for systemd: good words, a service that may little, and a place for each secret."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from router.cli import SUPERSEDED
from router.config.secret import Secret
from router.runtime.pulse import BEAT_EVERY_SECONDS, STUCK_SECONDS
from router.store.embedded import START_DEADLINE_SECONDS, STOP_DEADLINE_SECONDS
from tests.running.unit import PREFIX, UNIT, Unit
from tests.testbed.need import require_program
from tests.tidy.source import ROOT, project

MOST_EXPOSURE = 15
"""In tenths. What is left is that it speaks TCP, with whomever, and sees this machine's files."""


@pytest.fixture
def unit() -> Unit:
    return Unit()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Give the unit as it is where the daemon stands in its place."""
    program = tmp_path / "decroche"
    program.touch(mode=0o755)
    path = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    path.write_text(text.replace(f"{PREFIX}/.venv/bin/decroche", str(program)), encoding="utf-8")
    return path


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    program = require_program("systemd-analyze")
    return subprocess.run(
        [program, *words], capture_output=True, text=True, check=False, timeout=60
    )


def test_systemd_understands_every_word_of_it(installed: Path) -> None:
    verified = analyze("verify", str(installed))
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_a_word_that_systemd_does_not_know_would_be_seen(installed: Path) -> None:
    installed.write_text(installed.read_text().replace("WatchdogSec=", "WatchdogSecs="))
    assert "Unknown key" in analyze("verify", str(installed)).stderr


def test_what_it_leaves_open_is_little(installed: Path) -> None:
    judge = ("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", str(installed))
    judged = analyze(*judge)
    assert judged.returncode == 0, judged.stdout


def test_a_unit_that_leaves_more_open_would_be_seen(installed: Path) -> None:
    text = installed.read_text().replace("CapabilityBoundingSet=\n", "")
    installed.write_text(text.replace("SystemCallFilter=", "#"))
    judge = ("security", "--offline=true", f"--threshold={MOST_EXPOSURE}", str(installed))
    assert analyze(*judge).returncode != 0


def test_each_secret_that_there_can_be_is_asked_for_by_its_name(unit: Unit) -> None:
    sources = [one for one in project() if one.is_python and one.path.startswith("router/")]
    variables = {
        name for one in sources for name in re.findall(r'"(DECROCHE_\w+_SECRET)"', one.text)
    }
    wanted = {Secret("", name, None, 0).credential for name in variables}
    assert {"decroche.ami", "decroche.vault_before", "decroche.mqtt"} <= wanted
    assert set(unit.all_of("LoadCredential")) == wanted


def test_no_credential_has_to_be_there_for_a_start(unit: Unit) -> None:
    # With a path a file that is missing would be the end of the start, before a word of ours.
    assert not [one for one in unit.all_of("LoadCredential") if ":" in one]


def test_it_needs_nobody_to_start_but_the_network(unit: Unit) -> None:
    after = " ".join(unit.all_of("After")).split()
    assert {"asterisk.service", "redis-server.service", "mosquitto.service"} <= set(after)
    assert unit.all_of("Wants") == ["network-online.target"]
    assert not [*unit.all_of("Requires"), *unit.all_of("BindsTo"), *unit.all_of("PartOf")]


def test_it_is_started_again_whatever_ends_it_but_a_newer_daemon(unit: Unit) -> None:
    assert unit.of("Restart") == "always"
    assert unit.of("StartLimitIntervalSec") == "0"
    assert int(unit.of("RestartPreventExitStatus")) == SUPERSEDED


def test_its_deadlines_leave_room_for_what_the_daemon_may_take(unit: Unit) -> None:
    assert unit.of("Type") == "notify"
    assert unit.seconds("WatchdogSec") > STUCK_SECONDS + 2 * BEAT_EVERY_SECONDS
    assert unit.seconds("TimeoutStartSec") > 2 * START_DEADLINE_SECONDS
    assert unit.seconds("TimeoutStopSec") > 2 * STOP_DEADLINE_SECONDS


def test_its_page_is_there(unit: Unit) -> None:
    page = unit.of("Documentation").removeprefix(f"file:{PREFIX}/")
    assert (ROOT / page).is_file()
