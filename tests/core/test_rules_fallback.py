"""The dialplan's own fallback: when it is asked, what it does to offers, and the way back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core import events
from router.core.commands import AcknowledgeCall, ReportAnswer, ReportOutcome, SendToFallback
from router.core.policy import Skills
from tests.core.drive import (
    Desk,
    dismissed,
    line,
    of,
    outcomes,
    results,
    rules,
    rung,
    seen_call,
)

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


SOON = replace(line(), nobody_on_duty_seconds=5.0)


def test_with_nobody_on_duty_the_fallback_is_asked_as_soon_as_the_line_says() -> None:
    desk = Desk(rules(SOON, listeners=TWO), on=())
    desk.arrive("c1")
    assert of(SendToFallback, desk.wait(4.9)) == []
    assert of(SendToFallback, desk.wait(0.1)) == [SendToFallback("c1")]


def test_whoever_is_on_duty_is_waited_for_however_busy() -> None:
    desk = Desk(rules(SOON, listeners=TWO), on=("ana",))
    desk.arrive("c0")
    desk.talk("ana")
    desk.arrive("c1")
    assert of(SendToFallback, desk.wait(89.9)) == []
    assert of(SendToFallback, desk.wait(0.1)) == [SendToFallback("c1")]


def test_those_on_duty_who_cannot_take_this_call_are_nobody() -> None:
    police = replace(line(skills={"police": 2}), nobody_on_duty_seconds=5.0)
    desk = Desk(rules(police, listeners=TWO))
    desk.arrive("c1")
    assert of(SendToFallback, desk.wait(5.0)) == [SendToFallback("c1")]


def test_who_comes_on_in_time_is_waited_for_as_ever() -> None:
    desk = Desk(rules(SOON, listeners=TWO), on=())
    desk.arrive("c1")
    desk.arrive("c2")
    assert len(rung(desk.tell(events.ListenerCameOn("ana")))) == 1
    desk.talk("ana")
    assert of(SendToFallback, desk.wait(89.9)) == []
    assert of(SendToFallback, desk.wait(0.1)) == [SendToFallback("c2")]


def test_a_call_found_waiting_is_not_sent_away_before_anybody_can_have_come_on() -> None:
    desk = Desk(rules(SOON, listeners=TWO), on=())
    said = desk.resync((seen_call("c1", ago=60.0),))
    assert of(SendToFallback, said) == []
    assert len(rung(desk.tell(events.ListenerCameOn("ana")))) == 1


def test_whom_the_fallback_leaves_is_searched_for_and_sent_there_again_if_nobody_comes_on() -> None:
    desk = Desk(rules(SOON, listeners=TWO), on=())
    desk.arrive("c1")
    desk.wait(5.0)
    desk.tell(events.FallbackBegan("c1", "general", None, desk.now))
    desk.wait(20.0)
    desk.tell(events.CallWaiting("c1", "general", None, desk.now))
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


@pytest.mark.parametrize("left", [False, True])
def test_a_caller_whom_the_listener_puts_through_to_others_is_left_there(left: bool) -> None:  # noqa: FBT001 - before and after the listener's leg has ended
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.talk("ana")
    desk.wait(100.0)
    if left:
        desk.leg_ends("ana")
    desk.tell(events.FallbackAnswered("c1"))
    if not left:
        desk.leg_ends("ana")
    assert rung(desk.wait(600.0)) == []
    (ended,) = of(ReportOutcome, desk.hang_up("c1"))
    assert ended.outcome == "answered"
    assert ended.talked_seconds == pytest.approx(700.0, abs=1.0)


def test_a_caller_who_cannot_be_joined_with_anybody_has_the_fallback_the_second_time() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    for fallback in ([], [SendToFallback("c1")]):
        (offer,) = desk.engine.state.calls["c1"].offers
        name = desk.engine.state.offers[offer].listener
        desk.accept(name)
        said = desk.tell(events.ConnectFailed("c1", offer))
        assert of(SendToFallback, said) == fallback
        desk.leg_ends(name)


def test_that_listeners_accept_and_are_gone_puts_the_fallback_off_by_twice_its_time_at_most() -> (
    None
):
    desk = Desk(rules(listeners={f"gone{number}": {} for number in range(40)}))
    desk.arrive("c1")
    sent: list[SendToFallback] = []
    for _ in range(38):
        (offer,) = desk.engine.state.calls["c1"].offers
        name = desk.engine.state.offers[offer].listener
        sent += of(SendToFallback, [*desk.wait(4.0), *desk.accept(name), *desk.leg_ends(name)])
        sent += of(SendToFallback, desk.wait(1.0))
    assert sent == [SendToFallback("c1")]
