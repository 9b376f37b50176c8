"""Whether somebody to whom a call is owed is with us already: nobody is rung who is."""

from __future__ import annotations

from typing import Final

from router.core.call import Call
from router.core.floor import Floor
from router.core.promise import Promise, PromiseState

_WITH_US: Final[frozenset[PromiseState]] = frozenset({"dialling", "rang_back", "talking"})


def call_of(floor: Floor, caller: str) -> Call | None:
    """Give the call by which somebody is on the line now."""
    theirs = floor.calls_of.get(caller)
    return next((one for one in theirs.values() if one.has_leg), None) if theirs else None


def is_in_touch(floor: Floor, promise: Promise) -> bool:
    """Say whether whom it is owed to is on the line, or is being rung for another promise."""
    theirs = floor.promises_of[promise.caller].values()
    if any(one is not promise and one.state in _WITH_US for one in theirs):
        return True
    return call_of(floor, promise.caller) is not None
