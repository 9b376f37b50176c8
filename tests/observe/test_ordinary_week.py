"""No alert comes of an ordinary week: the rules, over what the daemon's figures were in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from tests.observe.rules import FILES, in_order, promtool
from tests.observe.week import SAMPLE_EVERY_SECONDS, Week

DAY_SECONDS = 86_400.0

pytestmark = [pytest.mark.slow]

EVER = 'max by (alertname) (max_over_time(ALERTS{{alertname=~"{of}",alertstate="firing"}}[{last}]))'
CROWDED = ("days=0.5", "arrivals.health.calls_per_hour=[60]")
OF_A_CROWD = ("DecrocheCallLost", "DecrocheCallerWaitsTooLong", "DecrocheSloBurnFast")


def try_week(folder: Path, week: Week, fired: Sequence[str], of: str = ".+") -> None:
    """Have promtool find that of some alerts these fired at some time of the week, and no other."""
    file, every = folder / "week.yml", f"{SAMPLE_EVERY_SECONDS:g}s"
    shown = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in fired]
    last = f"{(week.samples - 1) * SAMPLE_EVERY_SECONDS:g}s"
    asked = {"expr": EVER.format(of=of, last=last), "eval_time": last, "exp_samples": shown}
    tests = [{"interval": every, "input_series": week.series(), "promql_expr_test": [asked]}]
    rules = [str(path) for path in FILES]
    whole = {
        "rule_files": rules,
        "group_eval_order": in_order(),
        "evaluation_interval": every,
        "tests": tests,
    }
    file.write_bytes(msgspec.json.encode(whole))
    promtool("test", "rules", str(file), folder=folder)


def test_alerts_come_of_a_day_with_far_more_callers_than_listeners(tmp_path: Path) -> None:
    try_week(tmp_path, Week("ordinary_week", 1, CROWDED), OF_A_CROWD, "|".join(OF_A_CROWD))


def test_every_alert_is_silent_in_an_ordinary_week(tmp_path: Path) -> None:
    week = Week("ordinary_week", seed=1)
    assert week.samples > 6 * DAY_SECONDS / SAMPLE_EVERY_SECONDS
    assert week.highest("decroche_answer_wait_seconds_count") > 20
    try_week(tmp_path, week, [])
