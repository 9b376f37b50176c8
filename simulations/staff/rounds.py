"""One round: the scenario with so many listeners in each hour, simulated often enough."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from router.errors import DecrocheError
from simulations.broken import told_of
from simulations.parallel import Crew, Job
from simulations.progress import DAY_SECONDS, progress
from simulations.run import RunFailed
from simulations.staff.measure import Share, shares, tally
from simulations.staff.plan import Plan
from simulations.staff.result import stayed_on


class Rounds:
    """Simulates a plan with the numbers that are asked for."""

    def __init__(self, plan: Plan, seeds: range, hands: Crew) -> None:
        self._plan = plan
        self._seeds = seeds
        self._hands = hands
        self._keep = partial(
            tally,
            lines=plan.lines,
            hours=plan.hours,
            within_seconds=plan.target.within_seconds,
        )

    def __call__(
        self,
        numbers: Sequence[int],
        others: bool,  # noqa: FBT001 - as a Round has it
        words: str,
    ) -> list[Share | None] | None:
        """Simulate once; see `Round`.

        Raises
        ------
        DecrocheError
            if an invariant of the engine was broken, or those who work cannot go on.

        """
        plan = self._plan
        scenario = plan.roster.staffed(stayed_on(numbers))
        first = self._seeds.stop if others else self._seeds.start
        jobs = [Job(plan.name, scenario, first + step) for step in range(len(self._seeds))]
        whole_seconds = scenario.days * DAY_SECONDS
        try:
            with progress(whole_seconds * len(jobs), words) as told:
                done = self._hands.run(jobs, self._keep, told)
        except RunFailed as failed:
            raise DecrocheError(told_of(failed, plan.name, [scenario])) from failed
        tallies = [one for one in done if one is not None]
        if len(tallies) < len(jobs) or any(t.simulated_seconds < whole_seconds for t in tallies):
            return None
        return shares(tallies)
