"""How likely and how soon a listener takes a ring: learnt from each ring, forgotten slowly.

A ring is taken with a chance that goes with the time of day, after a lognormal time: the mixture
cure model of survival analysis, learnt by one step of expectation and maximisation a ring (Sy and
Taylor, "Estimation in a Cox proportional hazards cure model", Biometrics 56, 2000). A ring that was
cut short because somebody else had the call is neither a take nor a miss: it counts by the chance
that it would still have been taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import erfc, log, sqrt
from typing import Final

BLOCK_SECONDS: Final = 10_800.0
BLOCKS: Final = 8
"""Of three hours each, by UTC: people sleep at other times than they work."""

PRIOR_CHANCE: Final = 0.7
PRIOR_RINGS: Final = 4.0
"""What is believed of somebody who was never rung, and how many rings it takes to outweigh it."""

DAY_RINGS: Final = 6.0
"""How many rings within a block of the day it takes to outweigh those of the whole day."""

KEPT: Final = 0.98
"""Of the weight of all rings before, with each further one: about the last fifty count."""

PRIOR_LOG_SECONDS: Final = log(9.0)
PRIOR_LOG_SPREAD: Final = 0.5
PRIOR_TAKES: Final = 8.0
"""From the ring to the accept key: the median, the spread of the logarithm, and their weight."""

LONGEST_TAKE_SECONDS: Final = 90.0
"""What is heard of as taken later was taken at some time while the link to Asterisk was down."""

LEAST_LOG_SPREAD: Final = 0.25
"""Nobody is taken for a clock."""

ROOT_OF_TWO: Final = sqrt(2.0)
"""The error function is that of a spread so much smaller."""


@dataclass(slots=True)
class Habit:
    """What the rings of one listener have shown."""

    takes: float = 0.0
    rings: float = 0.0
    """By weight, over the whole day; then the same by block of the day."""
    takes_by_block: list[float] = field(default_factory=lambda: [0.0] * BLOCKS)
    rings_by_block: list[float] = field(default_factory=lambda: [0.0] * BLOCKS)
    log_seconds: float = PRIOR_LOG_SECONDS
    log_variance: float = PRIOR_LOG_SPREAD * PRIOR_LOG_SPREAD
    timed: float = PRIOR_TAKES
    """How many takes the two before rest on."""

    def chance(self, at: float) -> float:
        """Give the chance that a ring at this epoch second is taken."""
        block = int(at // BLOCK_SECONDS) % BLOCKS
        of_day = (self.takes + PRIOR_CHANCE * PRIOR_RINGS) / (self.rings + PRIOR_RINGS)
        weight = self.rings_by_block[block] + DAY_RINGS
        return (self.takes_by_block[block] + of_day * DAY_RINGS) / weight

    def taken_within(self, seconds: float) -> float:
        """Give which share of the takes come within so many seconds of the ring."""
        if seconds <= 0.0:
            return 0.0
        spread = sqrt(self.log_variance)
        if spread < LEAST_LOG_SPREAD:  # noqa: PLR1730 - asked at each ring, and twice as fast
            spread = LEAST_LOG_SPREAD
        return 0.5 * erfc((self.log_seconds - log(seconds)) / (spread * ROOT_OF_TWO))

    def will_take(self, rung_at: float, now: float, until: float) -> float:
        """Give the chance that a phone which rings since `rung_at` is taken from now to `until`."""
        chance, in_time = self.chance(rung_at), self.taken_within(until - rung_at)
        if now <= rung_at:
            return chance * in_time
        passed = self.taken_within(now - rung_at)
        return chance * max(in_time - passed, 0.0) / (1.0 - chance * passed)

    def took(self, rung_at: float, now: float) -> None:
        """Learn that a ring was taken."""
        self._count(rung_at, 1.0)
        if now - rung_at > LONGEST_TAKE_SECONDS:
            return
        off = log(max(now - rung_at, 0.1)) - self.log_seconds
        self.timed = self.timed * KEPT + 1.0
        self.log_seconds += off / self.timed
        self.log_variance += (off * off - self.log_variance) / self.timed

    def missed(self, rung_at: float) -> None:
        """Learn that a ring was not taken."""
        self._count(rung_at, 0.0)

    def cut_short(self, rung_at: float, now: float) -> None:
        """Learn that a ring had not been taken when it was ended for another reason."""
        chance, passed = self.chance(rung_at), self.taken_within(now - rung_at)
        self._count(rung_at, chance * (1.0 - passed) / (1.0 - chance * passed))

    def _count(self, at: float, take: float) -> None:
        block = int(at // BLOCK_SECONDS) % BLOCKS
        self.takes = self.takes * KEPT + take
        self.rings = self.rings * KEPT + 1.0
        self.takes_by_block[block] = self.takes_by_block[block] * KEPT + take
        self.rings_by_block[block] = self.rings_by_block[block] * KEPT + 1.0
