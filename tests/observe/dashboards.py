"""The dashboards that come with decroche, read from their files as Grafana reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from tests.tidy.source import ROOT

GRAFANA = ROOT / "config/grafana"
FOLDER = GRAFANA / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))

COLUMNS = 24
IN_LEGEND = re.compile(r"\{\{(\w+)\}\}")


class Place(Struct, frozen=True):
    """Where a panel is, in columns and rows from the top left."""

    x: int
    y: int
    w: int
    h: int


class Target(Struct, frozen=True, rename="camel"):
    """One query of a panel."""

    expr: str
    ref_id: str
    legend_format: str
    instant: bool
    datasource: dict[str, str]

    @property
    def labels_shown(self) -> set[str]:
        """Name the labels that stand in the legend."""
        return set(IN_LEGEND.findall(self.legend_format))

    def filled(self, since: str) -> str:
        """Give the expression as it is sent, for all lines and this range."""
        values = {"$__rate_interval": "20s", "$__range": since, "$line": ".+"}
        expr = self.expr
        for name, value in values.items():
            expr = expr.replace(name, value)
        assert not re.search(r"\$\D", expr), expr
        return expr


class Step(Struct, frozen=True):
    """A colour, and the value from which on it is shown."""

    value: float | None
    color: str


class Panel(Struct, frozen=True, rename="camel"):
    """A panel, or the head of a row of them."""

    id: int
    kind: str = field(name="type")
    title: str
    place: Place = field(name="gridPos")
    description: str = ""
    targets: list[Target] = []
    every: str = field(default="", name="interval")
    datasource: dict[str, str] = {}
    field_config: dict[str, Any] = {}

    @property
    def shown(self) -> dict[str, Any]:
        """How its values are shown."""
        return dict(self.field_config["defaults"])

    @property
    def steps(self) -> list[Step]:
        """Give its limits, the lowest first."""
        return msgspec.convert(self.shown["thresholds"]["steps"], list[Step])

    def colour(self, value: float) -> str:
        """Give the colour of a value."""
        return [one.color for one in self.steps if one.value is None or value >= one.value][-1]


class Dashboard(Struct, frozen=True):
    """One dashboard."""

    uid: str
    title: str
    tags: list[str]
    time: dict[str, str]
    refresh: str
    panels: list[Panel]
    templating: dict[str, Any]

    @property
    def since(self) -> str:
        """How far back it shows, as Prometheus writes it."""
        return self.time["from"].removeprefix("now-")

    @property
    def rows(self) -> list[Panel]:
        """Give the heads of its rows."""
        return [panel for panel in self.panels if panel.kind == "row"]

    @property
    def shows(self) -> list[Panel]:
        """Give the panels that show something."""
        return [panel for panel in self.panels if panel.kind != "row"]


@cache
def read(path: Path) -> Dashboard:
    """Read a file."""
    return msgspec.json.decode(path.read_bytes(), type=Dashboard)


def panels() -> list[tuple[str, Panel]]:
    """Give each panel of each dashboard, under a name for the test's report."""
    found = ((path.stem, panel) for path in FILES for panel in read(path).shows)
    return [(f"{name}: {panel.title}", panel) for name, panel in found]


def queries() -> Iterator[tuple[Panel, Target, str]]:
    """Give each query, and the expression that is sent."""
    for path in FILES:
        dashboard = read(path)
        for panel in dashboard.shows:
            for target in panel.targets:
                yield panel, target, target.filled(dashboard.since)
