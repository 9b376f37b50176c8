"""Finds the number for each hour: all hours at once, by halving, each against its own calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec import Struct

from simulations.staff.measure import Share

PLENTY_FACTOR = 2
PLENTY_MORE = 12
"""With so many times the guess and so many more, nobody waits for somebody to be free."""

HALVINGS_AT_MOST = 20
"""More than the numbers of any helpline need."""

CONFIRMATIONS_AT_MOST = 10
"""Rounds with other people in which what was found may still be raised."""

Round = Callable[[Sequence[int], bool, str], list[Share | None] | None]
"""Simulates with so many listeners in each hour: on the people of the search, or (True) on others,
saying what it is for. None if it was ended early."""

Verdict = Literal["met", "met_by_estimate", "missed", "out_of_reach", "too_close", "no_calls"]
"""Met: the interval's lower end is no less than the target. By the estimate: the calls are too few
to find the number so, and the share itself is no less. Missed: not in every round with other
people. Out of reach: with plenty of listeners the interval's upper end is below the target; too
close: the share is, and its upper end is not."""

OPEN = ("met", "met_by_estimate", "missed")


class Hour(Struct):
    """What is known of one hour."""

    guess: int
    number: int = 0
    misses: int = 0
    """The highest number that is known to be too small."""
    share: Share | None = None
    """With the number above, where it was simulated last."""
    best: Share | None = None
    """With plenty of listeners."""
    most: int = 0
    """So many was plenty."""
    enough: int = 0
    """The lowest number that is known to do, on the people of the search."""
    enough_share: Share | None = None
    verdict: Verdict = "no_calls"


class Search:
    """Looks for the least numbers that meet a share, and confirms them on other people."""

    def __init__(self, guesses: Sequence[int], wanted: float, simulate: Round) -> None:
        self.hours = [Hour(guess=one) for one in guesses]
        self.whole = False
        """Whether it was gone through to its end."""
        self._wanted = wanted
        self._simulate = simulate

    def run(self) -> None:
        """Find the numbers; if it is ended early, what is known by then stands."""
        self.whole = self._look_at_plenty() and (
            not self.open_hours or (self._halve() and self._confirm())
        )

    @property
    def open_hours(self) -> list[Hour]:
        """Give the hours whose calls can be answered in time."""
        return [hour for hour in self.hours if hour.verdict in OPEN]

    def _look_at_plenty(self) -> bool:
        """See what can be had at all; twice where it is not enough, to be sure it is plenty."""
        for factor in (1, 2):
            plenty = [
                (hour.guess * PLENTY_FACTOR + PLENTY_MORE) * factor if hour.guess else 0
                for hour in self.hours
            ]
            if not self._round(plenty, "with plenty of listeners"):
                return False
            for hour in self.hours:
                hour.best, hour.most = hour.share, hour.number
                hour.verdict = self._verdict_at_best(hour)
            if all(hour.verdict in (*OPEN, "no_calls") for hour in self.hours):
                break
        for hour in self.hours:
            if hour.verdict not in OPEN:
                hour.number, hour.share = hour.guess, None
        return True

    def _verdict_at_best(self, hour: Hour) -> Verdict:
        if hour.share is None or not hour.guess:
            return "no_calls"
        best, wanted = hour.share, self._wanted
        if best.share < wanted:
            return "out_of_reach" if best.high < wanted else "too_close"
        room = best.low - wanted >= best.share - best.low
        return "met" if room else "met_by_estimate"

    def _halve(self) -> bool:
        for hour in self.open_hours:
            hour.enough, hour.enough_share = hour.number, hour.share
        for turn in range(HALVINGS_AT_MOST):
            narrowing = [hour for hour in self.open_hours if hour.enough - hour.misses > 1]
            if not narrowing:
                break
            for hour in narrowing:
                between = (hour.enough + hour.misses) // 2
                hour.number = min(hour.guess, hour.enough - 1) if turn == 0 else between
            whole = self._round([hour.number for hour in self.hours], "search")
            for hour in narrowing if whole else ():
                if self._meets(hour):
                    hour.enough, hour.enough_share = hour.number, hour.share
                else:
                    hour.misses = hour.number
            for hour in self.open_hours:
                hour.number, hour.share = hour.enough, hour.enough_share
            if not whole:
                return False
        return True

    def _confirm(self) -> bool:
        """Raise what does not do with other people, as far as more can help."""
        for _ in range(CONFIRMATIONS_AT_MOST):
            if not self._round([hour.number for hour in self.hours], "confirmation", others=True):
                return False
            missing = [hour for hour in self.open_hours if not self._meets(hour)]
            raised = [hour for hour in missing if hour.number < hour.most]
            if not raised:
                break
            for hour in raised:
                hour.number += 1
        for hour in missing:
            hour.verdict = "missed"
        return True

    def _meets(self, hour: Hour) -> bool:
        if hour.share is None:
            return True
        judged = hour.share.low if hour.verdict == "met" else hour.share.share
        return judged >= self._wanted

    def _round(self, numbers: Sequence[int], words: str, *, others: bool = False) -> bool:
        found = self._simulate(numbers, others, words)
        if found is None:
            return False
        for hour, number, share in zip(self.hours, numbers, found, strict=True):
            hour.number, hour.share = number, share
        return True
