from __future__ import annotations

import pytest

from tests.crash.hooks import BOUNDARIES
from tests.crash.many import many

pytestmark = pytest.mark.slow

RUNS = 40
"""`make crash` plays a thousand."""


def test_no_promise_is_lost_or_kept_twice_wherever_the_daemon_is_killed() -> None:
    outcomes = list(many(range(1, RUNS + 1)))
    assert {one.seed: one.faults for one in outcomes if one.faults} == {}
    assert sum(one.noted for one in outcomes) > RUNS
    assert sum(one.dials for one in outcomes) > RUNS
    passed = {where for one in outcomes for where, times in one.passed.items() if times}
    assert passed == set(BOUNDARIES)
