"""The ladder: which rung a call stands on."""

from __future__ import annotations

from collections.abc import Iterable

from router.core.call import Call
from router.core.policy import Rung, Shortage


def rung_at(call: Call, now: float) -> int:
    """Give the index of the last rung that a call's wait has reached, or that it was taken to."""
    ladder = call.ladder
    rung = len(ladder) - 1
    while rung > call.rung and _reached_at(call, ladder[rung]) > now:
        rung -= 1
    return rung


def next_step_at(call: Call) -> float:
    """Give the epoch second at which a searching call has its next rung, or its fallback."""
    ladder, above = call.ladder, call.rung + 1
    at = call.fallback_at
    if above < len(ladder):
        at = min(at, _reached_at(call, ladder[above]))
    if call.is_kept_for_usual:
        at = min(at, call.alone_until)
    return at


def leads_on(call: Call, shortage: Shortage) -> bool:
    """Say whether this shortage takes a call to its next rung."""
    ladder, above = call.ladder, call.rung + 1
    return above < len(ladder) and shortage in ladder[above].when


def stands_far_behind(call: Call, calls: Iterable[Call]) -> bool:
    """Say whether so many callers stand before this one that it comes to its next rung for it."""
    ladder, above = call.ladder, call.rung + 1
    if above == len(ladder):
        return False
    behind = ladder[above].behind
    if behind is None or not call.has_leg:
        return False
    place = call.place[1:]
    before = sum(
        1 for one in calls if one.state == "searching" and one.has_leg and one.place[1:] < place
    )
    return before >= behind


def _reached_at(call: Call, rung: Rung) -> float:
    # One sum for both questions: a wait taken as a difference can be rounded to just below the
    # rung that is due, which would then be due for ever.
    return call.arrived + rung.after_seconds
