"""The hours of lines and of rungs: the rules that hold now, told anew as one opens or closes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from router.core.events import PolicyLoaded
from simulations.clock import Clock
from simulations.scenario.rules import policy_of, settings_of
from simulations.scenario.shape import Scenario
from simulations.world.wire import Wire

FIRST_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)
"""The midnight at which each run begins. Weekdays are what counts: a date that somebody writes into
a config today never comes in a run."""


class Openings:
    """Has the engine go by the rules that hold now, as the daemon does."""

    def __init__(self, clock: Clock, wire: Wire, scenario: Scenario) -> None:
        self._clock = clock
        self._wire = wire
        self._scenario = scenario
        self._hours = settings_of(scenario).openings()
        self._ends = FIRST_MONDAY + timedelta(days=scenario.days)
        self._told: tuple[str, ...] | None = None
        """The lines and rungs that were there by the rules that were told."""

    def open(self) -> None:
        """Have every line and every rung open and close in its time."""
        now = self._now()
        following = self._hours.next_change(now, self._ends - now)
        if following is not None:
            self._clock.call_at((following - FIRST_MONDAY).total_seconds(), self._change)

    def tell(self) -> None:
        """Tell the rules that hold now, as a daemon does that has just begun."""
        self._told = self._hours.on_at(self._now())
        self._wire.say(PolicyLoaded(policy_of(self._scenario, self._told)))

    def catch_up(self) -> None:
        """Tell the rules if they have changed since they were told."""
        if self._told != self._hours.on_at(self._now()):
            self.tell()

    def _change(self) -> None:
        if self._wire.linked:
            self.catch_up()
        self.open()

    def _now(self) -> datetime:
        return FIRST_MONDAY + timedelta(seconds=self._clock.now)
