"""What no single key of a scenario can show: whether its parts fit together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from msgspec.structs import asdict, fields

from router.config.check import check_main, pools_asked
from router.config.cover import check_cover
from router.config.reader import Reader
from router.config.shape import Asterisk, MainFile
from simulations.scenario.distribution import NOTHING, Distribution
from simulations.scenario.faults import Faults, Offline, Outage, Stale
from simulations.scenario.rules import one_listener_of
from simulations.scenario.shape import Callers, Group, Scenario

HOURS_A_DAY = 24
HOURS_A_WEEK = 168

_DRAWN_OF_CALLERS = tuple(
    field.name for field in fields(Callers) if field.type in (Distribution, Distribution | None)
)


class Dated(Protocol):
    """What happens at an hour of the run."""

    @property
    def hour(self) -> float:
        """From its start."""


def check(scenario: Scenario, reader: Reader) -> None:
    """Put on the list what does not fit."""
    asterisk = Asterisk(callers_endpoint="PJSIP/{number}@made")
    main = MainFile(listeners_file="", lines=scenario.lines, pools={}, asterisk=asterisk)
    groups = {name: one_listener_of(name, group) for name, group in scenario.listeners.items()}
    check_main(main, reader)
    if not groups:
        reader.complain("listeners", "expected at least one group of listeners")
    check_cover(main, groups, reader)
    for at, distribution in _distributions(scenario):
        _check_distribution(at, distribution, reader)
    _check_hours(scenario, reader)
    _check_names(scenario, reader)
    for name, group in scenario.listeners.items():
        _check_habits(f"listeners.{name}", group, reader)
    _check_faults(scenario.faults, reader)
    _check_within_the_run(scenario, reader)


def check_pools(scenario: Scenario, reader: Reader) -> None:
    """Put pools on the list that nobody is of; a daemon's rules may know more than these people."""
    groups = scenario.listeners.items()
    pools = dict.fromkeys(one_listener_of(name, group).pool for name, group in groups)
    _check_known(pools_asked(scenario.lines), pools, "pool", reader)


def _distributions(scenario: Scenario) -> Iterator[tuple[str, Distribution]]:
    for key in _DRAWN_OF_CALLERS:
        given = getattr(scenario.callers, key)
        if given is not None:
            yield f"callers.{key}", given
    yield "fallback.after", scenario.fallback.after
    yield "senior_list_after", scenario.senior_list_after
    for name, arrivals in scenario.arrivals.items():
        if arrivals.talk is not None:
            yield f"arrivals.{name}.talk", arrivals.talk
        if arrivals.patience is not None:
            yield f"arrivals.{name}.patience", arrivals.patience
    for name, group in scenario.listeners.items():
        yield f"listeners.{name}.pick_up.after", group.pick_up.after
        yield f"listeners.{name}.pick_up.key", group.pick_up.key
        yield f"listeners.{name}.follow_up_after", group.follow_up_after
        if group.wrap_up is not None:
            yield f"listeners.{name}.wrap_up", group.wrap_up
        if group.pauses is not None:
            yield f"listeners.{name}.pauses.lasts", group.pauses.lasts
            yield f"listeners.{name}.pauses.late_by", group.pauses.late_by
    for index, disorder in enumerate(scenario.faults.events_disordered):
        yield f"faults.events_disordered[{index}].by", disorder.by


def _check_distribution(at: str, given: Distribution, reader: Reader) -> None:
    by_median = given.kind == "lognormal" and given.median_seconds is not None
    wanted = {
        "mean_seconds": given.kind != "empirical" and not by_median,
        "deviation_seconds": given.kind == "lognormal" and not by_median,
        "median_seconds": by_median,
        "sigma": by_median,
        "seconds": given.kind == "empirical",
    }
    there = {key: getattr(given, key) not in (None, ()) for key in wanted}
    for key, is_wanted in wanted.items():
        if is_wanted and not there[key]:
            reader.complain(f"{at}.{key}", f"missing, for kind {given.kind!r}")
        elif there[key] and not is_wanted:
            words = f"kind {given.kind!r} has no such key"
            reader.complain(f"{at}.{key}", f"{words} beside median_seconds" if by_median else words)
    for key in ("mean_seconds", "median_seconds"):
        if given.kind == "lognormal" and getattr(given, key) == 0:
            reader.complain(f"{at}.{key}", "expected more than 0, for kind 'lognormal'")


def _check_hours(scenario: Scenario, reader: Reader) -> None:
    for name, arrivals in scenario.arrivals.items():
        allowed = (1, HOURS_A_DAY, HOURS_A_WEEK)
        _check_length(f"arrivals.{name}.calls_per_hour", arrivals.calls_per_hour, allowed, reader)
    for name, group in scenario.listeners.items():
        at, habits = f"listeners.{name}.pick_up", group.pick_up
        _check_length(f"{at}.probability", habits.probability, (1, HOURS_A_DAY), reader)
        _check_length(f"{at}.after_factor", habits.after_factor, (1, HOURS_A_DAY), reader)


def _check_length(
    at: str, values: tuple[float, ...], allowed: tuple[int, ...], reader: Reader
) -> None:
    if len(values) not in allowed:
        words = " or ".join(str(one) for one in allowed)
        reader.complain(at, f"expected {words} values, got {len(values)}")


def _check_names(scenario: Scenario, reader: Reader) -> None:
    lines, groups = scenario.lines, scenario.listeners
    _check_known((("arrivals." + name, name) for name in scenario.arrivals), lines, "line", reader)
    for index, burst in enumerate(scenario.bursts):
        _check_known([(f"bursts[{index}].line", burst.line)], lines, "line", reader)
    for index, surge in enumerate(scenario.surges):
        named = ((f"surges[{index}].lines", name) for name in surge.lines)
        _check_known(named, lines, "line", reader)
    hit: dict[str, Sequence[Offline | Stale]] = {
        "listeners_offline": scenario.faults.listeners_offline,
        "presence_stale": scenario.faults.presence_stale,
    }
    for kind, faults in hit.items():
        for index, fault in enumerate(faults):
            named = ((f"faults.{kind}[{index}].groups", name) for name in fault.groups)
            _check_known(named, groups, "group of listeners", reader)


def _check_known(
    named: Iterable[tuple[str, str]],
    known: Collection[str],
    what: str,
    reader: Reader,
) -> None:
    for at, name in named:
        if name not in known:
            reader.complain(at, f"unknown {what} {name!r}; known are {', '.join(known)}")


def _check_habits(at: str, group: Group, reader: Reader) -> None:
    if group.drops + group.hangs_up_first > 1:
        reader.complain(
            f"{at}.hangs_up_first",
            f"expected at most 1 together with drops, got {group.drops + group.hangs_up_first:g}",
        )
    if group.follow_up + group.senior_call_back > 1:
        reader.complain(
            f"{at}.senior_call_back",
            "expected at most 1 together with follow_up,"
            f" got {group.follow_up + group.senior_call_back:g}",
        )
    pauses = group.pauses
    if pauses is not None and pauses.late > 0 and pauses.late_by == NOTHING:
        reader.complain(f"{at}.pauses.late_by", "missing, for some who come back late")


def _check_faults(faults: Faults, reader: Reader) -> None:
    kinds: dict[str, tuple[Outage, ...]] = {
        "daemon_down": faults.daemon_down,
        "ami_cut": faults.ami_cut,
        "trunk_down": faults.trunk_down,
    }
    for kind, outages in kinds.items():
        for index, outage in enumerate(outages):
            if outage.times > 1 and outage.every_seconds <= outage.lasts_seconds:
                reader.complain(
                    f"faults.{kind}[{index}].every_seconds",
                    f"expected more than the {outage.lasts_seconds:g} that each lasts,"
                    f" got {outage.every_seconds:g}",
                )


def _check_within_the_run(scenario: Scenario, reader: Reader) -> None:
    """Refuse what begins once the run is over: its figures would be those of a run without it."""
    run_hours = scenario.days * HOURS_A_DAY
    for at, one in _dated(scenario):
        if one.hour >= run_hours:
            reader.complain(
                f"{at}.hour", f"expected less than the {run_hours:g} of the run, got {one.hour:g}"
            )


def _dated(scenario: Scenario) -> Iterator[tuple[str, Dated]]:
    dated: dict[str, Sequence[Dated]] = {"bursts": scenario.bursts, "surges": scenario.surges}
    for kind, faults in asdict(scenario.faults).items():
        if isinstance(faults, tuple):
            dated[f"faults.{kind}"] = faults
    for kind, ones in dated.items():
        yield from ((f"{kind}[{index}]", one) for index, one in enumerate(ones))
