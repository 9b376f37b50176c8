"""A whole dashboard: questions, and below each the panels that answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as model

from router.observe.dashboards.limits import ACT
from router.observe.dashboards.panels import SOURCE, Panel

TAG: Final = "decroche"
LINE: Final = "line"
"""The variable by which a dashboard shows some lines only."""

ALERTS: Final = 'ALERTS{alertstate="firing", alertname=~"Decroche.+"}'


@dataclass(frozen=True)
class Section:
    """A question, and the panels that answer it."""

    question: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Board:
    """One dashboard, and its file's name."""

    name: str
    title: str
    meaning: str
    since: str
    """How far back it shows, as Grafana writes it: `now-6h`."""
    refreshed: str
    sections: Sequence[Section]
    by_line: bool = False

    def json(self) -> str:
        """Give it as Grafana reads it, the same at each run."""
        return JSONEncoder(indent=2, ensure_ascii=False).encode(self._build()) + "\n"

    def _build(self) -> model.Dashboard:
        board = (
            build.Dashboard(self.title)
            .uid(f"{TAG}-{self.name}")
            .description(self.meaning)
            .tags([TAG])
            .timezone("browser")
            .time(self.since, "now")
            .refresh(self.refreshed)
            .readonly()
            .tooltip(model.DashboardCursorSync.CROSSHAIR)
            .link(_to_the_others())
            .with_variable(_source())
        )
        if self.by_line:
            board = board.with_variable(_lines())
        board = board.annotation(_Alerts())
        return self._filled(board).build()

    def _filled(self, board: build.Dashboard) -> build.Dashboard:
        number = 0
        for section in self.sections:
            number += 1
            board = board.with_row(build.Row(section.question).id(number))
            for panel in section.panels:
                number += 1
                board = board.with_panel(panel.build(number))
        return board


def _to_the_others() -> build.DashboardLink:
    return (
        build.DashboardLink("decroche")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags([TAG])
        .as_dropdown(as_dropdown=False)
    )


def _source() -> build.DatasourceVariable:
    return build.DatasourceVariable("datasource").label("Prometheus").type("prometheus")


def _lines() -> build.QueryVariable:
    return (
        build.QueryVariable(LINE)
        .label("Line")
        .datasource(SOURCE)
        .query(f"label_values(decroche_calls_waiting, {LINE})")
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(multi=True)
        .include_all(include_all=True)
        .all_value(".+")
        .current(model.VariableOption(selected=True, text="All", value="$__all"))
    )


class _Alerts(model.AnnotationQuery, Builder[model.AnnotationQuery]):
    """Marks in each chart when an alert fired; the library knows no title of such a mark."""

    def __init__(self) -> None:
        super().__init__(name="Alerts", datasource=SOURCE, icon_color=ACT, expr=ALERTS)

    def build(self) -> model.AnnotationQuery:
        return self

    def to_json(self) -> dict[str, object]:
        titles = {"titleFormat": "{{alertname}}", "textFormat": "{{line}}", "step": "60s"}
        return {**super().to_json(), **titles}
