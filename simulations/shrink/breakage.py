"""How a trace broke the engine, in a form in which two breakages can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from traceback import extract_tb

from msgspec import Struct

_NAMED = re.compile(r"\b(call|offer|listener|partner) \S+")


class Breakage(Struct, frozen=True):
    """What must not be, and was."""

    kinds: frozenset[str]
    """Each rule that was broken, without the names; or an exception's type and place."""
    words: str
    """The same as it was said, with the names."""

    def is_like(self, other: Breakage) -> bool:
        """Say whether some rule was broken in both."""
        return not self.kinds.isdisjoint(other.kinds)


def of_rules(found: Iterable[str]) -> Breakage:
    """Give the breakage that these violations are."""
    words = list(found)
    return Breakage(frozenset(_NAMED.sub(r"\1 ...", one) for one in words), "; ".join(words))


def of_error(error: Exception) -> Breakage:
    """Give the breakage that an exception out of the engine is."""
    place = extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    where = f"{PurePath(place.filename).name}, {place.name}, line {place.lineno}"
    said = f": {error}" if str(error) else ""
    return Breakage(frozenset([f"{kind} in {where}"]), f"{kind} in {where}{said}")
