"""How often calls come and how long talks last: learnt, and forgotten slowly."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Final

MEMORY_SECONDS: Final = 7_200.0
"""What was two hours ago counts for a third of what is now: an hour's surge is seen in minutes."""

PRIOR_CALLS: Final = 0.25
PRIOR_SECONDS: Final = 900.0
"""What is believed of a line of which nothing is known: a call an hour, until a few have come."""

PRIOR_TALK_SECONDS: Final = 1_500.0
PRIOR_TALKS: Final = 10.0
TALKS_REMEMBERED: Final = 100.0
"""A talk is taken to last 25 minutes until some tens of them have shown otherwise."""


@dataclass(slots=True)
class Pace:
    """How often calls come on one line: a gamma-Poisson estimate that forgets exponentially."""

    seen_at: float
    """Epoch second until which all calls are counted."""
    calls: float = 0.0
    seconds: float = 0.0
    """How long was listened for them; of both, what is left in memory."""

    def see(self, calls: int, at: float) -> None:
        """Count the calls that have come since the last look."""
        passed = max(0.0, at - self.seen_at)
        kept = exp(-passed / MEMORY_SECONDS)
        self.calls = self.calls * kept + calls
        self.seconds = self.seconds * kept + MEMORY_SECONDS * (1.0 - kept)
        self.seen_at = at

    @property
    def calls_a_second(self) -> float:
        """Give the rate at which calls come; never 0."""
        return (self.calls + PRIOR_CALLS) / (self.seconds + PRIOR_SECONDS)


@dataclass(slots=True)
class TalkTime:
    """How long talks last."""

    mean_seconds: float = PRIOR_TALK_SECONDS
    talks: float = PRIOR_TALKS

    def ended(self, talked_seconds: float) -> None:
        """Learn from a talk that is over."""
        self.talks = min(self.talks + 1.0, TALKS_REMEMBERED)
        self.mean_seconds += (talked_seconds - self.mean_seconds) / self.talks
