"""What is kept of a run to be compared: its figures, and the fate of each call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from router.core.commands import Outcome
from simulations.figures import Figures, figures
from simulations.records import RunRecord

Key = tuple[str, str, float, int]
"""Line, person, arrival, and which of those that are alike in all three: one attempt."""


class Fate(Struct, frozen=True, gc=False):
    """What became of one call."""

    line: str
    person: str
    arrived: float
    outcome: Outcome
    waited_seconds: float


class Side(Struct, frozen=True):
    """One run under one set of rules."""

    seed: int
    simulated_seconds: float
    figures: Figures
    fates: list[Fate]


def side(record: RunRecord) -> Side:
    """Keep of a run what a comparison needs."""
    return Side(
        seed=record.seed,
        simulated_seconds=record.simulated_seconds,
        figures=figures([record]),
        fates=[
            Fate(call.line, call.person, call.arrived, call.outcome, call.waited_seconds)
            for call in record.calls
        ],
    )


class Moved(Struct, frozen=True):
    """A call that one side lost and the other did not."""

    seed: int
    line: str
    person: str
    arrived: float
    lost_after_seconds: float
    instead: Outcome
    """What the other side made of it."""


class Matched(Struct, frozen=True):
    """The calls of both sides, attempt by attempt."""

    attempts: int
    """Made on both sides: by the same person on the same line at the same instant."""
    only_a: int
    """Made on that side alone: whoever was lost there tried again."""
    only_b: int
    lost_only_in_a: list[Moved]
    lost_only_in_b: list[Moved]


def match(pairs: Iterable[tuple[Side, Side]]) -> Matched:
    """Hold each attempt of one side against the same one of the other."""
    attempts = only_a = only_b = 0
    lost_only_in_a: list[Moved] = []
    lost_only_in_b: list[Moved] = []
    for a, b in pairs:
        of_a, of_b = _by_key(a.fates), _by_key(b.fates)
        both = [key for key in of_a if key in of_b]
        attempts += len(both)
        only_a += len(of_a) - len(both)
        only_b += len(of_b) - len(both)
        for key in both:
            one, other = of_a[key], of_b[key]
            lost_in_a, lost_in_b = one.outcome == "lost", other.outcome == "lost"
            if lost_in_a and not lost_in_b:
                lost_only_in_a.append(_moved(a.seed, one, other))
            elif lost_in_b and not lost_in_a:
                lost_only_in_b.append(_moved(b.seed, other, one))
    return Matched(attempts, only_a, only_b, lost_only_in_a, lost_only_in_b)


def _by_key(fates: Iterable[Fate]) -> dict[Key, Fate]:
    """Name each attempt, in the order of arrival, which is the same on both sides."""
    seen: Counter[tuple[str, str, float]] = Counter()
    found: dict[Key, Fate] = {}
    for fate in sorted(fates, key=lambda one: one.arrived):
        alike = fate.line, fate.person, fate.arrived
        found[(*alike, seen[alike])] = fate
        seen[alike] += 1
    return found


def _moved(seed: int, lost: Fate, other: Fate) -> Moved:
    return Moved(
        seed=seed,
        line=lost.line,
        person=lost.person,
        arrived=lost.arrived,
        lost_after_seconds=lost.waited_seconds,
        instead=other.outcome,
    )
