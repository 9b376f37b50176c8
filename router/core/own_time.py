"""The engine's own time: epoch seconds that never go back, whatever the clock does.

Deadlines stand in own time. Were it simply held still until a clock that was set back has caught
up, nothing would fall due meanwhile: no ring would end and no fallback be asked.
"""

from __future__ import annotations

from typing import Final

MAX_STAND_STILL_SECONDS: Final = 1.0
"""A clock that is put right a little is waited for; one set back by more is followed from there."""


def set_back_by(clock_now: float, own_now: float, known_seconds: float) -> float:
    """Say by how much own time is to run ahead of the clock, in seconds.

    Parameters
    ----------
    clock_now
        what the clock says now.
    own_now
        the own time of the event before.
    known_seconds
        by how much own time ran ahead of the clock then.

    """
    behind = own_now - clock_now
    if behind <= 0.0:
        return 0.0
    return behind if behind - known_seconds > MAX_STAND_STILL_SECONDS else known_seconds
