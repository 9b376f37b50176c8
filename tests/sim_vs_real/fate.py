"""What became of one call, told alike of the simulator and of the real thing."""

from __future__ import annotations

from dataclasses import dataclass

WAIT_TOLERANCE_SECONDS = 1.0
"""A ring, a key and a bridge take a tenth of a second together, and a busy machine some more."""

FALLBACK = "fallback"
"""Stands for a listener where the dialplan's own group has answered."""


@dataclass(frozen=True)
class Fate:
    """One call. Calls are numbered by their arrival, from 0."""

    number: int
    line: str
    arrived_seconds: float
    """Since the play began."""
    outcome: str
    listener: str | None
    """Who answered first, if anybody."""
    waited_seconds: float
    rung: tuple[str, ...]
    """Every listener who was rung for it, in order."""

    @property
    def end(self) -> tuple[str, str | None]:
        """What has to be the same: the outcome, and who it was."""
        return self.outcome, self.listener

    def is_like(self, other: Fate) -> bool:
        """Say whether outcome and listener are the same, and the wait but for a tolerance."""
        late_seconds = abs(self.waited_seconds - other.waited_seconds)
        return self.end == other.end and late_seconds <= WAIT_TOLERANCE_SECONDS
