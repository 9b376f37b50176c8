"""A caller whom their listener puts through: left in peace while another phone rings, and after."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import AcknowledgeCall, ReportAnswer
from router.core.machine import EventRefused
from router.core.policy import Skills
from tests.core.drive import Desk, of, outcomes, results, rules, rung

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}
LONG_SECONDS = 120.0
"""Longer than a phone rings, and than any grace."""


@pytest.fixture
def desk() -> Desk:
    """Give a desk whose one caller talks with Ana, and Bob is free."""
    desk = Desk(rules(listeners=TWO), on=("ana",))
    desk.arrive("c1")
    desk.talk("ana")
    desk.tell(events.ListenerCameOn("bob"))
    return desk


def put_through(desk: Desk, *, listener_first: bool) -> None:
    if listener_first:
        desk.leg_ends("ana")
    desk.tell(events.CallerPutThrough("c1"))
    if not listener_first:
        desk.leg_ends("ana")


@pytest.mark.parametrize("listener_first", [True, False])
def test_nobody_is_rung_while_another_phone_rings_for_them(
    desk: Desk,
    listener_first: bool,  # noqa: FBT001 - both ways
) -> None:
    put_through(desk, listener_first=listener_first)
    assert rung(desk.wait(LONG_SECONDS)) == []
    assert desk.state_of("c1") == "fallback"


def test_their_listener_is_free_for_other_callers_meanwhile(desk: Desk) -> None:
    put_through(desk, listener_first=False)
    desk.wait(LONG_SECONDS)
    assert {name for name, _ in rung([*desk.arrive("c2"), *desk.arrive("c3")])} == {"ana", "bob"}


def test_who_answers_has_them_and_the_call_is_not_answered_twice(desk: Desk) -> None:
    put_through(desk, listener_first=False)
    assert of(ReportAnswer, desk.tell(events.FallbackAnswered("c1"))) == []
    assert rung(desk.wait(LONG_SECONDS)) == []
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]


def test_whoever_comes_back_is_searched_for_at_once_and_is_the_first_of_the_line(
    desk: Desk,
) -> None:
    put_through(desk, listener_first=False)
    desk.tell(events.ListenerPaused("ana"), events.ListenerPaused("bob"))
    desk.tell(events.CallArrived("c2", "general", None, desk.now - 60.0))
    said = desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    assert of(AcknowledgeCall, said) == [AcknowledgeCall("c1")]
    assert rung(desk.tell(events.ListenerCameOn("bob"))) == [("bob", "c1")]


def test_who_hangs_up_while_the_other_phone_rings_was_answered(desk: Desk) -> None:
    put_through(desk, listener_first=False)
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]


def test_who_is_put_through_out_of_hold_is_rung_for_no_more(desk: Desk) -> None:
    desk.arrive("c2")
    said = desk.tell(events.CallerPutThrough("c2"))
    assert results(said) == [("bob", "withdrawn")]


def test_of_a_call_that_nobody_knows_it_is_refused(desk: Desk) -> None:
    with pytest.raises(EventRefused):
        desk.engine.step(events.CallerPutThrough("c9"), desk.now)
