"""A few of the calls of `make sim-vs-real`, on a real Asterisk."""

from __future__ import annotations

import pytest

from simulations.scenario import load
from tests.sim_vs_real.__main__ import SCENARIO, judged
from tests.sim_vs_real.real import played
from tests.sim_vs_real.table import summary
from tests.testbed import require_testbed

SHORT = (
    "days=0.00015",
    "callers.talk.mean_seconds=4",
    "arrivals.health.calls_per_hour=[1200]",
    "arrivals.police.calls_per_hour=[900]",
)
"""Thirteen seconds of many calls and short talks, by the same people."""

SEED = 2
"""Somebody of the fallback group answers, and a caller leaves without having talked."""


@pytest.mark.alone
def test_the_simulator_and_a_real_asterisk_agree_on_the_same_calls() -> None:
    require_testbed()
    scenario = load(str(SCENARIO), SHORT)
    on_real = played(SCENARIO, scenario, SEED)
    verdict = judged(scenario, SEED, on_real.fates)
    assert on_real.faults == []
    assert verdict.agree > 0
    differ = [str(row) for row in verdict.rows if not row.nearest.is_like(row.real)]
    assert verdict.is_good, "\n".join([summary(verdict, []), *differ, *map(str, on_real.fates)])
