"""The Containerfile: what can be known of the image where none can be built."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from router.config.secret import CREDENTIALS_DIRECTORY
from router.config.shape import Store, Web
from tests.doctor.page_server import page_server
from tests.running.containerfile import FILE, Stage, said, stages
from tests.tidy.source import ROOT

IGNORED = ROOT / ".dockerignore"
PORT = Web().port


@pytest.fixture(name="stages")
def _stages() -> list[Stage]:
    return stages()


def test_its_linter_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert linter is not None, "it is in requirements-dev.lock"
    found = subprocess.run([linter, FILE], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_all_that_it_takes_from_here_is_here_and_gets_there(stages: list[Stage]) -> None:
    taken = [one for words in said(stages[0], "COPY") for one in words.split()[:-1]]
    assert {"pyproject.toml", "requirements.lock", "router", "simulations"} <= set(taken)
    assert [one for one in taken if not (ROOT / one).exists()] == []
    let_through = re.findall(r"^!(.+)$", IGNORED.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(let_through) == set(taken)
    assert IGNORED.read_text(encoding="utf-8").splitlines()[1] == "*"


def test_what_it_takes_from_elsewhere_is_held_to_the_hashes_of_the_locks(
    stages: list[Stage],
) -> None:
    steps = [step for run in said(stages[0], "RUN") for step in run.split(" && ")]
    installs = [step for step in steps if " pip " in step and " install " in step]
    elsewhere = [step for step in installs if "--no-index" not in step]
    assert len(installs) == 3
    assert [step for step in elsewhere if "--require-hashes" not in step] == []
    assert not [run for run in said(stages[1], "RUN") if "pip" in run]


def test_what_builds_it_is_in_the_developers_lock_with_its_hashes(
    stages: list[Stage], tmp_path: Path
) -> None:
    steps = [step for run in said(stages[0], "RUN") for step in run.split(" && ")]
    (finds,) = [step for step in steps if step.startswith("sed ")]
    finds = finds.replace("/build/locks/requirements-dev.lock", str(ROOT / "requirements-dev.lock"))
    finds = finds.replace("/build/locks/build.lock", str(tmp_path / "build.lock"))
    subprocess.run(["sh", "-c", finds], check=True)
    found = (tmp_path / "build.lock").read_text()
    assert re.fullmatch(r"setuptools==\S+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", found)


def test_it_runs_as_nobody_in_particular_on_a_slim_python_of_ours(stages: list[Stage]) -> None:
    assert said(stages[1], "USER") == ["8077:8077"]
    bases = {words.split()[0] for stage in stages for words in said(stage, "FROM")}
    assert bases == {"docker.io/library/python:3.11-slim-bookworm"}
    assert said(stages[1], "VOLUME") == [str(Store().state_dir)]


def test_its_command_is_ours_and_secrets_are_found_where_podman_puts_them(
    stages: list[Stage],
) -> None:
    assert [json.loads(one) for one in said(stages[1], "ENTRYPOINT")] == [["decroche"]]
    assert [json.loads(one) for one in said(stages[1], "CMD")] == [["run"]]
    (environment,) = said(stages[1], "ENV")
    assert f"{CREDENTIALS_DIRECTORY}=/run/secrets" in environment
    assert "PATH=/opt/decroche/bin:" in environment
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "scripts"
    ]
    assert "decroche" in scripts


def test_it_is_healthy_as_long_as_the_daemon_says_so(stages: list[Stage]) -> None:
    (health,) = said(stages[1], "HEALTHCHECK")
    program, *words = json.loads(health.partition("CMD ")[2])
    assert program == "python"
    assert f":{PORT}/healthz" in words[1]
    for path, status in (("/healthz", 0), ("/", 1)):
        with page_server(path, "{}") as port:
            look = words[1].replace(str(PORT), str(port)).replace("timeout=3", "timeout=60")
            asked = [sys.executable, words[0], look]
            checked = subprocess.run(asked, capture_output=True, check=False, timeout=120)
        assert checked.returncode == status
