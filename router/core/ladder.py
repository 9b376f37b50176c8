"""The ladder: which rung a call stands on after so long a wait."""

from __future__ import annotations

from router.core.call import Call
from router.core.policy import Rung


def rung_at(call: Call, now: float) -> int:
    """Give the index of the last rung that a call's wait has reached."""
    reached = 0
    for index, rung in enumerate(call.line.ladder):
        if _reached_at(call, rung) <= now:
            reached = index
    return reached


def next_step_at(call: Call) -> float:
    """Give the epoch second at which a searching call has its next rung, or its fallback."""
    following = call.line.ladder[call.rung + 1 : call.rung + 2]
    return min([*(_reached_at(call, rung) for rung in following), call.fallback_at])


def _reached_at(call: Call, rung: Rung) -> float:
    # One sum for both questions: a wait taken as a difference can be rounded to just below the
    # rung that is due, which would then be due for ever.
    return call.arrived + rung.after_seconds
