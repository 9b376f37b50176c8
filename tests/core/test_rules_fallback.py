"""The dialplan's own fallback: when it is asked, what it does to offers, and the way back."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import AcknowledgeCall, ReportAnswer, SendToFallback
from router.core.policy import Skills
from tests.core.drive import Desk, dismissed, of, outcomes, results, rules, rung

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}


def test_nobody_rings_by_the_time_that_the_line_says_and_the_fallback_is_asked_again_later() -> (
    None
):
    desk = Desk(rules())
    desk.arrive("c1")
    assert of(SendToFallback, desk.wait(89.9)) == []
    assert of(SendToFallback, desk.wait(0.1)) == [SendToFallback("c1")]
    assert of(SendToFallback, desk.wait(29.9)) == []
    assert of(SendToFallback, desk.wait(0.1)) == [SendToFallback("c1")]


def test_a_call_that_somebody_rings_for_is_kept_from_the_fallback_a_little() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.arrive("c1")
    desk.wait(80.0)
    desk.tell(events.ListenerCameOn("ana"))
    assert of(SendToFallback, desk.wait(14.0)) == []
    desk.leg_ends("ana", "busy")
    assert of(SendToFallback, desk.wait(1.0)) == [SendToFallback("c1")]


def many_asleep() -> Desk:
    return Desk(rules(listeners={f"asleep{number}": {} for number in range(20)}))


def test_phones_that_ring_one_after_the_other_do_not_keep_a_caller_from_the_fallback() -> None:
    desk = many_asleep()
    desk.arrive("c1")
    assert of(SendToFallback, desk.wait(179.0)) == []
    assert of(SendToFallback, desk.wait(6.0)) == [SendToFallback("c1")]


def test_who_has_picked_up_by_then_is_given_the_time_for_the_key() -> None:
    desk = many_asleep()
    desk.arrive("c1")
    desk.wait(178.0)
    ringing = next(name for name, offer in desk.engine.state.offers.items() if not offer.result)
    desk.tell(events.ListenerPickedUp(ringing))
    assert of(SendToFallback, desk.wait(8.0)) == []
    assert of(SendToFallback, desk.wait(15.0)) == [SendToFallback("c1")]


def test_a_listener_who_was_free_before_a_late_awakening_is_rung_instead() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c0")
    desk.talk("ana")
    desk.arrive("c1")
    desk.wait(59.9)
    desk.hang_up("c0")
    desk.leg_ends("ana")
    desk.now += 31.0
    said = desk.tell(events.TimeReached())
    assert rung(said) == [("ana", "c1")]
    assert of(SendToFallback, said) == []


def test_the_fallbacks_human_answers_and_the_outcome_says_so() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    leg = desk.offer_of("ana")
    began = desk.tell(events.FallbackBegan("c1", "general", None, desk.now))
    assert results(began) == [("ana", "withdrawn")]
    assert dismissed(began) == [(leg, "taken")]
    desk.wait(8.0)
    assert desk.tell(events.FallbackAnswered("c1")) == [ReportAnswer("c1", "general", None, 8.0)]
    assert outcomes(desk.hang_up("c1")) == [("c1", "fallback_answered")]


@pytest.mark.parametrize("answered", [False, True])
def test_a_caller_who_comes_back_from_the_fallback_is_searched_for_again(answered: bool) -> None:  # noqa: FBT001 - both ways
    desk = Desk(rules(listeners=TWO))
    desk.tell(events.FallbackBegan("c1", "general", None, desk.now))
    if answered:
        desk.tell(events.FallbackAnswered("c1"))
    said = desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    assert of(AcknowledgeCall, said) == [AcknowledgeCall("c1")]
    assert rung(said) == [("ana", "c1")]


def test_a_caller_back_from_the_fallback_is_not_sent_there_again_at_once() -> None:
    desk = Desk(rules())
    desk.arrive("c1")
    desk.wait(90.0)
    desk.tell(events.FallbackBegan("c1", "general", None, desk.now))
    desk.wait(60.0)
    desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    assert of(SendToFallback, desk.wait(29.9)) == []
    assert of(SendToFallback, desk.wait(0.1)) == [SendToFallback("c1")]
