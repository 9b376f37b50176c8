"""What comes with decroche for Prometheus is right, and asks for nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from router.observe.call_metrics import ANSWER_WAIT_EDGES_SECONDS
from router.observe.metrics import Metrics
from router.observe.page import told
from tests.observe.rules import FOLDER, Rule, promtool, rules

COMMENTED = re.compile(r"^ *# (?:- job_name|alerting):.*\n(?: *# .*\n)*", re.MULTILINE)


def test_promtool_finds_no_fault_with_the_rules_and_the_scrapes() -> None:
    assert "SUCCESS" in promtool("check", "config", "prometheus.yml")
    assert "rules found" in promtool("check", "rules", "--lint=all", *_rule_files())


def test_what_is_commented_out_is_right_too_once_it_is_wanted(tmp_path: Path) -> None:
    written = (FOLDER / "prometheus.yml").read_text(encoding="utf-8")
    wanted, count = COMMENTED.subn(lambda found: re.sub(r"(?m)^( *)# ", r"\1", found[0]), written)
    assert count == 3
    assert wanted.count("\n  - job_name:") == 3
    (tmp_path / "prometheus.yml").write_text(wanted)
    promtool("check", "config", "--syntax-only", "prometheus.yml", folder=tmp_path)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.alert or rule.record)
def test_no_rule_asks_for_a_series_that_nothing_gives(rule: Rule) -> None:
    given = {one.name for one in told(Metrics())} | {one.record for one in rules()}
    assert rule.names <= given


def test_the_objective_is_read_at_an_edge_that_the_waits_have() -> None:
    asked = {float(edge) for rule in rules() for edge in re.findall(r'le="([\d.]+)"', rule.expr)}
    assert asked
    assert asked <= set(ANSWER_WAIT_EDGES_SECONDS)


def _rule_files() -> list[str]:
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.glob("rules/*.yml"))
