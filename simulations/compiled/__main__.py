"""Copies the program into a folder and compiles its engine there: `make compiled`.

What is compiled is the core's own source, by mypyc (https://mypyc.readthedocs.io): there is one
engine, not two, and a test holds both forms to the same trace, byte for byte. The folder is a copy,
so no compiled module ever stands in the way of the source that somebody is changing. It is for
simulations: a compiled engine cannot be restored from a snapshot, as the daemon's must be.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from router.errors import DecrocheError
from simulations.compiled.initialisers import written_out

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("router", "simulations")

WIRE_FORMS = frozenset(
    {
        "__init__",
        "command",
        "commands",
        "entry",
        "event",
        "events",
        "explain",
        "policy",
        "presence_events",
        "promise_commands",
        "promise_events",
    }
)
"""Modules that say what msgspec's structs hold: those are compiled already, and mypyc cannot."""


def main() -> None:
    """Build into the folder that the command line names."""
    try:
        build(Path(sys.argv[1]))
    except DecrocheError as error:
        sys.exit(f"{error}")


def build(folder: Path) -> None:
    """Make `folder` a copy of the program whose engine is compiled.

    Raises
    ------
    DecrocheError
        if there is no compiler for C, or it failed.

    """
    if folder.exists():
        shutil.rmtree(folder)
    for package in PACKAGES:
        leave = shutil.ignore_patterns("__pycache__", "*.so")
        shutil.copytree(ROOT / package, folder / package, ignore=leave)
    core = sorted((folder / "router" / "core").glob("*.py"))
    core = [path for path in core if path.stem not in WIRE_FORMS]
    for path in core:
        path.write_text(written_out(path.read_text(encoding="utf-8")), encoding="utf-8")
    wanted = [str(path.relative_to(folder)) for path in core]
    command = [sys.executable, "-m", "mypyc", "--ignore-missing-imports", *wanted]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own Python
    if done.returncode:
        raise DecrocheError(
            "the engine could not be compiled; it takes a C compiler (gcc) and mypy:\n"
            + (done.stdout + done.stderr)[-2_000:]
        )
    shutil.rmtree(folder / "build")


if __name__ == "__main__":
    main()
