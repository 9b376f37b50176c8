"""Listeners who come and go, and rules that change under live calls."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.machine import EventRefused, UnknownId
from router.core.policy import Care, Policy, Rung, Skills
from tests.core.drive import Desk, line, outcomes, results, rules, rung

ANA = {"ana": {"fr": 1}}
NOBODY: Policy = rules()


def test_a_listener_who_has_not_come_on_is_not_rung() -> None:
    desk = Desk(rules(listeners=ANA), on=())
    assert rung(desk.arrive("c1")) == []


def test_a_listener_on_a_pause_is_not_rung_until_back() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.tell(events.ListenerPaused("ana"))
    assert rung(desk.arrive("c1")) == []
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "c1")]


def test_a_listener_who_pauses_while_ringing_keeps_that_ring_and_gets_no_other() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.tell(events.ListenerPaused("ana"))
    desk.talk("ana")
    desk.hang_up("c1")
    desk.leg_ends("ana")
    desk.wait(30.0)
    assert rung(desk.arrive("c2")) == []


def test_logging_out_in_a_call_lets_the_call_go_on_and_brings_no_other() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.talk("ana")
    assert desk.tell(events.ListenerWentOff("ana")) == []
    assert desk.state_of("c1") == "talking"
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]
    desk.leg_ends("ana")
    desk.wait(600.0)
    assert rung(desk.arrive("c2")) == []


def test_saying_ready_in_a_call_brings_no_second_call() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.talk("ana")
    desk.arrive("c2")
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == []


def test_saying_ready_twice_keeps_the_place_among_the_idle() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}}))
    desk.tell(events.ListenerCameOn("ana"))
    assert rung(desk.arrive("c1")) == [("ana", "c1")]


def test_one_who_is_off_cannot_pause() -> None:
    desk = Desk(rules(listeners=ANA), on=())
    with pytest.raises(EventRefused):
        desk.tell(events.ListenerPaused("ana"))


def test_new_rules_leave_a_live_call_its_own() -> None:
    people: dict[str, Skills] = {"ana": {}, "busy": {"fr": 9}}
    desk = Desk(rules(line(ladder=(Rung(0.0, {"fr": 9}), Rung(10.0, {}))), listeners=people))
    desk.arrive("c0")
    desk.talk("busy")
    desk.arrive("c1")
    desk.tell(events.PolicyLoaded(rules(line(skills={"fr": 9}), listeners=people)))
    assert rung(desk.wait(10.0)) == [("ana", "c1")]
    assert rung(desk.arrive("c2")) == []


def test_a_listener_who_learns_the_skill_is_rung_for_the_call_that_waits() -> None:
    desk = Desk(rules(line(skills={"health": 1}), listeners=ANA))
    desk.arrive("c1")
    skilled = rules(line(skills={"health": 1}), listeners={"ana": {"health": 1}})
    assert rung(desk.tell(events.PolicyLoaded(skilled))) == [("ana", "c1")]


def test_a_listener_who_loses_the_skill_is_no_longer_rung() -> None:
    desk = Desk(rules(line(skills={"fr": 1}), listeners=ANA))
    desk.tell(events.PolicyLoaded(rules(line(skills={"fr": 1}), listeners={"ana": {}})))
    assert rung(desk.arrive("c1")) == []


def test_the_new_care_holds_from_the_next_talk_on() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.talk("ana")
    desk.tell(events.PolicyLoaded(rules(listeners=ANA, care=Care(wrap_up_seconds=5.0))))
    desk.hang_up("c1")
    desk.leg_ends("ana")
    desk.wait(5.0)
    assert rung(desk.arrive("c2")) == [("ana", "c2")]


def test_a_listener_taken_out_of_the_config_ends_the_call_first_and_is_then_forgotten() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.talk("ana")
    desk.tell(events.PolicyLoaded(NOBODY))
    assert desk.state_of("c1") == "talking"
    desk.hang_up("c1")
    desk.leg_ends("ana")
    assert desk.engine.state.listeners == {}


def test_a_listener_taken_out_of_the_config_while_free_is_forgotten_at_once() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.tell(events.PolicyLoaded(NOBODY))
    assert rung(desk.arrive("c1")) == []
    assert desk.engine.state.listeners == {}


def test_a_listener_taken_out_of_the_config_cannot_come_on_any_more() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.tell(events.PolicyLoaded(NOBODY))
    with pytest.raises(UnknownId):
        desk.tell(events.ListenerCameOn("ana"))
    desk.hang_up("c1")
    desk.leg_ends("ana")
    assert rung(desk.arrive("c2")) == []


def test_a_listener_put_back_into_the_config_in_a_call_stays() -> None:
    desk = Desk(rules(listeners=ANA))
    desk.arrive("c1")
    desk.talk("ana")
    desk.tell(events.PolicyLoaded(NOBODY), events.PolicyLoaded(rules(listeners=ANA)))
    desk.tell(events.ListenerCameOn("ana"))
    desk.hang_up("c1")
    assert results(desk.said) == [("ana", "talked")]
    desk.leg_ends("ana")
    desk.wait(30.0)
    assert rung(desk.arrive("c2")) == [("ana", "c2")]
