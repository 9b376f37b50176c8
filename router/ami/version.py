"""Whether an Asterisk lets an account that may originate run programs (CVE-2024-42365)."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

MEND = "upgrade to Asterisk 22 (or 18.24.2, 20.9.2, 21.4.2, 18.9-cert11, 20.7-cert2 and later)"

_FIXED = {18: (18, 24, 2), 20: (20, 9, 2), 21: (21, 4, 2)}
_FIXED_CERTIFIED = {18: (18, 9, 11), 20: (20, 7, 2)}
_FIRST_BORN_FIXED = 22
_CERTIFIED = re.compile(r"(?:certified[/-])?(\d{1,3})\.(\d{1,3})-cert(\d{1,3})")
_RELEASE = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})")


class Judged(Struct, frozen=True):
    """What is to be thought of a version, and its name (empty where it is not one)."""

    safety: Literal["fixed", "open", "unknown"]
    name: str


def judge(version: str) -> Judged:
    """Judge by what Asterisk says of itself, such as `22.10.1~dfsg+~cs6.15`."""
    certified = _CERTIFIED.match(version)
    match = certified or _RELEASE.match(version)
    if match is None:
        return Judged("unknown", "")
    numbers = tuple(int(part) for part in match.groups())
    first_fixed = (_FIXED_CERTIFIED if certified else _FIXED).get(numbers[0], (_FIRST_BORN_FIXED,))
    return Judged("fixed" if numbers >= first_fixed else "open", match.group())
