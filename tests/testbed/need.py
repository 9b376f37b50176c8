"""What the testbed needs on this machine, and whether it is there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from typing import NoReturn

import pytest

from tests.testbed.tree import BrokenTestbedError, asterisk_command, tree_folder

PROGRAMS = {"espeak-ng": "espeak-ng", "sox": "sox"}
"""Program to Debian package: what is run each time."""
OTHERS = {
    "redis-server": "redis-server",
    "promtool": "prometheus",
    "mosquitto": "mosquitto",
    "systemd-analyze": "systemd",
    "chromium": "chromium",
}
"""What tests without the testbed run: a store that is not the one that comes with us, what reads
our figures, the broker of listeners' apps, what judges our unit, and a browser."""


def missing() -> list[str]:
    """Give what is missing for the testbed, one phrase each; empty if it can run."""
    return [*missing_programs(PROGRAMS), *_missing_tree()]


def missing_programs(programs: Iterable[str]) -> list[str]:
    """Give those of the programs that are not on the PATH, as phrases."""
    return [f"the program {name}" for name in programs if _where(name) is None]


def require_testbed() -> None:
    """Skip the test, saying why, where the testbed cannot run; fail if skipping is forbidden."""
    if lacks := missing():
        _go_without(lacks)


def require_program(name: str) -> str:
    """Give where one of the other programs is; without it, as `require_testbed`."""
    found = _where(name)
    if found is None:
        _go_without([f"the program {name}"])
    return found


def _go_without(lacks: list[str]) -> NoReturn:
    reason = f"the testbed lacks {', '.join(lacks)}; run: python -m tests.testbed install"
    if os.environ.get("DECROCHE_NO_SKIP") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _where(program: str) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    return shutil.which(program, path=path)


def _missing_tree() -> list[str]:
    try:
        asterisk_command(tree_folder())
    except BrokenTestbedError:
        return [f"Asterisk in {tree_folder()}"]
    return []
