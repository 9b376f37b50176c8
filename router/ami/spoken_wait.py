"""How long a caller may yet wait, in words: one of a few recorded ranges, or nothing."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from router.core.expected_wait import WaitRange


class Spoken(Struct, frozen=True):
    """A range that there is a recording of."""

    from_seconds: float
    to_seconds: float
    prompt: str

    def holds(self, expected: WaitRange) -> bool:
        """Say whether all that is expected lies within this range."""
        return self.from_seconds <= expected.from_seconds and expected.to_seconds <= self.to_seconds

    def is_longer_than(self, other: Spoken) -> bool:
        """Say whether a caller who was told the other one would find that this has grown."""
        return self.from_seconds > other.from_seconds or self.to_seconds > other.to_seconds


SPOKEN: Final = (
    Spoken(0.0, 60.0, "wait-under-1"),
    Spoken(60.0, 120.0, "wait-1-to-2"),
    Spoken(0.0, 120.0, "wait-under-2"),
    Spoken(120.0, 300.0, "wait-2-to-5"),
    Spoken(0.0, 300.0, "wait-under-5"),
    Spoken(300.0, 600.0, "wait-5-to-10"),
    Spoken(0.0, 600.0, "wait-under-10"),
)
"""From the shortest to the longest, and of two that end alike the narrower one first."""


def spoken(expected: WaitRange | None, before: Spoken | None) -> Spoken | None:
    """Give the first range that may be said, to a caller who was told this one before; or None."""
    if expected is None:
        return None
    return next(
        (
            one
            for one in SPOKEN
            if one.holds(expected) and (before is None or not one.is_longer_than(before))
        ),
        None,
    )
