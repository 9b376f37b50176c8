"""What a listener has carried in the shift they are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST_SHIFT_SECONDS: Final = 43_200.0
"""Who stays on duty for days has a new shift each half day: a cap that is reached would else hold
for ever."""


@dataclass(slots=True)
class Shift:
    """From coming on duty to going off, pauses within it. Times are epoch seconds."""

    began_at: float = 0.0
    calls: int = 0
    night_calls: int = 0
    calls_in_a_row: int = 0
    """Since the last break, which is a while without a talk."""
    talked_seconds: float = 0.0
    talking_since: float | None = None
    talk_ended_at: float = 0.0
    """The end of the last talk; 0 before the first."""
    is_hard: bool = False
    """The talk in progress is marked hard."""
    hard_rest_until: float = 0.0
    guild: str = ""
    """Those of the same skills, among whom calls are shared."""
    fair_calls: float = 0.0
    """How many calls would have been theirs by even shares, as far as settled."""
    guild_calls_seen: float = 0.0
    """The guild's count from which the next are to be settled."""

    def begin(self, at: float) -> None:
        """Begin a shift: nothing carried yet. A talk in progress goes on."""
        self.began_at = at
        self.calls = self.night_calls = self.calls_in_a_row = 0
        self.talked_seconds = self.fair_calls = 0.0

    def talk_begins(self, at: float, *, by_night: bool, break_seconds: float) -> None:
        """Count a call that is given to them."""
        if at - self.talk_ended_at >= break_seconds:
            self.calls_in_a_row = 0
        self.calls += 1
        self.calls_in_a_row += 1
        self.night_calls += by_night
        self.talking_since = at
        self.is_hard = False

    def talk_ends(self, at: float, hard_rest_seconds: float) -> None:
        """Count how long it took."""
        if self.talking_since is not None:
            self.talked_seconds += at - self.talking_since
            self.talking_since = None
        self.talk_ended_at = at
        if self.is_hard:
            self.hard_rest_until = at + hard_rest_seconds
