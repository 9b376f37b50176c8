"""Which calls went alike, and what explains those that did not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from tests.sim_vs_real.fate import Fate


@dataclass(frozen=True)
class Row:
    """One call on both sides."""

    simulated: Fate
    """With every step in time."""
    nearest: Fate
    """In the simulated play with late steps that is nearest to the real one."""
    real: Fate

    @property
    def agrees(self) -> bool:
        """Whether outcome, listener and wait are the same."""
        return self.simulated.is_like(self.real)

    @property
    def is_close(self) -> bool:
        """Whether they are only if steps come late."""
        return not self.agrees and self.nearest.is_like(self.real)

    @property
    def late_seconds(self) -> float:
        """By how much longer the real caller waited."""
        return self.real.waited_seconds - self.simulated.waited_seconds


@dataclass(frozen=True)
class Verdict:
    """What is to be said of a play."""

    rows: Sequence[Row]
    steps_late_seconds: float
    """By how much steps are late at most in the nearest play."""

    @property
    def agree(self) -> int:
        """How many calls went alike."""
        return sum(row.agrees for row in self.rows)

    @property
    def close(self) -> int:
        """How many differ, as they do in the simulator where steps are late."""
        return sum(row.is_close for row in self.rows)

    @property
    def unexplained(self) -> int:
        """How many differ even so."""
        return len(self.rows) - self.agree - self.close

    @property
    def same_outcome(self) -> int:
        """How many calls have the same outcome."""
        return sum(row.real.outcome == row.simulated.outcome for row in self.rows)

    @property
    def same_end(self) -> int:
        """How many have the same outcome and the same listener."""
        return sum(row.real.end == row.simulated.end for row in self.rows)

    @property
    def same_rings(self) -> int:
        """How many had the same phones rung, in the same order."""
        return sum(row.real.rung == row.simulated.rung for row in self.rows)

    @property
    def late_seconds(self) -> tuple[float, float]:
        """Median and 95th percentile of the difference of waits, of calls that went alike."""
        return _median_and_p95([row.late_seconds for row in self.rows if row.agrees])

    @property
    def is_good(self) -> bool:
        """Whether there is a simulated play that is the real one, call by call."""
        nearest_is_real = all(row.nearest.is_like(row.real) for row in self.rows)
        return bool(self.rows) and nearest_is_real


def compare(
    simulated: Sequence[Fate],
    nearest: Sequence[Fate],
    real: Sequence[Fate],
    steps_late_seconds: float,
) -> Verdict:
    """Hold a real play against the simulator's, and against the nearest one with late steps.

    Raises
    ------
    ValueError
        if these are not the same calls.

    """
    if [fate.line for fate in simulated] != [fate.line for fate in real]:
        raise ValueError(f"not the same calls: {len(simulated)} simulated, {len(real)} real")
    rows = [Row(*each) for each in zip(simulated, nearest, real, strict=True)]
    return Verdict(rows, steps_late_seconds)


def first_good(verdicts: Iterable[Verdict]) -> Verdict:
    """Give the first verdict that is good, or the last of them if none is; there is one at least.

    How many calls are unexplained says less: a call that went as with every step in time is
    explained, and the play that is nearest may still not be the real one.
    """
    for verdict in verdicts:
        if verdict.is_good:
            break
    return verdict


def _median_and_p95(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return (values[0], values[0]) if values else (0.0, 0.0)
    return median(values), quantiles(values, n=20, method="inclusive")[18]
