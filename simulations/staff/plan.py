"""What is staffed: some lines of a scenario, hour by hour, and theory's guess at it."""

from __future__ import annotations

from collections.abc import Sequence

from router.errors import DecrocheError
from simulations.scenario import Scenario
from simulations.staff.guess import guess, work
from simulations.staff.hours import calls_by_hour, hours_of, times_by_hour
from simulations.staff.roster import Roster
from simulations.staff.target import Target

LEAST_REPLICATIONS = 8
"""For an interval over the runs that means something."""

CALLS_A_ROUND = 20_000
"""Where the replications are not given: some seconds of simulation."""


class Plan:
    """A scenario's lines to be staffed so that a target is met.

    Raises
    ------
    DecrocheError
        for a line that is not there or that nobody calls, and as `Roster` does.

    """

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        lines: Sequence[str],
        group: str | None,
        target: Target,
    ) -> None:
        self.name = name
        self.scenario = scenario
        self.target = target
        self.lines = _lines(scenario, lines)
        self.hours = hours_of(scenario, self.lines)
        self.roster = Roster(scenario, self.lines, group, self.hours)
        self._calls = calls_by_hour(scenario, self.lines, self.hours)
        times = times_by_hour(scenario, self.hours)
        self.rates = [
            calls / often if often else 0.0 for calls, often in zip(self._calls, times, strict=True)
        ]
        """Calls an hour."""
        if not any(self.rates):
            raise DecrocheError(f"nobody calls {', '.join(self.lines)} in this scenario")

    def guesses(self) -> list[int]:
        """Give what theory says each hour needs."""
        return [
            guess(rate, work(self.scenario, self.lines, self.roster.model(hour), hour), self.target)
            for hour, rate in enumerate(self.rates)
        ]

    def replications(self) -> int:
        """Say how many runs make a round that is neither long nor vague."""
        return max(LEAST_REPLICATIONS, round(CALLS_A_ROUND / sum(self._calls)))


def _lines(scenario: Scenario, asked: Sequence[str]) -> list[str]:
    for name in asked:
        if name not in scenario.lines:
            known = ", ".join(scenario.lines)
            raise DecrocheError(f"--line: unknown line {name!r}; known are {known}")
    called = {*scenario.arrivals, *(burst.line for burst in scenario.bursts)}
    return [name for name in scenario.lines if name in (asked or called)]
