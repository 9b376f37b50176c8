from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy.source import ROOT

LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"

BREACHES = [
    ("core/engine.py", "router.errors", "the core imports nothing of ours"),
    ("core/engine.py", "asyncio", "the core has no input, output, clock, randomness or asyncio"),
    ("doctor/run.py", "router.runtime.loop", "nothing imports the runtime but the command line"),
    ("ami/link.py", "router.store.journal", "the shells do not know each other"),
    ("config/load.py", "router.web.server", "the shells do not know each other"),
    ("web/server.py", "router.observe.dashboards.now", "nothing that runs imports what makes"),
    ("errors.py", "router.ami.errors", "dependencies point one way"),
]


@pytest.mark.parametrize(("module", "imports", "contract"), BREACHES)
def test_a_breach_of_an_import_contract_is_found(
    tmp_path: Path, module: str, imports: str, contract: str
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "router", tmp_path / "router", ignore=shutil.ignore_patterns("__pycache__")
    )
    broken = tmp_path / "router" / module
    broken.write_text(broken.read_text() + f"import {imports}\n")
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    kept_or_broken = [line for line in done.stdout.splitlines() if contract in line]
    assert done.returncode == 1, done.stderr
    assert any(line.endswith("BROKEN") for line in kept_or_broken)
