"""The two sides of a comparison: one scenario, under two sets of rules."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from router.config import load as load_config
from router.config.reader import Reader
from router.config.shape import Line, Rung
from router.core.matching import serves
from router.errors import ConfigError
from simulations.scenario import Scenario, load
from simulations.scenario.check import check
from simulations.shipped import file_called, shipped_in

AS_IT_IS = "-"

SHIPPED = Path(__file__).parents[1] / "policies"

OF_THE_CALLERS = ("days", "seed", "arrivals", "callers", "surges", "bursts")
"""Keys of a scenario that say who calls: both sides must meet the same people."""

OF_A_DAEMON = ("listeners_file", "pools", "asterisk", "store", "secrets", "web", "log")
"""Keys of a daemon's config that no scenario has."""


def arm(given: str, scenario_name: str, changes: Sequence[str] = ()) -> Scenario:
    """Give the scenario under one set of rules.

    Parameters
    ----------
    given
        a daemon's config file, a file of keys to be laid over the scenario, the name of a shipped
        policy, which is such a file, or `-` for the scenario as it is.
    scenario_name
        a scenario file, or a shipped scenario's name.
    changes
        as of `--set`; they hold for both sides, and give way to the file.

    Raises
    ------
    ConfigError
        with every problem found, one a line: file, key, what was expected.

    """
    scenario = load(scenario_name, changes)
    if given == AS_IT_IS:
        return scenario
    path = file_called(given, SHIPPED, "policy")
    tree = _tree(path)
    if any(key in tree for key in OF_A_DAEMON):
        return _under_config(path, scenario)
    return _overlaid(path, tree, scenario_name, changes)


def shipped_policies() -> tuple[str, ...]:
    """Name the policies that come with decroche."""
    return shipped_in(SHIPPED)


def _tree(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: expected TOML: {error}") from error


def _under_config(path: Path, scenario: Scenario) -> Scenario:
    """Take from a daemon's config what a scenario also has; lines nobody calls stay away."""
    settings = load_config(path)
    problems = [
        f"{path}: lines.{name}: missing, and the scenario has this line; known are"
        f" {', '.join(settings.lines)}"
        for name in scenario.lines
        if name not in settings.lines
    ]
    if not problems:
        scenario = msgspec.structs.replace(
            scenario,
            lines={
                name: _for_these_people(settings.lines[name], scenario) for name in scenario.lines
            },
            care=settings.care,
            known_caller_days=settings.known_caller_days,
            calls_per_number=settings.calls_per_number,
        )
        check(scenario, Reader(path, problems))
    if problems:
        raise ConfigError("\n".join(problems))
    return scenario


def _for_these_people(line: Line, scenario: Scenario) -> Line:
    """Leave the ladders for shock and seniors away where the scenario has nobody for them."""
    groups = scenario.listeners.values()

    def somebody_for(rung: Rung) -> bool:
        return any(serves(group.skills, rung.skills or {}) for group in groups)

    return msgspec.structs.replace(
        line,
        shock_ladder=line.shock_ladder if all(map(somebody_for, line.shock_ladder)) else (),
        senior_ladder=line.senior_ladder if all(map(somebody_for, line.senior_ladder)) else (),
    )


def _overlaid(
    path: Path, tree: Mapping[str, object], scenario_name: str, changes: Sequence[str]
) -> Scenario:
    problems = [
        f"{path}: {key}: says who calls, and both sides must meet the same people: set it in the"
        " scenario"
        for key in OF_THE_CALLERS
        if key in tree
    ]
    if problems:
        raise ConfigError("\n".join(problems))
    try:
        return load(scenario_name, changes, tree)
    except ConfigError as error:
        raise ConfigError(f"{path}, laid over {scenario_name}:\n{error}") from error
