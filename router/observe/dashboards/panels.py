"""The few kinds of panel that the dashboards are made of, each with all that it has to say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    prometheus,
    stat,
    statetimeline,
    timeseries,
)
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models import common as look
from grafana_foundation_sdk.models import dashboard as model

from router.observe.dashboards.limits import ASIDE, Limits

Built: TypeAlias = stat.Panel | bargauge.Panel | timeseries.Panel | statetimeline.Panel
_Kind = TypeVar("_Kind", stat.Panel, bargauge.Panel, timeseries.Panel, statetimeline.Panel)

SOURCE: Final = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
"""The Prometheus that is chosen at the dashboard's top."""

COUNT: Final = "short"
SECONDS: Final = "s"
SHARE: Final = "percentunit"
YES_NO: Final = "bool_yes_no"
BYTES: Final = "bytes"

A_DAY: Final = "1d"


@dataclass(frozen=True)
class Query:
    """What Prometheus is asked, and by which name each answer is shown."""

    expr: str
    shown_as: str


@dataclass(frozen=True)
class Size:
    """How many of the 24 columns, and how many rows of some 38 pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Panel(ABC):
    """A question or plain words, what the answer means, its unit and limits, and what is asked."""

    title: str
    meaning: str
    unit: str
    limits: Limits
    size: Size
    asks: tuple[Query, ...]
    alerts: tuple[str, ...] = ()
    """Those that come at one of the limits."""
    decimals: int | None = None
    unknown_from: float | None = None
    """Values from here on stand for what is not known."""
    without: str = "no data"
    """Said where there is nothing to show."""

    @abstractmethod
    def build(self, number: int) -> Built:
        """Give it in Grafana's terms, as the panel of this number."""

    def _dressed(self, panel: _Kind, number: int) -> _Kind:
        panel = (
            panel.id(number)
            .title(self.title)
            .description(self._words())
            .unit(self.unit)
            .thresholds(self.limits.build())
            .datasource(SOURCE)
            .height(self.size.height)
            .span(self.size.width)
            .no_value(self.without)
        )
        if self.decimals is not None:
            panel = panel.decimals(self.decimals)
        if self.unknown_from is not None:
            panel = panel.mappings([_unknown(self.unknown_from)])
        return panel

    def _words(self) -> str:
        if not self.alerts:
            return self.meaning
        return f"{self.meaning}\n\nAlert: {', '.join(self.alerts)}. What to do: docs/runbook.md."

    def _targets(self, *, at_once: bool) -> list[Builder[Dataquery]]:
        asked = enumerate(self.asks)
        return [_target(place, query, at_once=at_once) for place, query in asked]


@dataclass(frozen=True)
class Number(Panel):
    """Values of now, as large as there is room, on the colour of their limits."""

    texts: look.BigValueTextMode = look.BigValueTextMode.AUTO
    """Whether each answer's name is shown: left to itself, where there are several."""

    def build(self, number: int) -> stat.Panel:
        """Give it in Grafana's terms."""
        return (
            self._dressed(stat.Panel(), number)
            .color_mode(look.BigValueColorMode.BACKGROUND_SOLID)
            .graph_mode(look.BigValueGraphMode.NONE)
            .text_mode(self.texts)
            .reduce_options(_last())
            .targets(self._targets(at_once=True))
        )


@dataclass(frozen=True)
class Bars(Panel):
    """Values of now as bars, one below the other; a full one stands for `most`."""

    most: float | None = None
    is_large: bool = False
    """To be read from across a room."""

    def build(self, number: int) -> bargauge.Panel:
        """Give it in Grafana's terms."""
        # Left to itself, Grafana writes so large that it has to cut off the names.
        names, values = (22, 30) if self.is_large else (13, 18)
        panel = (
            self._dressed(bargauge.Panel(), number)
            .orientation(look.VizOrientation.HORIZONTAL)
            .display_mode(look.BarGaugeDisplayMode.BASIC)
            .text(common.VizTextDisplayOptions().title_size(names).value_size(values))
            .reduce_options(_last())
            .min(0)
            .targets(self._targets(at_once=True))
        )
        return panel if self.most is None else panel.max(self.most)


@dataclass(frozen=True)
class Chart(Panel):
    """How values went, with their limits as dashed lines."""

    colours: Mapping[str, str] = field(default_factory=dict)
    is_stacked: bool = False
    is_by_day: bool = False
    """One value a day."""
    lowest: float = 0
    """The axis begins here, unless there is something lower."""

    def build(self, number: int) -> timeseries.Panel:
        """Give it in Grafana's terms."""
        points = look.VisibilityMode
        panel = (
            self._dressed(timeseries.Panel(), number)
            .fill_opacity(60 if self.is_stacked else 10)
            .show_points(points.ALWAYS if self.is_by_day else points.NEVER)
            .thresholds_style(
                common.GraphThresholdsStyleConfig().mode(look.GraphThresholdsStyleMode.DASHED)
            )
            .legend(
                common.VizLegendOptions()
                .display_mode(look.LegendDisplayMode.LIST)
                .placement(look.LegendPlacement.BOTTOM)
                .show_legend(show_legend=True)
            )
            .tooltip(common.VizTooltipOptions().mode(look.TooltipDisplayMode.MULTI))
            .axis_soft_min(self.lowest)
            .targets(self._targets(at_once=False))
        )
        for name, colour in self.colours.items():
            panel = panel.override_by_name(name, [_fixed(colour)])
        if self.is_stacked:
            panel = panel.stacking(common.StackingConfig().mode(look.StackingMode.NORMAL))
        if self.is_by_day:
            panel = panel.interval(A_DAY)
        if self.is_by_day and self.is_stacked:
            panel = panel.draw_style(look.GraphDrawStyle.BARS)
        return panel


@dataclass(frozen=True)
class Times(Panel):
    """When something was so, and when not, as bands in the colours of their limits."""

    def build(self, number: int) -> statetimeline.Panel:
        """Give it in Grafana's terms."""
        by_limits = build.FieldColor().mode(model.FieldColorModeId.THRESHOLDS)
        return (
            self._dressed(statetimeline.Panel(), number)
            .color_scheme(by_limits)
            .merge_values(merge_values=True)
            .show_value(look.VisibilityMode.AUTO)
            .legend(common.VizLegendOptions().show_legend(show_legend=False))
            .targets(self._targets(at_once=False))
        )


def quantiles(histogram: str) -> tuple[Query, ...]:
    """Ask how long half, 95 in 100 and 99 in 100 took, over the last minutes."""
    edges = f"sum by (le) (rate({histogram}_bucket[$__rate_interval]))"
    return tuple(
        Query(f"histogram_quantile({share}, {edges})", words)
        for share, words in ((0.5, "half"), (0.95, "95 in 100"), (0.99, "99 in 100"))
    )


def _target(place: int, query: Query, *, at_once: bool) -> prometheus.Dataquery:
    target = (
        prometheus.Dataquery()
        .ref_id(chr(ord("A") + place))
        .datasource(SOURCE)
        .expr(query.expr)
        .legend_format(query.shown_as)
    )
    return target.instant() if at_once else target.range()


def _last() -> common.ReduceDataOptions:
    return common.ReduceDataOptions().calcs(["lastNotNull"])


def _unknown(value: float) -> model.RangeMap:
    words = model.ValueMappingResult(text="not known", color=ASIDE)
    return model.RangeMap(model.DashboardRangeMapOptions(from_val=value, result=words))


def _fixed(colour: str) -> model.DynamicConfigValue:
    value = {"mode": model.FieldColorModeId.FIXED, "fixedColor": colour}
    return model.DynamicConfigValue(id_val="color", value=value)
