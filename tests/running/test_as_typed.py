"""`decroche ...` as ops type it: the commands are run as the service is."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from router.doctor.user import DAEMON_USER
from tests.running.unit import Unit
from tests.tidy.source import ROOT

TYPED = ROOT / "config/systemd/decroche"
AS_IN_THE_UNIT = ("User", "Group", "UMask", "StateDirectory", "StateDirectoryMode", "LimitCORE")


def asked(tmp_path: Path, *words: str) -> list[str]:
    """Run it with something in systemd-run's place that says what it was asked."""
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 3\n")
    stand_in.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        [TYPED, *words],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (3, "")
    return done.stdout.splitlines()


def properties(tmp_path: Path, key: str) -> list[str]:
    prefix = f"--property={key}="
    return [one.removeprefix(prefix) for one in asked(tmp_path) if one.startswith(prefix)]


def test_it_has_the_units_user_and_all_its_secrets(tmp_path: Path) -> None:
    unit = Unit()
    for key in (*AS_IN_THE_UNIT, "LoadCredential"):
        assert properties(tmp_path, key) == unit.all_of(key)
    assert unit.of("User") == DAEMON_USER


def test_it_is_the_units_own_program_and_gets_each_word_as_it_was_typed(tmp_path: Path) -> None:
    program = Unit().of("ExecStart").split()[0]
    words = ["explain", "1700000000.17", "two words", "*"]
    assert asked(tmp_path, *words)[-5:] == [program, *words]
    assert {"--wait", "--pipe"} <= {*asked(tmp_path)}


def test_the_guide_and_the_runbook_have_it_installed() -> None:
    for page in ("install", "runbook"):
        text = (ROOT / f"docs/{page}.md").read_text(encoding="utf-8")
        assert re.search(
            r"install -m 0755 \S*config/systemd/decroche /usr/local/bin/$", text, re.MULTILINE
        )
