"""Keeps groups of less than five people out of the report, so that nobody is recognised in it.

One group that is left out could be had by taking those that are shown from their total. So where
some are left out, they are at least two, and hold at least five people together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from router.report.facts import CallFact

LEAST_PEOPLE: Final = 5
"""Less than so many are not shown, but nobody at all is."""


def is_small(people: int) -> bool:
    """Say whether a group is too small to be shown by itself."""
    return 0 < people < LEAST_PEOPLE


def to_hide(people: Sequence[AbstractSet[str]]) -> set[int]:
    """Say which groups to leave out, of all those that make up a total; by their places.

    Somebody may be in several, and is one of those whom what is left out is about all the same.
    Beyond the small ones, these are the next smallest, as long as what is left out could be told.
    """
    hidden = {place for place, many in enumerate(people) if is_small(len(many))}
    if not hidden:
        return hidden
    others = sorted(
        (place for place, many in enumerate(people) if many and place not in hidden),
        key=lambda place: len(people[place]),
    )
    for place in others:
        if _is_covered(people, hidden):
            break
        hidden.add(place)
    # Where nobody else is there, even the empty ones would point at the one that is not shown.
    return hidden if _is_covered(people, hidden) else set(range(len(people)))


def _is_covered(people: Sequence[AbstractSet[str]], hidden: set[int]) -> bool:
    together: set[str] = set().union(*(people[place] for place in hidden))
    return len(hidden) > 1 and len(together) >= LEAST_PEOPLE


def are_of_few(calls: Iterable[CallFact]) -> bool:
    """Say whether so few people are behind calls that they are not to be told of."""
    people: set[str] = set()
    for call in calls:
        people.add(call.caller or call.call)
        if not is_small(len(people)):
            return False
    return bool(people)


def people_behind(calls: Iterable[CallFact]) -> frozenset[str]:
    """Give whose calls these are; each call with a withheld number is somebody's own."""
    return frozenset(call.caller or call.call for call in calls)
