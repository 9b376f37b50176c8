"""What the daemon answers by sending the leg elsewhere is told just before the leg rests.

Between the two the leg goes nowhere by itself: Asterisk loses a redirect that comes as a leg goes
from one place to another, and whoever it was for would not hear what was done for them.
"""

from __future__ import annotations

import re
from itertools import takewhile

import pytest

from tests.testbed.pbx import DIALPLANS
from tests.testbed.rest import TAKE_TIME

ANSWERED = [
    ("hold", "choice"),
    ("keys", "_key[0-9]"),
    ("menu", "ask"),
    ("number", "type"),
    ("offer", "calling"),
    ("offer", "s"),
    ("wake", "tell"),
    ("wrapup", "promise"),
]
"""By file, the extensions in which it is told."""

STAYS_ON_ITS_WAY = {"Set"}

STEP = re.compile(r"(?:exten => (?P<exten>[^,]+),1| same => n)(?:\(\w+\))?,(?P<application>\w+)")


@pytest.mark.parametrize(("file", "exten"), ANSWERED)
def test_a_leg_goes_nowhere_between_telling_and_resting(file: str, exten: str) -> None:
    steps = applications(file, exten)
    told = len(steps) - steps[::-1].index("UserEvent")
    on_its_way = list(takewhile(lambda application: application not in TAKE_TIME, steps[told:]))
    assert set(on_its_way) <= STAYS_ON_ITS_WAY
    assert len(on_its_way) < len(steps[told:]), "it never rests"


def applications(file: str, exten: str) -> list[str]:
    """Give what the steps of an extension run, in order."""
    found: dict[str, list[str]] = {}
    steps: list[str] = []
    for line in (DIALPLANS / f"{file}.conf").read_text(encoding="utf-8").splitlines():
        if step := STEP.match(line):
            if step["exten"] is not None:
                steps = found.setdefault(step["exten"], [])
            steps.append(step["application"])
    return found[exten]
