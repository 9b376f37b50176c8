"""The compiled engine is the engine: same trace, same snapshot, and it is really compiled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from router.errors import DecrocheError
from simulations.compiled import __main__ as compiled

pytestmark = pytest.mark.slow

EVERY_FAULT = Path(__file__).with_name("all_goes_wrong.toml")

RUN = """
import hashlib, io, sys
from router.core import call, engine
from simulations.run import Run
from simulations.scenario import load
trace = io.BytesIO()
run = Run("x", load(sys.argv[1], ["days=2"]), 5, trace)
run.run()
snapshot = run.engine.snapshot()
print(engine.__file__, type(call.Call.__init__).__name__)
print(hashlib.sha256(trace.getvalue() + snapshot).hexdigest())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("compiled") / "here"
    compiled.build(made)
    return made


@pytest.mark.parametrize("scenario", ["ordinary_week", "crisis_x10", str(EVERY_FAULT)])
def test_it_gives_the_same_trace_and_the_same_state_byte_for_byte(
    folder: Path, scenario: str
) -> None:
    file, makes_calls, digest = _run(folder, scenario)
    source, _, expected = _run(compiled.ROOT, scenario)
    assert file.startswith(str(folder))
    assert file.endswith(".so")
    assert source.endswith("engine.py")
    assert makes_calls != "function", "calls are made by the interpreter"
    assert digest == expected


def test_without_a_compiler_it_says_what_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(DecrocheError, match="C compiler"):
        compiled.build(tmp_path / "here")


def _run(root: Path, scenario: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", RUN, scenario],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()
