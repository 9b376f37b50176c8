"""The dashboards that come with decroche say what they show, and ask for what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import pytest

from router.observe.metrics import Metrics
from router.observe.page import told
from tests.observe.dashboards import (
    COLUMNS,
    FILES,
    FOLDER,
    GRAFANA,
    Dashboard,
    Panel,
    panels,
    queries,
    read,
)
from tests.observe.rules import OF_A_FAMILY, alerts, promtool, rules
from tests.tidy.source import ROOT

ROWS_ON_THE_WALL = 28
"""Of 38 pixels, on a screen of 1920 by 1080 without Grafana's head (kiosk mode)."""

SERIES = re.compile(r"\b((?:line:)?(?:decroche[_:]|process_|up\b|ALERTS\b)[\w:]*)(?:\{([^}]*)\})?")
MATCHED = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"")
GROUPED = re.compile(r"\b(?:by|on|group_left|group_right)\s*\(([^)]*)\)")
OF_EVERY_SERIES = {"job", "instance", "le"}
OF_OTHERS = {"up": set[str](), "ALERTS": {"alertname", "alertstate", "line"}}
OF_RECORDED = {"line", "slo"}

ALERT = re.compile(r"Alert: ([\w, ]+)\.")
FIRES = re.compile(r"(>=|>|==) (\d+(?:\.\d+)?)")

by_name = pytest.mark.parametrize("panel", [pytest.param(one, id=name) for name, one in panels()])
each = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_the_files_are_what_the_code_makes_of_them_at_every_run(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        folder = tmp_path / seed
        subprocess.run(
            [sys.executable, "-m", "router.observe.dashboards", str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            timeout=60,
        )
        made = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
        kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
        assert made == kept, "run: make dashboards"


def test_there_is_one_for_the_wall_one_for_the_service_and_one_for_the_machine() -> None:
    assert {path.stem for path in FILES} == {"now", "service", "engine"}
    assert len({read(path).uid for path in FILES}) == len(FILES)
    assert all(read(path).tags == ["decroche"] for path in FILES)


@by_name
def test_a_panel_says_what_it_shows_in_which_unit_and_from_where_on_it_matters(
    panel: Panel,
) -> None:
    assert panel.title
    assert len(panel.description) > len(panel.title)
    assert panel.shown["unit"]
    assert panel.shown["noValue"]
    lowest, *further = panel.steps
    assert lowest.value is None
    values = [step.value for step in further if step.value is not None]
    assert len(values) == len(further)
    assert values == sorted(set(values))
    # What has no limit is shown in a colour that says neither well nor ill.
    assert further or lowest.color == "blue"


@by_name
def test_a_panel_names_each_of_its_answers(panel: Panel) -> None:
    refs = [target.ref_id for target in panel.targets]
    assert refs
    assert len(set(refs)) == len(refs)
    legends = [target.legend_format for target in panel.targets]
    assert len(set(legends)) == len(legends)
    sources = [panel.datasource, *(target.datasource for target in panel.targets)]
    assert all(one == {"type": "prometheus", "uid": "${datasource}"} for one in sources)


@each
def test_panels_fill_their_lines_and_none_covers_another(path: Path) -> None:
    dashboard = read(path)
    taken: Counter[tuple[int, int]] = Counter()
    for panel in dashboard.panels:
        at = panel.place
        taken.update((x, y) for x in range(at.x, at.x + at.w) for y in range(at.y, at.y + at.h))
    assert max(taken.values()) == 1
    lowest = max(y for _, y in taken)
    assert set(taken) == {(x, y) for x in range(COLUMNS) for y in range(lowest + 1)}
    assert len({panel.id for panel in dashboard.panels}) == len(dashboard.panels)
    assert len({panel.title for panel in dashboard.panels}) == len(dashboard.panels)
    assert all(row.title.endswith("?") for row in dashboard.rows)


def test_what_is_for_the_wall_fits_on_its_screen_and_needs_no_mouse() -> None:
    wall = read(FOLDER / "now.json")
    assert max(panel.place.y + panel.place.h for panel in wall.panels) <= ROWS_ON_THE_WALL
    assert [one["name"] for one in wall.templating["list"]] == ["datasource"]
    assert wall.refresh == "5s"


def test_every_query_asks_for_series_and_labels_that_there_are() -> None:
    labels = {one.name: set(one.labels) for one in told(Metrics())} | OF_OTHERS
    labels |= {rule.record: OF_RECORDED for rule in rules() if rule.record}
    for panel, target, expr in queries():
        known: set[str] = set(OF_EVERY_SERIES)
        found = SERIES.findall(expr)
        assert found, panel.title
        for name, matchers in found:
            family = OF_A_FAMILY.sub("", name)
            if family.startswith("process_"):
                continue
            assert family in labels, f"{panel.title}: {name}"
            assert set(MATCHED.findall(matchers)) <= labels[family] | OF_EVERY_SERIES, expr
            known |= labels[family]
        grouped = {label for some in GROUPED.findall(expr) for label in re.findall(r"\w+", some)}
        assert grouped <= known, f"{panel.title}: {grouped - known}"
        made = set(re.findall(r"label_replace\(.*?, \"(\w+)\",", expr))
        assert target.labels_shown <= grouped | made | known, panel.title


def test_promtool_understands_every_query(tmp_path: Path) -> None:
    written = [{"record": f"q:{at}", "expr": expr} for at, (_, _, expr) in enumerate(queries())]
    text = msgspec.yaml.encode({"groups": [{"name": "queries", "rules": written}]})
    (tmp_path / "queries.yml").write_bytes(text)
    said = promtool("check", "rules", "queries.yml", folder=tmp_path)
    assert f"{len(written)} rules found" in said


def test_where_an_alert_begins_a_panel_that_names_it_changes_its_colour() -> None:
    said = defaultdict(list)
    for name, panel in panels():
        for found in ALERT.findall(panel.description):
            for alert in found.split(", "):
                said[alert].append((name, panel))
    assert set(said) == set(alerts()), "each alert has a panel that shows what it is about"
    for alert, shown in said.items():
        rule = alerts()[alert]
        silent, fires = _around_its_limit(rule.expr)
        pages = rule.labels["severity"] == "page"
        for name, panel in shown:
            assert panel.colour(fires) in ({"red"} if pages else {"red", "orange"}), (
                f"{name}: {alert}"
            )
            assert panel.colour(silent) != panel.colour(fires), f"{name}: {alert}"


def _around_its_limit(expr: str) -> tuple[float, float]:
    """Give the last value at which a rule is silent, and the first at which it fires."""
    found = FIRES.search(expr)
    assert found is not None
    sign, limit = found[1], float(found[2])
    if sign == "==":
        return limit + 1, limit
    # What is counted comes in whole ones.
    apart = 0.001 if sign == ">" and limit else 1.0
    return (limit - apart, limit) if sign == ">=" else (limit - bool(limit) * apart, limit + apart)


def test_grafana_scrapes_as_often_as_prometheus_and_finds_the_files_where_the_page_puts_them() -> (
    None
):
    sources = msgspec.yaml.decode((GRAFANA / "provisioning/datasources/decroche.yml").read_bytes())
    (source,) = sources["datasources"]
    scraped = (ROOT / "config/prometheus/prometheus.yml").read_text(encoding="utf-8")
    (every,) = re.findall(r"job_name: decroche\n    scrape_interval: (\w+)", scraped)
    assert source["jsonData"]["timeInterval"] == every
    assert source["type"] == "prometheus"
    providers = msgspec.yaml.decode((GRAFANA / "provisioning/dashboards/decroche.yml").read_bytes())
    (provider,) = providers["providers"]
    folder = provider["options"]["path"]
    assert provider["type"] == "file"
    assert f"config/grafana/dashboards/. {folder}" in (ROOT / "docs/dashboards.md").read_text()


RULES_ARE_THERE = 'decroche:slo_budget{slo="in_20s"}'
FIRING = 'ALERTS{alertstate="firing",alertname="DecrocheCallLost",line="health"}'
PENDING = FIRING.replace("firing", "pending")


@pytest.mark.parametrize(
    ("series", "said", "value"),
    [
        ((RULES_ARE_THERE,), "all is well", 0),
        ((RULES_ARE_THERE, PENDING), "all is well", 0),
        ((RULES_ARE_THERE, FIRING), "CallLost", 1),
        ((), "the alert rules are not loaded", 1),
    ],
)
def test_what_is_wrong_is_said_by_name_and_nothing_is_well_without_the_rules(
    tmp_path: Path, series: tuple[str, ...], said: str, value: int
) -> None:
    (expr,) = {expr for panel, _, expr in queries() if panel.title == "What is wrong?"}
    given = [{"series": one, "values": "1x5"} for one in series]
    named = f'alertname="Decroche{said}",' if said == "CallLost" else ""
    wanted = [{"labels": f'{{{named}what="{said}"}}', "value": value}]
    case = {
        "interval": "1m",
        "input_series": given,
        "promql_expr_test": [{"expr": expr, "eval_time": "2m", "exp_samples": wanted}],
    }
    (tmp_path / "case.yml").write_bytes(msgspec.yaml.encode({"tests": [case]}))
    promtool("test", "rules", "case.yml", folder=tmp_path)


def test_a_dashboard_shows_the_lines_that_are_asked_for() -> None:
    for path in FILES:
        dashboard: Dashboard = read(path)
        names = {one["name"] for one in dashboard.templating["list"]}
        asks = any("$line" in target.expr for panel in dashboard.shows for target in panel.targets)
        assert ("line" in names) == asks
