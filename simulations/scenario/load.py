"""From a scenario file to a `Scenario`, or to every problem in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from router.config.reader import Reader
from router.errors import ConfigError
from simulations.scenario.check import check, check_pools
from simulations.scenario.shape import Scenario
from simulations.shipped import file_called, shipped_in

SHIPPED = Path(__file__).parents[1] / "scenarios"

OF_ALL = {"every_line": "lines", "every_group": "listeners"}
"""Tables of a tree that is laid over any scenario: their keys take the place of those of all lines,
or of all groups of listeners."""


class _ChangedReader(Reader):
    """Reads a file with some of its keys set otherwise, and a tree of others laid over it."""

    def __init__(
        self,
        path: Path,
        problems: list[str],
        changes: Mapping[str, object],
        over: Mapping[str, object],
    ) -> None:
        super().__init__(path, problems)
        self._changes = changes
        self._over = over

    def _parse(self) -> dict[str, object] | None:
        tree = super()._parse()
        if tree is not None:
            for key, value in self._changes.items():
                self._change(tree, key, value)
            self._lay_over_all(tree)
            _lay({key: self._over[key] for key in self._over if key not in OF_ALL}, tree)
        return tree

    def _change(self, tree: dict[str, object], key: str, value: object) -> None:
        *above, last = key.split(".")
        table = tree
        for name in above:
            below = table.setdefault(name, {})
            if not isinstance(below, dict):
                self.complain(key, f"expected a table at {name!r}")
                return
            table = below
        table[last] = value

    def _lay_over_all(self, tree: dict[str, object]) -> None:
        for key, part in OF_ALL.items():
            wanted, there = self._over.get(key, {}), tree.get(part)
            if not isinstance(wanted, dict):
                self.complain(key, "expected a table")
            elif isinstance(there, dict):
                for one in there.values():
                    if isinstance(one, dict):
                        one.update(wanted)


def shipped() -> tuple[str, ...]:
    """Name the scenarios that come with decroche."""
    return shipped_in(SHIPPED)


def load(
    name: str, changes: Sequence[str] = (), over: Mapping[str, object] = MappingProxyType({})
) -> Scenario:
    """Read a scenario and hold all of it against what it may be.

    Parameters
    ----------
    name
        the path of a TOML file, or the name of a shipped scenario.
    changes
        `key=value` each, with the key's tables before it: `listeners.day.count=30`.
    over
        keys as in the file, which win over it and over the changes. A table is laid over the one
        that is there, but one that says its `kind` takes its place. Keys of `every_line` and
        `every_group` take the place of those of all lines and groups.

    Raises
    ------
    ConfigError
        with every problem found, one a line: file, key, what was expected.

    """
    path = file_called(name, SHIPPED, "scenario")
    problems: list[str] = []
    reader = _ChangedReader(path, problems, dict(_change(change) for change in changes), over)
    scenario = reader.read(Scenario)
    if scenario is not None and not problems:
        check(scenario, reader)
        check_pools(scenario, reader)
    if scenario is None or problems:
        raise ConfigError("\n".join(problems))
    return scenario


def _change(text: str) -> tuple[str, object]:
    key, equals, value = text.partition("=")
    if not equals or not all(part.strip() for part in key.split(".")):
        raise ConfigError(f"--set {text}: expected key=value")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()


def _lay(over: Mapping[str, object], tree: dict[str, object]) -> None:
    for key, value in over.items():
        below = tree.get(key)
        if isinstance(value, dict) and isinstance(below, dict) and "kind" not in value:
            _lay(value, below)
        else:
            tree[key] = value
