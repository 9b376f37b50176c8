"""What staffing comes to."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from simulations.staff.hours import name_of
from simulations.staff.measure import Share
from simulations.staff.plan import Plan
from simulations.staff.search import OPEN, Hour, Search, Verdict
from simulations.staff.target import Target


class StaffedHour(Struct, frozen=True):
    """One hour of the day or of the week."""

    hour: str
    like: str
    """The group that its listeners are like."""
    calls_an_hour: float
    erlang: int
    needed: int | None
    """None where no number does."""
    share: Share | None
    """Picked up in time with so many; at best, where no number does."""
    verdict: Verdict


class Staffing(Struct, frozen=True):
    """The roster that is needed."""

    scenario: str
    seed: int
    replications: int
    target: Target
    lines: list[str]
    whole: bool
    """Whether the search came to its end."""
    hours: list[StaffedHour]
    listener_hours: int
    """A day, or a week where its hours are told apart; hours that no number does count nothing."""
    listener_hours_now: float
    """The same of the scenario's own groups that give way."""


def staffing(plan: Plan, seeds: range, search: Search) -> Staffing:
    """Put together what was found."""
    roster = plan.roster
    reached = [hour.verdict in (*OPEN, "no_calls") for hour in search.hours]
    numbers = stayed_on(
        [hour.number if does else 0 for hour, does in zip(search.hours, reached, strict=True)]
    )
    hours = [
        StaffedHour(
            hour=name_of(index, roster.hours),
            like=roster.models[index],
            calls_an_hour=plan.rates[index],
            erlang=hour.guess,
            needed=numbers[index] if reached[index] else None,
            share=_share(hour),
            verdict=hour.verdict,
        )
        for index, hour in enumerate(search.hours)
    ]
    return Staffing(
        scenario=plan.name,
        seed=seeds.start,
        replications=len(seeds),
        target=plan.target,
        lines=plan.lines,
        whole=search.whole,
        hours=hours,
        listener_hours=sum(hour.needed or 0 for hour in hours),
        listener_hours_now=roster.hours_now,
    )


def _share(hour: Hour) -> Share | None:
    if hour.verdict == "no_calls":
        return None
    return hour.share if hour.verdict in OPEN else hour.best


def stayed_on(numbers: Sequence[int]) -> list[int]:
    """Have the listeners stay for one more hour after the last calls: some still wait then."""
    return [number or numbers[index - 1] for index, number in enumerate(numbers)]
