"""The risk ahead: what it is made of, and which way each part moves it."""

from __future__ import annotations

from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.core import events
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from router.core.reach import is_on_call
from router.core.risk import Coming, miss_risk, next_call_miss_risk
from tests.core.drive import Desk, rules

TALK_SECONDS = 1_500.0
AN_HOUR = 1.0 / 3_600.0

chances = st.floats(0.0, 1.0)
comings = st.builds(Coming, chances, st.none() | st.floats(0.0, 3_600.0))
crowds = st.tuples(st.lists(chances, max_size=6), st.lists(comings, max_size=6), st.integers(0, 8))
Crowd = tuple[list[float], list[Coming], int]


def risk(free: list[float], others: list[Coming], ahead: int = 0, rate: float = AN_HOUR) -> float:
    return miss_risk(free, others, ahead=ahead, calls_a_second=rate, mean_talk_seconds=TALK_SECONDS)


@given(crowds)
def test_a_risk_is_a_chance(crowd: Crowd) -> None:
    assert 0.0 <= risk(*crowd) <= 1.0


@given(crowds, chances)
def test_one_more_who_is_free_never_raises_it(crowd: Crowd, chance: float) -> None:
    free, others, ahead = crowd
    assert risk([*free, chance], others, ahead) <= risk(free, others, ahead) + 1e-12


@given(crowds, comings)
def test_one_more_who_will_be_free_never_raises_it(crowd: Crowd, one: Coming) -> None:
    free, others, ahead = crowd
    same_rests = [Coming(other.chance, one.rests_seconds) for other in others]
    more = risk(free, [*same_rests, one], ahead)
    assert more <= risk(free, same_rests, ahead) + 1e-12


@given(st.lists(chances, min_size=1, max_size=6), chances)
def test_somebody_likelier_to_answer_never_raises_it(free: list[float], better: float) -> None:
    assert risk([max(free[0], better), *free[1:]], []) <= risk(free, []) + 1e-12


@given(crowds)
def test_a_call_that_waits_never_lowers_it(crowd: Crowd) -> None:
    free, others, ahead = crowd
    assert risk(free, others, ahead + 1) >= risk(free, others, ahead) - 1e-12


def test_with_nobody_at_all_the_next_call_is_missed() -> None:
    assert risk([], []) == 1.0


def test_with_nobody_free_and_calls_coming_fast_it_is_near_one() -> None:
    assert risk([], [Coming(0.9)] * 3, rate=1.0) > 0.99


def test_those_who_are_free_miss_it_only_together() -> None:
    assert isclose(risk([0.5, 0.8], []), 0.1)


def test_one_talk_is_over_in_time_as_the_two_rates_race() -> None:
    # Exactly: of two exponential times, the talk's comes first with chance mu / (mu + lambda).
    over = (1.0 / TALK_SECONDS) / (1.0 / TALK_SECONDS + AN_HOUR)
    assert risk([], [Coming(1.0)]) == pytest.approx(1.0 - over, abs=0.01)


def test_one_who_rests_counts_from_the_second_at_which_they_are_back() -> None:
    back_in_time = exp(-600.0 * AN_HOUR)
    assert risk([], [Coming(1.0, 600.0)]) == pytest.approx(1.0 - back_in_time, abs=0.05)


LADDER = (
    Rung(0.0, {}, None, ("home",)),
    Rung(10.0, {}, None, ("home", "on-call")),
    Rung(45.0, {}, EVERYBODY),
)
LINE = Line("general", LADDER)
POLICY = Policy(
    {"general": LINE},
    {
        "ana": Listener("ana", {}, "home"),
        "bob": Listener("bob", {}, "home"),
        "asleep": Listener("asleep", {}, "on-call"),
        "elsewhere": Listener("elsewhere", {}, "partner"),
    },
)


def risk_at(desk: Desk, line: Line = LINE) -> float:
    return next_call_miss_risk(desk.engine.state, line, desk.now, AN_HOUR, TALK_SECONDS)


def test_the_floor_is_safer_with_each_listener_who_comes_on() -> None:
    desk = Desk(POLICY, on=())
    risks = [risk_at(desk)]
    for name in ("ana", "bob", "asleep"):
        desk.tell(events.ListenerCameOn(name))
        risks.append(risk_at(desk))
    assert risks[0] == 1.0
    assert risks == sorted(risks, reverse=True)
    assert len(set(risks)) == len(risks)


def test_one_whom_the_ladder_asks_too_late_for_the_target_does_not_count() -> None:
    desk = Desk(POLICY, on=("elsewhere",))
    assert risk_at(desk) == 1.0


def test_one_who_talks_counts_less_than_one_who_is_free() -> None:
    desk = Desk(POLICY, on=("ana",))
    before = risk_at(desk)
    desk.arrive("c1")
    desk.talk("ana")
    assert before < risk_at(desk) < 1.0


def test_a_caller_who_waits_comes_before_the_next_one() -> None:
    desk = Desk(POLICY, on=("ana",))
    desk.arrive("c1")
    desk.talk("ana")
    before = risk_at(desk)
    desk.arrive("c2")
    assert before < risk_at(desk) == 1.0


def test_a_caller_who_waits_for_one_listener_takes_nobody_from_the_next_one() -> None:
    desk = Desk(POLICY, on=("ana", "bob"))
    desk.arrive("c1")
    desk.tell(events.CallerAskedFor("c1", "bob"))
    desk.talk("bob")
    before = risk_at(desk)
    desk.arrive("c2")
    desk.tell(events.CallerAskedFor("c2", "bob"), events.CallerChose("c2", "wait"))
    desk.leg_ends("ana")
    assert risk_at(desk) == pytest.approx(before, rel=0.01)


def test_of_several_phones_that_ring_for_one_call_all_but_one_will_be_free_again() -> None:
    people = {"ana": {}, "bob": {}, "cleo": {}}  # type: ignore[var-annotated]
    line = Line("general", (Rung(0.0, {}, EVERYBODY),))
    desk = Desk(rules(line, listeners=people))
    desk.arrive("c1")
    two = Desk(rules(line, listeners={"ana": {}, "bob": {}}))
    assert risk_at(desk, line) <= risk_at(two, line)


def test_on_call_is_whose_pool_a_later_rung_opens_and_not_who_is_asked_at_the_last_anyway() -> None:
    listeners = Desk(POLICY).engine.state.listeners
    assert [name for name, one in listeners.items() if is_on_call(one, LINE)] == ["asleep"]
