"""The seniors' list: promises whose attempts are used up, seen to by hand."""

from __future__ import annotations

from router.config.call_back import call_back_of
from router.core.hours import AT_ANY_HOUR, next_allowed
from router.core.promise_commands import ReportPromise
from router.core.promise_events import PromiseGiven
from simulations.clock import Clock
from simulations.scenario.shape import Scenario
from simulations.world.pbx import Pbx
from simulations.world.sampling import sampler
from simulations.world.streams import stream
from simulations.world.wire import Wire

LINKED_AGAIN_SECONDS = 60.0
"""Whoever finds that the daemon does not answer tries again so much later."""


class SeniorList:
    """Has a senior who looks at the list have each promise tried anew, once."""

    def __init__(self, clock: Clock, wire: Wire, pbx: Pbx, scenario: Scenario, seed: int) -> None:
        self._clock = clock
        self._wire = wire
        self._after = sampler(scenario.senior_list_after)
        self._chance = stream(seed, "senior list")
        self._given: set[str] = set()
        self._rules = {
            name: call_back_of(line.call_back)
            for name, line in scenario.lines.items()
            if line.call_back is not None
        }
        pbx.obeys[ReportPromise] = self._note

    def _note(self, report: ReportPromise) -> None:
        if report.result != "with_seniors" or report.promise in self._given:
            return
        self._given.add(report.promise)
        at = self._clock.now + self._after(self._chance)
        is_in_time = at < self._clock.now - report.late_seconds
        if not (report.origin in AT_ANY_HOUR and is_in_time):
            at = next_allowed(at, self._rules[report.line], _utc)
        self._clock.call_at(at, self._give, report.promise)

    def _give(self, promise: str) -> None:
        if self._wire.linked:
            self._wire.say(PromiseGiven(promise))
        else:
            self._clock.call_in(LINKED_AGAIN_SECONDS, self._give, promise)


def _utc(_at: float) -> float:
    """Say how far a scenario's clock is ahead of UTC."""
    return 0.0
