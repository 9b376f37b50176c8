"""Callers of one number at a time: so many stand where they came, the others behind everybody else.

A ward, a school or a barracks shows one number for all of its people: nobody is refused. But a
dialler that has gone wrong, or somebody who means harm, would else have every listener.
"""

from __future__ import annotations

from collections.abc import Iterable

from router.core.call import Call
from router.core.floor import Floor


def line_up(floor: Floor, call: Call) -> None:
    """Have a call that comes in stand aside where its number has as many in line as it may."""
    most = floor.state.policy.calls_per_number
    if most is not None:
        in_line = sum(not one.stands_aside for one in _of_number(floor, call) if one is not call)
        call.stands_aside = in_line >= most


def make_way(floor: Floor, call: Call, now: float) -> None:
    """Have the first that stands aside join the line as a call of its number is over.

    It stands at the end: else a hundred calls would all be served before whoever comes after them.
    """
    if not call.entered or call.stands_aside:
        return
    first = next((one for one in _of_number(floor, call) if one.stands_aside), None)
    if first is not None:
        first.stands_aside = False
        first.stands_since = now - first.line.head_start_seconds
        floor.touch_call(first)


def _of_number(floor: Floor, call: Call) -> Iterable[Call]:
    """Give the calls that have come in from its number, in the order in which they came."""
    theirs = floor.calls_of.get(call.caller or "", {})
    return (one for one in theirs.values() if one.entered)
