"""In the worst days nobody is lost whom we could call back, and each is called back in time."""

from __future__ import annotations

from typing import Any

import pytest

from simulations.figures import figures
from simulations.run import simulate
from simulations.scenario import load

pytestmark = pytest.mark.slow

SEEDS = range(1, 9)


@pytest.fixture(scope="module")
def crisis() -> dict[str, Any]:
    scenario = load("crisis_x10")
    found: Any = figures([simulate("crisis_x10", scenario, seed) for seed in SEEDS])
    total: dict[str, Any] = found["total"]
    return total


def test_nobody_is_lost_but_who_withholds_the_number_and_types_none(crisis: dict[str, Any]) -> None:
    assert crisis["lost"] == crisis["lost_withheld"] > 0
    assert crisis["cared_for_shown"] == crisis["cared_for_shown_callers"] == 1.0


def test_promises_are_kept_in_time_and_none_is_broken(crisis: dict[str, Any]) -> None:
    assert crisis["promises_due"] > 300
    assert crisis["promises_kept_in_time_share"] >= 0.99
    assert crisis["promise_broken"] == 0


def test_some_ring_back_first_and_some_stay_in_line(crisis: dict[str, Any]) -> None:
    assert crisis["kept_by_ringing_back"] > 0
    assert crisis["kept_in_the_same_call"] > 0
