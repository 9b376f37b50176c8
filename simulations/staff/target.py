"""What is to be reached: a share of the calls, answered within some seconds."""

from __future__ import annotations

import re

from msgspec import Struct

from router.errors import DecrocheError

_TARGET = re.compile(r" *([0-9]{1,3}(?:\.[0-9]+)?) *% *within +([0-9]{1,4}(?:\.[0-9]+)?) *s *")

MOST_SECONDS = 3600.0
"""Nobody waits for longer than an hour and calls that a target."""


class Target(Struct, frozen=True):
    """Of the calls that count, this share is to be picked up within so many seconds."""

    share: float
    within_seconds: float

    def __str__(self) -> str:
        """Give the words that it is asked for with."""
        return f"{self.share * 100:g}% within {self.within_seconds:g}s"


def parse_target(words: str) -> Target:
    """Read `99% within 20s`.

    Raises
    ------
    DecrocheError
        for anything else, for a share that no number of runs could show, or a time that is none.

    """
    match = _TARGET.fullmatch(words)
    if match is None:
        raise DecrocheError(f"--target: expected words like '99% within 20s', got {words[:40]!r}")
    percent, seconds = map(float, match.groups())
    if not 0.0 < percent < 100.0:  # noqa: PLR2004 - of a hundred
        raise DecrocheError(
            f"--target: expected more than 0 % and less than 100 %, which no number of runs can"
            f" show, got {percent:g} %"
        )
    if not 0.0 < seconds <= MOST_SECONDS:
        raise DecrocheError(
            f"--target: expected more than 0 s and at most {MOST_SECONDS:g} s, got {seconds:g} s"
        )
    return Target(percent / 100.0, seconds)
