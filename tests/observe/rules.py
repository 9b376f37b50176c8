"""The rules for Prometheus that come with decroche, and the programs that try them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import msgspec
from msgspec import Struct, field

from tests.testbed.need import require_program
from tests.tidy.source import ROOT

FOLDER = ROOT / "config/prometheus"
FILES = sorted((FOLDER / "rules").glob("*.yml"))
OBJECTIVES = FOLDER / "rules/slo.yml"
PROMTOOL_SECONDS = 600.0
"""It takes a week's figures in a minute; only one that hangs takes so long."""

OF_A_FAMILY = re.compile(r"_(bucket|sum|count)$")
NAME = re.compile(r"\b(?:line:)?decroche[_:]\w+(?::\w+)?")


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule, as its file has it."""

    expr: str
    record: str = ""
    alert: str = ""
    wait: str = field(default="", name="for")
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}

    @property
    def names(self) -> set[str]:
        """Name the series that it asks for, histograms by their own name."""
        return {OF_A_FAMILY.sub("", name) for name in NAME.findall(self.expr)}


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that are worked out together."""

    name: str
    rules: list[Rule]
    every: str = field(default="", name="interval")


class _File(Struct, frozen=True):
    groups: list[Group]


def rules(*names: str) -> list[Rule]:
    """Give all rules, or those of files by name, refusing a key that is none."""
    files = [path for path in FILES if not names or path.name in names]
    return [rule for path in files for group in _groups(path) for rule in group.rules]


def in_order() -> list[str]:
    """Name the groups so that what is recorded comes before what asks for it.

    Else promtool takes them in any order, and an alert may look at the minute before.
    """
    files = sorted(FILES, key=lambda path: path != OBJECTIVES)
    return [group.name for path in files for group in _groups(path)]


def _groups(path: Path) -> list[Group]:
    return msgspec.yaml.decode(path.read_bytes(), type=_File).groups


def alerts() -> dict[str, Rule]:
    """Give the rules that alert, by their names."""
    return {rule.alert: rule for rule in rules() if rule.alert}


def promtool(*words: str, folder: Path = FOLDER) -> str:
    """Run promtool, and give what it said; the test fails where it finds fault."""
    done = subprocess.run(
        [require_program("promtool"), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PROMTOOL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
