"""The estimated wait: a range from the state of things, never growing, or nothing."""

from __future__ import annotations

from router.core.expected_wait import WaitRange, expected_wait
from router.core.policy import Rung, Skills
from tests.core.drive import Desk, line, rules

TALK_SECONDS = 1_500.0
TEN: dict[str, Skills] = {f"l{number}": {} for number in range(10)}


def expected(desk: Desk, call: str = "c1", talk_seconds: float = TALK_SECONDS) -> WaitRange | None:
    state = desk.engine.state
    return expected_wait(state, state.calls[call], desk.now, talk_seconds)


def known(found: WaitRange | None) -> WaitRange:
    assert found is not None
    return found


def test_with_phones_ringing_it_is_a_matter_of_seconds() -> None:
    desk = Desk(rules(line(ladder=(Rung(0.0, {}, ring_at_once=3),)), listeners=TEN))
    desk.arrive("c1")
    found = known(expected(desk))
    assert 0.0 < found.from_seconds < found.to_seconds < 30.0


def test_the_more_phones_ring_the_sooner_it_ends() -> None:
    ends = []
    for phones in (1, 3, 6):
        desk = Desk(rules(line(ladder=(Rung(0.0, {}, ring_at_once=phones),)), listeners=TEN))
        desk.arrive("c1")
        ends.append(known(expected(desk)).to_seconds)
    assert ends == sorted(ends, reverse=True)
    assert len(set(ends)) == len(ends)


def test_with_nobody_on_duty_nothing_is_said() -> None:
    desk = Desk(rules(listeners=TEN), on=())
    desk.arrive("c1")
    assert expected(desk) is None


def desk_of_talkers(talkers: int, callers: int) -> Desk:
    people: dict[str, Skills] = {f"l{number}": {} for number in range(talkers)}
    desk = Desk(rules(listeners=people))
    for name in people:
        desk.arrive(f"with-{name}")
        desk.talk(name)
    for number in range(callers):
        desk.arrive(f"c{number + 1}")
    return desk


def test_with_everybody_talking_it_goes_by_how_soon_talks_end() -> None:
    desk = desk_of_talkers(20, 1)
    short, long = (known(expected(desk, talk_seconds=mean)) for mean in (600.0, 1_500.0))
    assert 9.0 < short.to_seconds < long.to_seconds


def test_with_one_long_talk_before_it_nothing_is_said() -> None:
    assert expected(desk_of_talkers(1, 1)) is None


def test_who_stands_further_back_is_told_longer() -> None:
    desk = desk_of_talkers(40, 4)
    ends = [known(expected(desk, f"c{number}")).to_seconds for number in (1, 2, 3, 4)]
    assert ends == sorted(ends)
    assert len(set(ends)) == len(ends)


def test_a_caller_who_is_talking_is_told_nothing() -> None:
    desk = desk_of_talkers(1, 0)
    assert expected(desk, "with-l0") is None
