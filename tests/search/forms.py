"""The forms in which a French mobile number of ours may have been written."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Final

STEM: Final = "63998"
"""How every number of the search begins, after 0, +33, 33 or 0033."""

_GAP: Final = rb"[ .\-/_()\x00]{0,3}"
_WRITTEN: Final = re.compile(
    rb"(?<![0-9])(?:(?:\+|00)?"
    + _GAP
    + rb"33"
    + _GAP
    + rb"0?|0)?"
    + _GAP
    + _GAP.join(STEM[at : at + 1].encode() for at in range(len(STEM)))
    + _GAP
    + _GAP.join([rb"([0-9])"] * 4)
    + rb"(?![0-9])"
)
"""Digits, with or without anything that people put between them, or the zeros of UTF-16."""


def written_in(content: bytes, numbers: Iterable[str]) -> list[str]:
    """Name those of these E.164 numbers that stand in this content, and other forms of any."""
    ends = {number[-4:] for number in numbers}
    found = [b"".join(digits).decode() for digits in _WRITTEN.findall(content)]
    return [
        *(f"...{STEM}{end}" for end in found if end in ends),
        *(f"{name} of a number" for name, stem in _STEMS if stem in content),
    ]


def _base64_stems(text: str) -> list[bytes]:
    """Give what of a text's base64 does not depend on what is before or after it."""
    stems = []
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + text.encode())
        stems.append(whole[(before * 8 + 5) // 6 : (before + len(text)) * 8 // 6])
    return stems


_BEGINNINGS: Final = (f"0{STEM}", f"33{STEM}")
_STEMS: Final = (
    *(("the hex", begin.encode().hex().encode()) for begin in _BEGINNINGS),
    *(("the UTF-16", begin.encode("utf-16-le")) for begin in _BEGINNINGS),
    *(("the UTF-16", begin.encode("utf-16-be")) for begin in _BEGINNINGS),
    *(("the base64", stem) for begin in _BEGINNINGS for stem in _base64_stems(begin)),
)
