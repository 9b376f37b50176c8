"""Each alert fires when it must and not otherwise, and tells what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from router.observe.metrics import Metrics
from router.observe.page import told
from tests.observe.alert_cases import CASES, WELL, Case, Series
from tests.observe.rules import FILES, OBJECTIVES, alerts, in_order, promtool, rules
from tests.tidy.source import ROOT

pytestmark = pytest.mark.slow

FIRING = 'max by (alertname) (ALERTS{alertstate="firing"})'
NOT_OURS = re.compile("up{|process_")
EVER = 'max by (alertname) (max_over_time(ALERTS{{alertstate="firing"}}[{over}]))'


def tried(case: Case, series: Series, expr: str, firing: Sequence[str]) -> dict[str, object]:
    """Give a test of promtool's in which these alerts, and no other, are found by then."""
    ours = {name if NOT_OURS.match(name) else f"decroche_{name}": series[name] for name in series}
    others = {} if any(name.startswith("up{") for name in series) else WELL
    shown = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in firing]
    return {
        "name": f"{case.alert}: {firing}",
        "interval": "15s",
        "input_series": [
            {"series": name, "values": values} for name, values in {**others, **ours}.items()
        ],
        "promql_expr_test": [{"expr": expr, "eval_time": case.at, "exp_samples": shown}],
    }


def tried_firing(case: Case) -> dict[str, object]:
    return tried(case, case.fires, FIRING, [case.alert])


def tried_silent(case: Case) -> dict[str, object]:
    return tried(case, case.silent, EVER.format(over=case.silent_for or case.at), [])


def try_all(folder: Path, how: Callable[[Case], dict[str, object]]) -> None:
    """Try the objectives' alerts, which take their time, each minute, and all others each 15 s."""
    for about, every in ((True, "1m"), (False, "15s")):
        tests = [how(case) for case in CASES if case.is_about_objectives == about]
        rules = [str(path) for path in FILES if about or path != OBJECTIVES]
        file = folder / f"{every}.yml"
        whole = {
            "rule_files": rules,
            "group_eval_order": in_order(),
            "evaluation_interval": every,
            "tests": tests,
        }
        file.write_bytes(msgspec.json.encode(whole))
        promtool("test", "rules", str(file), folder=folder)


def sections() -> Iterator[tuple[str, str]]:
    """Give each section of the runbook that is about an alert, with its words."""
    page = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    _, *found = re.split(r"^#+ ", page, flags=re.MULTILINE)
    for section in found:
        head, _, words = section.partition("\n")
        if head.startswith("Decroche"):
            yield head, words


def test_every_alert_fires_when_it_must(tmp_path: Path) -> None:
    try_all(tmp_path, tried_firing)


def test_every_alert_is_silent_when_it_only_comes_close(tmp_path: Path) -> None:
    try_all(tmp_path, tried_silent)


def test_there_is_a_case_for_every_alert() -> None:
    assert {case.alert for case in CASES} == set(alerts())


def test_every_alert_says_how_urgent_it_is_what_is_the_matter_and_where_to_read_on() -> None:
    for name, rule in alerts().items():
        assert rule.labels["severity"] in {"page", "ticket"}, name
        assert rule.annotations["runbook"] == f"docs/runbook.md#{name.lower()}"
        assert re.search(r"\w.*\.$", rule.annotations["summary"], re.DOTALL), name


def test_every_alert_has_its_section_in_the_runbook_and_every_section_its_alert() -> None:
    assert sorted(name for name, _ in sections()) == sorted(alerts())


def test_the_runbook_names_no_metric_rule_or_log_line_that_is_not_there() -> None:
    page = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    metrics = {one.name for one in told(Metrics())} | {rule.record for rule in rules()}
    assert set(re.findall(r"\b(?:line:)?decroche_[\w:]+", page)) <= metrics
    lines = (ROOT / "docs/events.md").read_text(encoding="utf-8")
    named = re.findall(r"log lines? (`\w+`(?:(?:,| and)\s`\w+`)*)", page)
    missing = {line for some in named for line in re.findall(r"`\w+`", some) if line not in lines}
    assert named
    assert not missing


def test_every_section_says_what_callers_feel_what_to_look_at_and_what_to_do() -> None:
    for name, words in sections():
        for part in ("What the caller feels", "Look at", "Do"):
            assert f"**{part}.**" in words, f"{name}: {part}"
