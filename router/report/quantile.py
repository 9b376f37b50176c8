"""The one meaning of a quantile in all figures."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Give the least value that this share of the sorted values does not exceed."""
    return ordered[max(ceil(share * len(ordered)), 1) - 1] if ordered else None
