"""How long callers wait before they give up, as a journal shows it.

Whoever was answered after so many seconds would have waited at least as long: their patience is
censored there. Kaplan and Meier's estimate uses both kinds; a caller who was answered then and is
not now is given the rest of a patience that has outlasted what is known of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import log
from random import Random

MEAN_SECONDS_IF_UNKNOWN = 180.0
"""Of callers in whose journal nobody ever gave up: the mean of the shipped scenarios."""


class Patience:
    """Kaplan and Meier's estimate of a journal.

    Beyond the longest wait that ended in giving up nothing is known: there people give up at the
    journal's mean rate.
    """

    def __init__(self, waits: Iterable[tuple[float, bool]]) -> None:
        ordered = sorted(waits)
        waited_seconds = sum(seconds for seconds, _ in ordered)
        gave_up = sum(left for _, left in ordered)
        self._mean_seconds = waited_seconds / gave_up if gave_up else MEAN_SECONDS_IF_UNKNOWN
        self._seconds: list[float] = []
        self._staying: list[float] = []
        """The share that is still there after each of those seconds."""
        staying = 1.0
        for index, (seconds, left) in enumerate(ordered):
            if left:
                at_risk = len(ordered) - index
                staying *= 1.0 - 1.0 / at_risk
                self._seconds.append(seconds)
                self._staying.append(staying)

    def draw(self, chance: Random, outlasted_seconds: float = 0.0) -> float:
        """Draw a patience of somebody who has waited for so long already, and is there."""
        first = bisect_right(self._seconds, outlasted_seconds)
        staying = self._staying[first - 1] if first else 1.0
        aim = staying * (1.0 - chance.random())
        for index in range(first, len(self._seconds)):
            if self._staying[index] <= aim:
                return self._seconds[index]
        longest = max(outlasted_seconds, self._seconds[-1] if self._seconds else 0.0)
        return longest - self._mean_seconds * log(1.0 - chance.random())
