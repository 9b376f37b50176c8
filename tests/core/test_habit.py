"""What the rings of a listener teach, held against listeners whose habits are known."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.core.habit import BLOCK_SECONDS, BLOCKS, PRIOR_CHANCE, Habit
from tests.core.drive import START

DAY_SECONDS = BLOCK_SECONDS * BLOCKS

seconds = st.floats(0.0, 120.0)
chances = st.lists(st.tuples(st.sampled_from(["took", "missed", "cut"]), st.floats(0.1, 60.0)))


def taught(lessons: list[tuple[str, float]]) -> Habit:
    habit = Habit()
    for number, (what, after_seconds) in enumerate(lessons):
        at = START + 3_600.0 * number
        if what == "took":
            habit.took(at, at + after_seconds)
        elif what == "missed":
            habit.missed(at)
        else:
            habit.cut_short(at, at + after_seconds)
    return habit


def rung_often(chance: float, *, cut_share: float) -> Habit:
    """Ring somebody whose habits are known four hundred times, at one hour of the day."""
    habit, draw = Habit(), Random(4)  # noqa: S311 - the same person each time
    for number in range(400):
        at = START + DAY_SECONDS * number
        takes_after = 3.0 + draw.lognormvariate(1.79, 0.5) if draw.random() < chance else 99.0
        cut_after = draw.expovariate(1 / 12) if draw.random() < cut_share else 99.0
        if min(takes_after, 20.0) <= cut_after:
            if takes_after <= 20.0:
                habit.took(at, at + takes_after)
            else:
                habit.missed(at)
        else:
            habit.cut_short(at, at + cut_after)
    return habit


def test_of_somebody_who_was_never_rung_the_prior_is_believed() -> None:
    assert Habit().chance(START) == pytest.approx(PRIOR_CHANCE)
    assert Habit().taken_within(9.0) == pytest.approx(0.5)


@pytest.mark.parametrize("chance", [0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("cut_share", [0.0, 0.6])
def test_the_chance_is_found_though_others_often_win_the_race(
    chance: float, cut_share: float
) -> None:
    habit = rung_often(chance, cut_share=cut_share)
    assert habit.chance(START) == pytest.approx(chance, abs=0.12)


def test_how_soon_a_ring_is_taken_is_found() -> None:
    habit = rung_often(0.9, cut_share=0.0)
    assert habit.taken_within(9.0) == pytest.approx(0.5, abs=0.1)
    assert habit.taken_within(20.0) > 0.97


def test_a_night_of_deep_sleep_says_little_of_the_day() -> None:
    habit = Habit()
    for night in range(30):
        habit.missed(START + DAY_SECONDS * night)
        habit.took(START + DAY_SECONDS * (night + 0.5), START + DAY_SECONDS * (night + 0.5) + 8.0)
    assert habit.chance(START) < 0.25
    assert habit.chance(START + DAY_SECONDS / 2) > 0.75


def test_who_has_changed_is_seen_so_within_some_tens_of_rings() -> None:
    habit = rung_often(0.9, cut_share=0.0)
    for number in range(40):
        habit.missed(START + DAY_SECONDS * (500 + number))
    assert habit.chance(START) < 0.5


def test_a_ring_that_was_cut_at_once_says_nothing() -> None:
    habit = Habit()
    for number in range(50):
        habit.cut_short(START + number, START + number)
    assert habit.chance(START) == pytest.approx(PRIOR_CHANCE)


def test_a_take_that_an_outage_has_hidden_for_minutes_says_nothing_of_how_soon() -> None:
    habit = Habit()
    habit.took(START, START + 600.0)
    assert habit.chance(START) > PRIOR_CHANCE
    assert habit.taken_within(9.0) == pytest.approx(0.5)


@given(chances, st.floats(0.0, DAY_SECONDS))
def test_a_chance_is_a_chance_whatever_was_learnt(
    lessons: list[tuple[str, float]], at: float
) -> None:
    assert 0.0 < taught(lessons).chance(START + at) < 1.0


@given(chances, seconds, seconds, seconds)
def test_more_time_never_makes_an_answer_less_likely(
    lessons: list[tuple[str, float]], passed: float, left: float, more: float
) -> None:
    habit, now = taught(lessons), START + passed
    soon = habit.will_take(START, now, now + left)
    later = habit.will_take(START, now, now + left + more)
    assert 0.0 <= soon <= later <= 1.0
