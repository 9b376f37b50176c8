"""The scenario with another roster: so many listeners in each hour, like those it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from router.config.ladder import chosen_rungs
from router.core.matching import serves
from router.errors import DecrocheError
from router.schedule.week import MINUTES_A_WEEK
from simulations.scenario import Scenario
from simulations.scenario.faults import Faults
from simulations.scenario.shape import Group
from simulations.staff.hours import HOURS_A_WEEK, MINUTES, week_of


class Roster:
    """Who listens to some lines, hour by hour. Other groups of the scenario stay as they are.

    Whoever can take a call of these lines on any rung gives way to listeners who are, in each hour,
    like one of a model group: the largest one on duty then that can take all of the lines' calls at
    once; the largest of all where none is.

    Raises
    ------
    DecrocheError
        if no group can take all of the lines, or the one that was asked for cannot.

    """

    def __init__(
        self, scenario: Scenario, lines: Sequence[str], group: str | None, hours: int
    ) -> None:
        self.hours = hours
        self._scenario = scenario
        able = _able(scenario, lines)
        if group is not None:
            self.models = [_asked_for(group, scenario, able, lines)] * hours
        elif able:
            self.models = [_largest(able, hour, hours) for hour in range(hours)]
        else:
            raise DecrocheError(
                f"no group of listeners can take the calls of {', '.join(lines)} alike: give one"
                " line with --line"
            )
        self.replaced = [
            name for name, one in scenario.listeners.items() if _helps(one, scenario, lines)
        ]

    def model(self, hour: int) -> Group:
        """Give whom the listeners of an hour are like."""
        return self._scenario.listeners[self.models[hour]]

    @property
    def hours_now(self) -> float:
        """Give the listener-hours of those who give way: a day, or a week."""
        minutes = sum(
            self._scenario.listeners[name].count * (end - start)
            for name in self.replaced
            for start, end in self._scenario.listeners[name].shifts.spans
        )
        return minutes / MINUTES * self.hours * MINUTES / MINUTES_A_WEEK

    def staffed(self, numbers: Sequence[int]) -> Scenario:
        """Give the scenario with so many listeners in each hour.

        Each is somebody: whoever is there as the third in one hour is so in the others too, and
        stays the same person whatever the numbers are.
        """
        made: dict[str, Group] = {}
        names: dict[str, list[str]] = {name: [] for name in self.replaced}
        for model in dict.fromkeys(self.models):
            own = [hour for hour in range(self.hours) if self.models[hour] == model]
            for place in range(1, max((numbers[hour] for hour in own), default=0) + 1):
                name = f"{model}_{place:05}"
                shifts = week_of((hour for hour in own if numbers[hour] >= place), self.hours)
                made[name] = replace(self._scenario.listeners[model], count=1, shifts=shifts)
                names[model].append(name)
        kept = {k: v for k, v in self._scenario.listeners.items() if k not in self.replaced}
        faults = _renamed(self._scenario.faults, names)
        return replace(self._scenario, listeners=kept | made, faults=faults)


def _able(scenario: Scenario, lines: Sequence[str]) -> dict[str, Group]:
    asked = [chosen_rungs(scenario.lines[line])[0].skills for line in lines]
    return {
        name: group
        for name, group in scenario.listeners.items()
        if all(serves(group.skills, skills) for skills in asked)
    }


def _helps(group: Group, scenario: Scenario, lines: Sequence[str]) -> bool:
    rungs = (rung for line in lines for rung in chosen_rungs(scenario.lines[line]))
    return any(serves(group.skills, rung.skills) for rung in rungs)


def _asked_for(
    group: str, scenario: Scenario, able: Mapping[str, Group], lines: Sequence[str]
) -> str:
    if group not in scenario.listeners:
        known = ", ".join(scenario.listeners)
        raise DecrocheError(f"--group: unknown group {group!r}; known are {known}")
    if group not in able:
        raise DecrocheError(
            f"--group: {group} cannot take the calls of {', '.join(lines)} alike; those who can:"
            f" {', '.join(able) or 'none'}"
        )
    return group


def _largest(able: Mapping[str, Group], hour: int, hours: int) -> str:
    there = {
        name: sum(_covers(group, each) for each in range(hour, HOURS_A_WEEK, hours))
        for name, group in able.items()
    }
    return max(able, key=lambda name: (there[name] > 0, able[name].count))


def _covers(group: Group, hour: int) -> bool:
    middle = hour * MINUTES + MINUTES // 2
    return any(start <= middle < end for start, end in group.shifts.spans)


def _renamed(faults: Faults, names: Mapping[str, Sequence[str]]) -> Faults:
    """Have a fault that hits a group hit those who stand in for it; drop one that hits nobody."""
    changed: dict[str, Any] = {}
    for kind in faults.__struct_fields__:
        given = getattr(faults, kind)
        if isinstance(given, tuple) and any(getattr(one, "groups", ()) for one in given):
            hit = [_hitting(one, names) for one in given]
            changed[kind] = tuple(one for one in hit if one is not None)
    return replace(faults, **changed)


def _hitting(fault: Any, names: Mapping[str, Sequence[str]]) -> Any:
    if not fault.groups:
        return fault
    groups = tuple(new for old in fault.groups for new in names.get(old, [old]))
    return replace(fault, groups=groups) if groups else None
