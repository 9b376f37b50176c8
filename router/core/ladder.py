"""The ladder: which rung a call stands on after so long a wait."""

from __future__ import annotations

from router.core.call import Call
from router.core.policy import Rung


def rung_at(call: Call, now: float) -> int:
    """Give the index of the last rung that a call's wait has reached."""
    ladder = call.line.ladder
    rung = len(ladder) - 1
    while rung > 0 and _reached_at(call, ladder[rung]) > now:
        rung -= 1
    return rung


def next_step_at(call: Call) -> float:
    """Give the epoch second at which a searching call has its next rung, or its fallback."""
    ladder, above = call.line.ladder, call.rung + 1
    if above == len(ladder):
        return call.fallback_at
    return min(_reached_at(call, ladder[above]), call.fallback_at)


def _reached_at(call: Call, rung: Rung) -> float:
    # One sum for both questions: a wait taken as a difference can be rounded to just below the
    # rung that is due, which would then be due for ever.
    return call.arrived + rung.after_seconds
