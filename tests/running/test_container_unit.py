"""The container as a service: what can be known of it where there is no podman."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from router.cli import SUPERSEDED
from router.config.secret import CREDENTIALS_DIRECTORY
from tests.running.containerfile import said, stages
from tests.running.trial.guide import GUIDE
from tests.running.unit import Unit
from tests.testbed.need import require_program
from tests.tidy.source import ROOT

FILE = ROOT / "config/systemd/decroche-container.service"


@pytest.fixture
def joined() -> str:
    """Give the unit with its long lines joined."""
    return re.sub(r"\\\n\s*", "", FILE.read_text(encoding="utf-8"))


@pytest.fixture
def run(joined: str) -> str:
    (found,) = re.findall(r"^ExecStart=(.+)$", joined, re.MULTILINE)
    return str(found)


@pytest.fixture
def unit() -> Unit:
    return Unit(FILE)


def test_systemd_understands_every_word_of_it(joined: str, tmp_path: Path) -> None:
    podman = tmp_path / "podman"
    podman.touch(mode=0o755)
    path = tmp_path / "decroche.service"
    path.write_text(joined.replace("/usr/bin/podman", str(podman)), encoding="utf-8")
    verified = subprocess.run(
        [require_program("systemd-analyze"), "verify", str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


def test_systemd_alone_starts_it_anew_and_not_where_a_newer_daemon_has_taken_over(
    unit: Unit, run: str
) -> None:
    assert unit.of("Restart") == "always"
    assert unit.of("RestartPreventExitStatus") == str(SUPERSEDED)
    assert "--restart no " in run
    # conmon is the main process, and gives the daemon's own exit code on.
    assert {"--sdnotify=conmon", "--cgroups=no-conmon", "--detach"} <= {*run.split()}
    # Podman takes no `restart` on a bad health beside a restart of its own; dead is enough.
    assert "--health-on-failure kill " in run


def test_no_page_has_a_container_that_starts_itself_anew() -> None:
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")]
    typed = [block for page in pages for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)]
    assert not [block for block in typed if "--restart always" in block]


def test_it_hands_over_the_secrets_that_the_guide_makes_and_the_image_looks_for(run: str) -> None:
    made = re.findall(r"for name in (.+); do\n    podman secret", GUIDE.read_text("utf-8"))
    assert made == ["ami caller dialplan vault"]
    (user,) = said(stages()[-1], "USER")
    handed = [f"decroche.{name},uid={user.partition(':')[0]},mode=0400" for name in made[0].split()]
    assert re.findall(r"--secret (\S+)", run) == handed
    (environment,) = said(stages()[-1], "ENV")
    assert f"{CREDENTIALS_DIRECTORY}=/run/secrets" in environment


def test_it_may_as_little_as_the_other_unit_and_leaves_no_core(run: str) -> None:
    assert {"--read-only", "--security-opt", "no-new-privileges"} <= {*run.split()}
    assert "--cap-drop all " in run
    assert "--ulimit core=0 " in run
    assert Unit().of("LimitCORE") == "0"


def test_podman_waits_as_long_as_the_daemon_may_take_to_end_and_systemd_longer(
    unit: Unit, run: str
) -> None:
    (stop_seconds,) = re.findall(r"--stop-timeout (\d+)", run)
    assert float(stop_seconds) == Unit().seconds("TimeoutStopSec")
    assert unit.seconds("TimeoutStopSec") > float(stop_seconds)


def test_its_data_and_config_are_where_the_image_has_them(run: str) -> None:
    (state,) = said(stages()[-1], "VOLUME")
    assert f"--volume decroche:{state} " in run
    assert "--volume /etc/decroche:/etc/decroche:ro " in run
