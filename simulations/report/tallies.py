"""What the pictures show, counted from the records of all replications together."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from router.report.quantile import quantile
from simulations.records import CallRecord, RunRecord
from simulations.report.moments import DAY_SECONDS, HOUR_SECONDS, HOURS_A_DAY
from simulations.tally import NOT_COUNTED, PICKED_UP


@dataclass
class Hour:
    """The calls that arrived in one hour of the day."""

    calls: int = 0
    waits_seconds: list[float] = field(default_factory=list)
    """Of those picked up, sorted."""

    @property
    def pickup(self) -> float | None:
        """The share picked up; None without a call."""
        return len(self.waits_seconds) / self.calls if self.calls else None

    def wait_seconds(self, share: float) -> float | None:
        """Give the wait that this share of the calls picked up did not exceed."""
        return quantile(self.waits_seconds, share)


@dataclass(frozen=True)
class Waits:
    """The calls that count, and how long each that was picked up had waited."""

    calls: int
    waits_seconds: list[float]
    """Sorted."""

    def within(self, seconds: float) -> float:
        """Give the share of all calls that count that was picked up within these seconds."""
        return bisect_right(self.waits_seconds, seconds) / self.calls if self.calls else 0.0


@dataclass
class Carried:
    """What one listener carried, over all replications."""

    calls: int = 0
    talking_seconds: float = 0.0
    on_duty_seconds: float = 0.0

    @property
    def occupancy(self) -> float:
        """The share of the time on duty that was spent talking."""
        return self.talking_seconds / self.on_duty_seconds if self.on_duty_seconds else 0.0


def by_hour(records: Sequence[RunRecord]) -> list[Hour]:
    """Count the calls by the hour of the day in which they arrived."""
    hours = [Hour() for _ in range(HOURS_A_DAY)]
    for call in _counted(records):
        hour = hours[int(call.arrived % DAY_SECONDS // HOUR_SECONDS)]
        hour.calls += 1
        if call.outcome in PICKED_UP:
            hour.waits_seconds.append(call.waited_seconds)
    for hour in hours:
        hour.waits_seconds.sort()
    return hours


def waits(records: Sequence[RunRecord]) -> Waits:
    """Gather how long each call waited that was picked up."""
    calls, picked = 0, array("d")
    for call in _counted(records):
        calls += 1
        if call.outcome in PICKED_UP:
            picked.append(call.waited_seconds)
    return Waits(calls, sorted(picked))


def by_listener(records: Iterable[RunRecord]) -> dict[str, Carried]:
    """Add up what each listener carried, in the order of the scenario."""
    carried: dict[str, Carried] = defaultdict(Carried)
    for run in records:
        for listener in run.listeners:
            one = carried[listener.name]
            one.calls += listener.calls
            one.talking_seconds += listener.talking_seconds
            one.on_duty_seconds += listener.on_duty_seconds
    return dict(carried)


def _counted(records: Iterable[RunRecord]) -> Iterator[CallRecord]:
    return (call for run in records for call in run.calls if call.outcome not in NOT_COUNTED)
