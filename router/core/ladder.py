"""The ladder: which rung a call stands on after so long a wait."""

from __future__ import annotations

from router.core.call import Call
from router.core.policy import Rung


def rung_at(ladder: tuple[Rung, ...], waited_seconds: float) -> int:
    """Give the index of the last rung that a wait of `waited_seconds` has reached."""
    reached = 0
    for index, rung in enumerate(ladder):
        if rung.after_seconds <= waited_seconds:
            reached = index
    return reached


def next_step_at(call: Call) -> float:
    """Give the epoch second at which a searching call has its next rung, or its fallback."""
    following = call.line.ladder[call.rung + 1 : call.rung + 2]
    rungs_at = [call.arrived + rung.after_seconds for rung in following]
    return min([*rungs_at, call.fallback_at])
