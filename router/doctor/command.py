"""`decroche doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from router.config.places import DEFAULT_CONFIG
from router.doctor import exit_code, render, run

Config = Annotated[Path, Parameter(name=["--config", "-c"], help="The main config file.")]


def doctor(*, config: Config = DEFAULT_CONFIG) -> int:
    """Look whether everything that the daemon needs is there; each line says how to mend it."""
    findings = run(config)
    render(findings)
    return exit_code(findings)
