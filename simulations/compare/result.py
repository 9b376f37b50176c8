"""What a comparison comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from simulations.compare.paired import differences
from simulations.compare.sides import Matched, Side, match


class Comparison(Struct, frozen=True):
    """Two sets of rules on the same people."""

    scenario: str
    seed: int
    """Of the first replication."""
    replications: int
    a: str
    b: str
    differences: dict[str, Any]
    """`total`, `lines` and `by_skill`: figure to `Difference`."""
    calls: Matched


def compared(scenario: str, a: str, b: str, pairs: Sequence[tuple[Side, Side]]) -> Comparison:
    """Hold two sides against each other, replication by replication."""
    return Comparison(
        scenario=scenario,
        seed=pairs[0][0].seed,
        replications=len(pairs),
        a=a,
        b=b,
        differences=differences(
            [one.figures for one, _ in pairs], [other.figures for _, other in pairs]
        ),
        calls=match(pairs),
    )
