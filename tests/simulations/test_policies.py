"""Policies that come with decroche, each held against ours on the same callers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from types import FrameType
from typing import Any, NamedTuple

import pytest

from router.core.policy import EVERYBODY
from router.errors import ConfigError
from simulations.bench.decide import Crowd, Decision
from simulations.compare.arms import arm, shipped_policies
from simulations.figures import figures
from simulations.run import simulate
from simulations.scenario import Scenario
from simulations.scenario.rules import policy_of

pytestmark = pytest.mark.slow

RUNS = 10
"""A p95 wait of fewer calls says little."""
ROUNDS = 51
"""Of two decisions each; now and then one tidies up after those before it."""
SMALL = str(Path(__file__).with_name("small.toml"))


def of(scenario: Scenario, runs: int = 1) -> dict[str, float]:
    """Give the figures of so many runs."""
    found: Any = figures([simulate("x", scenario, seed) for seed in range(1, runs + 1)])
    total: dict[str, float] = found["total"]
    return total


@pytest.mark.parametrize("name", shipped_policies())
@pytest.mark.parametrize("scenario", ["ordinary_week", "small_hours", SMALL])
def test_a_policy_that_comes_with_decroche_fits_any_scenario(name: str, scenario: str) -> None:
    assert policy_of(arm(name, scenario)).lines


def test_asterisks_queue_rings_one_phone_at_a_time_whoever_it_is() -> None:
    rules = policy_of(arm("least_recent", "ordinary_week"))
    for line in rules.lines.values():
        (rung,) = line.ladder
        assert (rung.ring_at_once, rung.pools, line.ring_seconds) == (1, (), 15.0)
        assert all(dict(rung.skills) == one.skills for one in rules.listeners.values())


def test_or_every_phone_there_is() -> None:
    rules = policy_of(arm("ring_all", "ordinary_week"))
    assert {rung.ring_at_once for one in rules.lines.values() for rung in one.ladder} == {EVERYBODY}


@pytest.mark.parametrize("name", ["nonsense", "a" * 5_000, "a\0b"])
def test_a_name_that_is_no_file_and_no_policy_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(ConfigError, match=r"no such file.*policy.*least_recent.*ring_all") as found:
        arm(name, "ordinary_week")
    assert str(found.value).startswith(f"{name[:200]}:")


@pytest.mark.slow
def test_callers_wait_half_as_long_as_in_asterisks_queue_with_few_rings_in_vain() -> None:
    ours, one_by_one, all_at_once = (
        of(arm(name, "ordinary_week"), RUNS) for name in ("-", "least_recent", "ring_all")
    )
    assert ours["pickup"] >= 0.999
    assert ours["within_20_s"] >= 0.99
    assert ours["wait_p95_s"] <= 0.5 * one_by_one["wait_p95_s"]
    assert ours["wait_p95_s"] <= 1.1 * all_at_once["wait_p95_s"]
    assert ours["rings_in_vain"] <= all_at_once["rings_in_vain"] / 3


@pytest.mark.slow
def test_two_skills_a_listener_are_as_good_as_all() -> None:
    two, pooled = (of(arm(name, "two_skills", ("days=0.3",))) for name in ("-", "pooled"))
    assert pooled["within_20_s"] - two["within_20_s"] < 0.01


def test_a_caller_has_their_own_listener_again_where_that_can_be() -> None:
    assert of(arm("-", "regulars", ("days=7",)))["same_listener_where_possible"] >= 0.95


def test_a_decision_is_no_more_work_with_ten_times_the_listeners() -> None:
    few, many = decided(100), decided(1_000)
    assert many.phones == few.phones
    assert min(few.phones) >= 1
    assert many.lines <= 1.1 * few.lines


class Decided(NamedTuple):
    """What some decisions of each kind were."""

    phones: list[int]
    """How many each of them rang."""
    lines: float
    """Run by the engine for a round of both kinds, in the median: no clock is as exact."""


def decided(listeners: int) -> Decided:
    rounds = Crowd(listeners).rounds()
    some = [counted(rounds) for _ in range(ROUNDS)]
    phones = [len(rings) for decisions, _ in some for rings, _ in decisions]
    return Decided(phones, median(lines for _, lines in some))


def counted(rounds: Iterator[tuple[Decision, Decision]]) -> tuple[tuple[Decision, Decision], int]:
    """Give the next round, and how many lines were run for it."""
    lines = 0

    def count(_frame: FrameType, what: str, _argument: object) -> Any:
        nonlocal lines
        lines += what == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return next(rounds), lines
    finally:
        sys.settrace(before)
