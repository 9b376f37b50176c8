"""What a caller is told of the wait: a range that is true and that never grows, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.ami.spoken_wait import SPOKEN, Spoken, spoken
from router.core.call import Call
from router.core.events import CallerInShock, HelpAsked
from router.core.expected_wait import LONGEST_TOLD_SECONDS, WaitRange, expected_wait
from router.core.floor import State
from router.core.policy import EVERYBODY, Line, Rung, Skills
from router.runtime.said_wait import (
    AT_ONCE,
    LEAST_WAITED_SECONDS,
    MOST_TOLD,
    ROUND_SECONDS,
    SaidWaits,
)
from tests.core.drive import Desk, rules

TALK_SECONDS = 1_500.0
PATIENT = (Rung(0.0, {}), Rung(300.0, {}, EVERYBODY))
seconds = st.floats(0.0, LONGEST_TOLD_SECONDS)
ranges = st.builds(lambda one, other: WaitRange(min(one, other), max(one, other)), seconds, seconds)


class Ears:
    """What each caller would hear next of their wait, while a team talks for `talk_seconds`."""

    def __init__(self, talkers: int, lines: frozenset[str] = frozenset({"general"})) -> None:
        people: dict[str, Skills] = {f"l{number}": {} for number in range(talkers)}
        self.desk = Desk(
            rules(
                Line("general", PATIENT, senior_ladder=(Rung(0.0, {"senior": 1}),)),
                listeners=people,
            )
        )
        self.told: list[tuple[str, str]] = []
        self._waits = SaidWaits(lambda call, prompt: self.told.append((call, prompt)))
        self._waits.lines = lines
        for name in people:
            self.desk.arrive(f"with-{name}")
            self.desk.talk(name)

    def look(self, talk_seconds: float = TALK_SECONDS) -> list[tuple[str, str]]:
        """Let one round pass, and give what was told in it."""
        return [one for _ in range(int(ROUND_SECONDS)) for one in self.look_once(talk_seconds)]

    def look_once(self, talk_seconds: float = TALK_SECONDS) -> list[tuple[str, str]]:
        """Look once, let a second pass, and give what was told."""
        before = len(self.told)
        self._waits.look(self.desk.engine.state, self.desk.now, talk_seconds)
        self.desk.wait(1.0)
        return self.told[before:]


@given(st.lists(st.none() | ranges, max_size=30))
def test_neither_end_of_what_is_said_to_one_caller_ever_grows(
    estimates: list[WaitRange | None],
) -> None:
    said: list[Spoken] = []
    for one in estimates:
        found = spoken(one, said[-1] if said else None)
        said += [found] if found is not None else []
    for ends in ([one.from_seconds for one in said], [one.to_seconds for one in said]):
        assert ends == sorted(ends, reverse=True)


@given(ranges, st.none() | st.sampled_from(SPOKEN))
def test_all_that_is_expected_lies_within_what_is_said(
    expected: WaitRange, before: Spoken | None
) -> None:
    found = spoken(expected, before)
    assert found is None or (
        found.from_seconds <= expected.from_seconds and expected.to_seconds <= found.to_seconds
    )


@given(ranges)
def test_of_the_ranges_that_are_true_the_one_that_ends_soonest_is_said(expected: WaitRange) -> None:
    found = spoken(expected, None)
    assert found is not None
    true = [one for one in SPOKEN if one.holds(expected)]
    assert found.to_seconds == min(one.to_seconds for one in true)
    alike = [one for one in true if one.to_seconds == found.to_seconds]
    assert found.from_seconds == max(one.from_seconds for one in alike)


def test_where_more_is_expected_than_was_said_before_nothing_is_said() -> None:
    under_two = spoken(WaitRange(10.0, 100.0), None)
    assert under_two is not None
    assert under_two.prompt == "wait-under-2"
    assert spoken(WaitRange(10.0, 130.0), under_two) is None
    assert spoken(WaitRange(70.0, 110.0), under_two) == under_two
    assert spoken(None, under_two) is None


def test_a_caller_is_told_once_they_have_waited_for_a_while() -> None:
    ears = Ears(20)
    ears.desk.arrive("c1")
    assert ears.look() == []
    ears.desk.wait(LEAST_WAITED_SECONDS)
    assert ears.look() == [("c1", "wait-under-5")]


def test_what_is_no_longer_true_is_taken_back_once_and_not_replaced_by_something_longer() -> None:
    ears = Ears(20)
    ears.desk.arrive("c1")
    ears.desk.wait(LEAST_WAITED_SECONDS)
    assert ears.look() == [("c1", "wait-under-5")]
    assert ears.look(talk_seconds=2_500.0) == [("c1", "")]
    assert ears.look(talk_seconds=2_500.0) == []
    assert ears.look(talk_seconds=500.0) == [("c1", "wait-under-2")]
    assert ears.look() == [("c1", "")]


def test_a_line_that_does_not_say_it_has_nothing_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("worked out for nobody")

    monkeypatch.setattr("router.runtime.said_wait.expected_wait", never)
    ears = Ears(20, lines=frozenset())
    ears.desk.arrive("c1")
    ears.desk.wait(LEAST_WAITED_SECONDS)
    assert ears.look() == []


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the calls that a wait was worked out for."""
    names: list[str] = []

    def noted(state: State, call: Call, now: float, talk_seconds: float) -> WaitRange | None:
        names.append(call.name)
        return expected_wait(state, call, now, talk_seconds)

    monkeypatch.setattr("router.runtime.said_wait.expected_wait", noted)
    return names


def test_whoever_stands_far_behind_is_told_nothing_and_costs_nothing(
    looked_at: list[str],
) -> None:
    ears = Ears(2)
    for number in range(MOST_TOLD + 5):
        ears.desk.arrive(f"c{number}")
    ears.desk.wait(LEAST_WAITED_SECONDS)
    for _ in range(3):
        ears.look()
    first = [f"c{number}" for number in range(MOST_TOLD)]
    assert looked_at == first * 3


def test_whoever_is_passed_by_too_many_is_told_nothing_more_and_these_are(
    looked_at: list[str],
) -> None:
    ears = Ears(40)
    ears.desk.arrive("c1")
    ears.desk.wait(LEAST_WAITED_SECONDS)
    assert ears.look() == [("c1", "wait-under-2")]
    for number in range(MOST_TOLD):
        ears.desk.arrive(f"shocked{number}")
        ears.desk.tell(CallerInShock(f"shocked{number}"))
    ears.desk.wait(LEAST_WAITED_SECONDS)
    told = ears.look()
    assert told[:2] == [("c1", ""), ("shocked0", "wait-under-2")]
    assert [call for call, _ in told].count("c1") == 1
    assert looked_at == ["c1", *(f"shocked{number}" for number in range(MOST_TOLD))]


def test_whoever_leaves_in_mid_round_is_told_nothing_more() -> None:
    ears = Ears(60)
    names = [f"c{number}" for number in range(AT_ONCE + 1)]
    for name in names:
        ears.desk.arrive(name)
    ears.desk.wait(LEAST_WAITED_SECONDS)
    assert [call for call, _ in ears.look()] == names
    assert [call for call, _ in ears.look_once()] == names[:AT_ONCE]
    ears.desk.hang_up(names[-1])
    assert ears.look_once() == []


def test_the_search_for_somebody_whom_a_listener_asks_for_is_no_caller(
    looked_at: list[str],
) -> None:
    ears = Ears(1)
    ears.desk.tell(HelpAsked(ears.desk.offer_of("l0"), "senior"))
    ears.desk.wait(LEAST_WAITED_SECONDS)
    ears.look()
    assert len(ears.desk.engine.state.calls) == 2
    assert looked_at == []


def test_whoever_has_left_is_told_nothing_more() -> None:
    ears = Ears(20)
    ears.desk.arrive("c1")
    ears.desk.wait(LEAST_WAITED_SECONDS)
    ears.look()
    ears.desk.hang_up("c1")
    assert ears.look() == []
