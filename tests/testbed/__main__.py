"""The testbed by hand: `python -m tests.testbed install|up|down|status`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TypedDict

from tests.testbed.install import install
from tests.testbed.testbed import Testbed
from tests.testbed.tree import BrokenTestbedError, cache_folder

FALLBACK = ("0199000091", "0199000092")


class Standing(TypedDict):
    """What is noted of a testbed that stands."""

    folder: str
    pids: list[int]
    words: str


def main() -> int:
    """Do the one thing asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.testbed")
    verbs = {"install": install, "up": up, "down": down, "status": status}
    parser.add_argument("verb", choices=verbs)
    try:
        return verbs[parser.parse_args().verb]()
    except BrokenTestbedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def up() -> int:
    """Start a testbed that stays, unless one stands already."""
    if _standing() is None:
        bed = Testbed(FALLBACK).start(outlives=True)
        account = bed.pbx.manager
        words = (
            f"AMI {account.host}:{account.port}, {account.username} / {account.secret}\n"
            f"DECROCHE_SECRET {bed.pbx.secret}\n"
            f"farm's AMI port {bed.farm_instance.admin.port}, folders in {bed.folder}\n"
        )
        pids = [bed.pbx.pid, bed.farm_instance.pid]
        note = Standing(folder=str(bed.folder), pids=pids, words=words)
        _note().write_text(json.dumps(note))
    return status()


def down() -> int:
    """End the testbed that stands, if one does."""
    standing = _standing()
    if standing is not None:
        for pid in filter(lambda pid: _is_ours(pid, standing), standing["pids"]):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(standing["folder"], ignore_errors=True)
    _note().unlink(missing_ok=True)
    return 0


def status() -> int:
    """Say whether a testbed stands, and how to reach it; 0 if so."""
    standing = _standing()
    sys.stdout.write(standing["words"] if standing else "no testbed stands\n")
    return 0 if standing else 1


def _note() -> Path:
    return cache_folder() / "testbed.json"


def _standing() -> Standing | None:
    """Give what was noted, if any of its processes still runs."""
    if not _note().exists():
        return None
    standing: Standing = json.loads(_note().read_text())
    return standing if any(_is_ours(pid, standing) for pid in standing["pids"]) else None


def _is_ours(pid: int, standing: Standing) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return False
    return standing["folder"] in words


if __name__ == "__main__":
    sys.exit(main())
