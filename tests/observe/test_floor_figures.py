"""Who waits and who could take them, as Prometheus sees it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core.events import (
    CallArrived,
    CallerHungUp,
    ListenerCameOn,
    ListenerLegEnded,
    ListenerPaused,
    ListenerWentOff,
    OfferAccepted,
    PolicyLoaded,
    TalkStarted,
)
from tests.observe.crowd import POOLS, Crowd

CALLERS = ("1700000000.90", "1700000000.91")


def figure(crowd: Crowd, name: str, **labels: str) -> float | None:
    crowd.scrape()
    return crowd.metrics.registry.get_sample_value(f"decroche_{name}", labels)


def test_the_longest_wait_is_told_line_by_line_and_is_0_where_nobody_waits() -> None:
    crowd = Crowd(0, 0)
    for caller in CALLERS:
        crowd.tell(CallArrived(caller, "health", None, crowd.now))
        crowd.now += 10.0
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(20.0)
    assert figure(crowd, "calls_waiting", line="health") == 2.0
    assert figure(crowd, "longest_wait_seconds", line="police") == 0.0
    crowd.tell(CallerHungUp(CALLERS[0]))
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(10.0)


def test_who_chose_to_wait_for_one_listener_waits_and_is_no_long_wait() -> None:
    crowd = Crowd(0, 0)
    crowd.tell(CallArrived(CALLERS[0], "health", None, crowd.now))
    crowd.engine.state.calls[CALLERS[0]].fallback_put_off = True
    crowd.now += 30.0
    assert figure(crowd, "calls_waiting", line="health") == 1.0
    assert figure(crowd, "longest_wait_seconds", line="health") == 0.0


def test_whose_talk_was_cut_off_has_waited_since_then_and_not_since_they_called() -> None:
    crowd = Crowd(1, 0)
    (ring,) = crowd.tell(CallArrived(CALLERS[0], "health", None, crowd.now))
    crowd.now += 5.0
    crowd.tell(OfferAccepted(ring.offer), TalkStarted(CALLERS[0], ring.offer))
    crowd.now += 600.0
    crowd.tell(ListenerLegEnded(ring.offer, "network"))
    crowd.now += 20.0
    assert figure(crowd, "calls_waiting", line="health") == 1.0
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(20.0)


def cut_off(crowd: Crowd) -> None:
    """Have the phone that rings taken, the talk cut after ten minutes, and that phone ring anew."""
    offer = crowd.engine.state.calls[CALLERS[0]].offers[0]
    crowd.tell(OfferAccepted(offer), TalkStarted(CALLERS[0], offer))
    crowd.now += 600.0
    crowd.tell(ListenerLegEnded(offer, "network"), ListenerCameOn("l00000"))


@pytest.mark.parametrize("looked_at", [True, False])
def test_whose_talk_was_cut_off_twice_has_waited_since_the_second_time(*, looked_at: bool) -> None:
    crowd = Crowd(1, 0)
    crowd.tell(CallArrived(CALLERS[0], "health", None, crowd.now))
    cut_off(crowd)
    crowd.now += 55.0
    if looked_at:
        assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(55.0)
    cut_off(crowd)
    crowd.now += 10.0
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(10.0)


def test_a_phone_that_rings_in_vain_ends_no_wait_of_whose_talk_was_cut_off() -> None:
    crowd = Crowd(1, 0)
    crowd.tell(CallArrived(CALLERS[0], "health", None, crowd.now))
    cut_off(crowd)
    crowd.now += 5.0
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(5.0)
    crowd.now += 20.0
    crowd.tell(ListenerLegEnded(crowd.engine.state.calls[CALLERS[0]].offers[0], "no_answer"))
    crowd.now += 40.0
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(65.0)


def test_a_consult_is_no_wait_of_which_anybody_is_to_be_told_when_it_is_over() -> None:
    crowd = Crowd(1, 0)
    (ring,) = crowd.tell(CallArrived(CALLERS[0], "health", None, crowd.now))
    crowd.tell(OfferAccepted(ring.offer), TalkStarted(CALLERS[0], ring.offer))
    crowd.now += 60.0
    call = crowd.engine.state.calls[CALLERS[0]]
    call.pause_talk(crowd.now)
    call.state = "consulting"
    crowd.now += 170.0
    assert figure(crowd, "longest_wait_seconds", line="health") == 0.0
    call.state = "connecting"
    assert figure(crowd, "longest_wait_seconds", line="health") == 0.0
    crowd.now += 3.0
    assert figure(crowd, "longest_wait_seconds", line="health") == pytest.approx(3.0)


def test_listeners_are_counted_by_what_they_do_and_by_pool() -> None:
    crowd = Crowd(8, 0)
    crowd.tell(ListenerPaused("l00000"), ListenerWentOff("l00001"))
    assert figure(crowd, "listeners", state="paused", pool=POOLS[0]) == 1.0
    assert figure(crowd, "listeners", state="free", pool=POOLS[0]) == 1.0
    assert figure(crowd, "listeners", state="off", pool=POOLS[1]) == 1.0
    assert figure(crowd, "listeners", state="off", pool=POOLS[2]) == 0.0


def test_on_duty_for_a_line_is_whom_its_ladder_asks_for_before_it_asks_everybody() -> None:
    crowd = Crowd(3, 0)
    # By their order: health 1 in the team, health 2 on call, health 3 among the seniors. The first
    # rung wants level 2 of the team, the second level 1 of the team or on call.
    assert figure(crowd, "listeners_on_duty", line="health") == 2.0
    assert figure(crowd, "listeners_on_duty", line="police") == 0.0
    crowd.tell(ListenerPaused("l00000"))
    assert figure(crowd, "listeners_on_duty", line="health") == 1.0


def test_a_line_that_is_taken_out_of_the_rules_is_shown_no_more_and_pages_nobody() -> None:
    crowd = Crowd(3, 0)
    crowd.recorder.look_ahead(crowd.engine.state, crowd.now)
    told = ("listeners_on_duty", "calls_waiting", "longest_wait_seconds", "line_open")
    ahead = ("next_call_miss_risk", "wakes_in_a_row", "expected_wait_seconds")
    assert all(figure(crowd, name, line="police") is not None for name in (*told, *ahead))
    policy = crowd.engine.state.policy
    left = {name: one for name, one in policy.lines.items() if name != "police"}
    crowd.tell(PolicyLoaded(replace(policy, lines=left)))
    crowd.recorder.look_ahead(crowd.engine.state, crowd.now + 60.0)
    for name in (*told, *ahead):
        assert figure(crowd, name, line="police") is None
        assert figure(crowd, name, line="health") is not None
    assert figure(crowd, "calls_total", line="police", outcome="lost") == 0.0


def test_a_line_shows_0_for_what_has_not_happened_yet_so_that_the_first_is_an_increase() -> None:
    crowd = Crowd(0, 0)
    for name, labels in {
        "calls_total": {"outcome": "lost"},
        "offers_total": {"result": "no_answer"},
        "senior_call_backs_owed_total": {},
        "answer_wait_seconds_count": {},
    }.items():
        assert figure(crowd, name, line="police", **labels) == 0.0
    assert figure(crowd, "promises_not_noted_total", reason="store") == 0.0
