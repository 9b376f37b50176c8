"""What the testbed needs on this machine, and whether it is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable

import pytest

from tests.testbed.tree import BrokenTestbedError, asterisk_command, tree_folder

PROGRAMS = {"espeak-ng": "espeak-ng", "sox": "sox"}
"""Program to Debian package: what is run each time."""
OTHERS = {"redis-server": "redis-server"}
"""What tests without the testbed run: a store that is not the one that comes with us."""


def missing() -> list[str]:
    """Give what is missing for the testbed, one phrase each; empty if it can run."""
    return [*missing_programs(PROGRAMS), *_missing_tree()]


def missing_programs(programs: Iterable[str]) -> list[str]:
    """Give those of the programs that are not on the PATH, as phrases."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    return [f"the program {name}" for name in programs if shutil.which(name, path=path) is None]


def require_testbed() -> None:
    """Skip the test, saying why, where the testbed cannot run; fail if skipping is forbidden."""
    if not (lacks := missing()):
        return
    reason = f"the testbed lacks {', '.join(lacks)}; run: python -m tests.testbed install"
    if os.environ.get("DECROCHE_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _missing_tree() -> list[str]:
    try:
        asterisk_command(tree_folder())
    except BrokenTestbedError:
        return [f"Asterisk in {tree_folder()}"]
    return []
