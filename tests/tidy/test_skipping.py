from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tidy.source import ROOT

SKIPPED = "import pytest\n\ndef test_it():\n    pytest.skip('no server here')\n"
SKIPPED_BY_ITS_FIXTURE = """\
import pytest

@pytest.fixture
def server():
    pytest.skip('no server here')

def test_it(server): pass
"""
SKIPPED_WHOLE = "import pytest\n\npytest.skip('no server here', allow_module_level=True)\n"
EXPECTED_TO_FAIL = """\
import pytest

@pytest.mark.xfail(reason='no server here')
def test_it(): assert False
"""


def outcome(folder: Path, words: str, no_skip: str) -> tuple[int, str]:
    (folder / "test_sample.py").write_text(words)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
    ]
    done = subprocess.run(
        [*command, "-c", os.devnull, "-p", "tests.conftest", str(folder)],
        cwd=ROOT,
        env={**os.environ, "DECROCHE_NO_SKIP": no_skip},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    "words", [SKIPPED, SKIPPED_BY_ITS_FIXTURE, SKIPPED_WHOLE, EXPECTED_TO_FAIL]
)
def test_where_nothing_may_be_skipped_a_skip_is_a_failure_that_says_what_is_missing(
    tmp_path: Path, words: str
) -> None:
    status, said = outcome(tmp_path, words, no_skip="1")
    assert status not in {0, 5}
    assert "no server here" in said


def test_where_it_may_a_skip_is_a_skip(tmp_path: Path) -> None:
    assert outcome(tmp_path, SKIPPED, no_skip="")[0] == 0
