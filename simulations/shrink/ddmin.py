"""Delta debugging: the fewest parts of something that still show what the whole shows.

After Zeller and Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, IEEE Transactions
on Software Engineering 28 (2002): the algorithm called ddmin there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

PartT = TypeVar("PartT")

Shows = Callable[[list[PartT]], bool]
"""Says whether these parts alone still show it."""


def ddmin(parts: Sequence[PartT], shows: Shows[PartT]) -> list[PartT]:
    """Give a part of the parts that shows it, and no longer does with any single one less.

    All the parts together must show it.
    """
    kept = list(parts)
    if kept and shows([]):
        return []
    pieces = 2
    while len(kept) > 1:
        smaller = _smaller(kept, pieces, shows)
        if smaller is not None:
            kept, pieces = smaller
        elif pieces >= len(kept):
            break
        else:
            pieces = min(2 * pieces, len(kept))
    return kept


def _smaller(kept: list[PartT], pieces: int, shows: Shows[PartT]) -> tuple[list[PartT], int] | None:
    """Try each piece alone, then all but each; give what shows it and how to cut that next."""
    cuts = [index * len(kept) // pieces for index in range(pieces + 1)]
    spans = list(pairwise(cuts))
    for start, end in spans:
        if shows(kept[start:end]):
            return kept[start:end], 2
    if pieces > 2:  # noqa: PLR2004 - all but one half is the other half, which has been tried
        for start, end in spans:
            rest = kept[:start] + kept[end:]
            if shows(rest):
                return rest, pieces - 1
    return None
