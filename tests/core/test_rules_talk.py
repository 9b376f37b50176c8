"""From the accept key to the end of the call: talks, how they end, and the outcome told."""

from __future__ import annotations

import pytest

from router.core import commands, events
from router.core.commands import (
    AcknowledgeCall,
    ConnectCall,
    ReportAnswer,
    ReportDisposition,
    RingListener,
)
from router.core.machine import EventRefused
from router.core.policy import Rung, Skills
from tests.core.drive import (
    START,
    Desk,
    dismissed,
    line,
    of,
    outcomes,
    results,
    rules,
    rung,
    seen_offer,
)

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}


def desk_talking() -> Desk:
    """Give a desk where ana talks with c1, who waited 4 s for it."""
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.wait(4.0)
    desk.talk("ana")
    return desk


def test_the_accept_key_connects_and_only_the_bridge_is_an_answer() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.wait(3.0)
    said = desk.accept("ana")
    assert of(ConnectCall, said) == [ConnectCall("c1", desk.offer_of("ana"))]
    assert of(ReportAnswer, said) == []
    said = desk.tell(events.TalkStarted("c1", desk.offer_of("ana")))
    assert said == [ReportAnswer("c1", "general", "ana", 3.0)]


def test_a_call_that_cannot_be_bridged_goes_on_being_searched_for() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.accept("ana")
    said = desk.tell(events.ConnectFailed("c1", desk.offer_of("ana")))
    assert results(said) == [("ana", "not_connected")]
    assert rung(said) == [("bob", "c1")]


def test_a_ring_says_since_when_it_was_possible() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.wait(10.0)
    first = of(RingListener, desk.arrive("c1"))[0]
    desk.accept("ana")
    desk.wait(3.0)
    second = of(RingListener, desk.tell(events.ConnectFailed("c1", first.offer)))[0]
    assert (first.possible_since, second.possible_since) == (START + 10.0, START + 13.0)


def test_a_bridge_that_does_not_come_in_time_is_given_up() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.accept("ana")
    assert rung(desk.wait(5.0)) == [("bob", "c1")]


def test_a_listener_who_goes_between_key_and_bridge_is_replaced_and_has_not_missed() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.accept("ana")
    said = desk.leg_ends("ana")
    assert results(said) == [("ana", "listener_left")]
    assert rung(said) == [("bob", "c1")]
    assert desk.doing("ana") == "free"


def test_a_caller_who_hangs_up_after_a_talk_was_answered() -> None:
    desk = desk_talking()
    desk.wait(60.0)
    said = desk.hang_up("c1")
    assert of(commands.ReportOutcome, said) == [
        commands.ReportOutcome("c1", "general", "answered", 4.0, 60.0, 1)
    ]
    assert results(said) == [("ana", "talked")]


def test_a_listener_whose_line_drops_sends_the_caller_to_the_head_of_the_line_at_once() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.tell(events.CallWaiting("older", "general", None, desk.now - 50.0))
    desk.hang_up("older")
    desk.leg_ends("ana")
    desk.arrive("cut_off")
    desk.talk("ana")
    desk.tell(events.CallWaiting("earlier", "general", None, desk.now - 60.0))
    desk.leg_ends("ana", "network")
    assert desk.state_of("cut_off") == "searching"
    assert rung(desk.wait(30.0)) == [("ana", "cut_off")]


def test_a_listener_who_hangs_up_leaves_the_caller_a_moment_and_then_the_head_of_the_line() -> None:
    desk = desk_talking()
    desk.tell(events.ListenerPaused("bob"))
    desk.tell(events.CallWaiting("earlier", "general", None, desk.now - 60.0))
    desk.leg_ends("ana")
    assert desk.state_of("c1") == "after_talk"
    desk.wait(5.9)
    assert desk.state_of("c1") == "after_talk"
    desk.wait(0.1)
    assert desk.state_of("c1") == "searching"
    assert rung(desk.tell(events.ListenerCameOn("bob"))) == [("bob", "c1")]


def test_a_caller_who_hangs_up_in_that_moment_is_not_rung_for() -> None:
    desk = desk_talking()
    desk.leg_ends("ana")
    desk.wait(3.0)
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]


def test_a_caller_heard_waiting_while_believed_to_talk_gets_the_same_moment() -> None:
    desk = desk_talking()
    leg = desk.offer_of("ana")
    said = desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    assert dismissed(said) == [(leg, "talk_over")]
    assert desk.state_of("c1") == "after_talk"
    desk.leg_ends("ana")
    assert desk.state_of("c1") == "after_talk"
    desk.tell(events.ListenerPaused("bob"))
    desk.tell(events.CallWaiting("earlier", "general", None, desk.now - 60.0))
    desk.wait(6.0)
    assert rung(desk.tell(events.ListenerCameOn("bob"))) == [("bob", "c1")]


def test_a_drop_heard_of_after_the_caller_came_back_ends_that_moment() -> None:
    desk = desk_talking()
    desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    assert rung(desk.leg_ends("ana", "network")) == [("bob", "c1")]


def test_the_leg_of_one_who_lost_the_race_says_nothing_of_the_talk() -> None:
    desk = Desk(rules(line(ladder=(Rung(0.0, {}, ring_at_once=2),)), listeners=TWO))
    desk.arrive("c1")
    desk.talk("ana")
    desk.leg_ends("ana")
    assert desk.state_of("c1") == "after_talk"
    desk.leg_ends("bob", "network")
    assert desk.state_of("c1") == "after_talk"


def test_a_listener_wraps_up_after_a_talk_before_the_next_call() -> None:
    desk = desk_talking()
    desk.tell(events.ListenerPaused("bob"))
    desk.hang_up("c1")
    desk.leg_ends("ana")
    assert desk.doing("ana") == "wrap_up"
    assert rung(desk.arrive("c2")) == []
    assert rung(desk.wait(29.9)) == []
    assert rung(desk.wait(0.1)) == [("ana", "c2")]


def test_an_unknown_caller_who_is_heard_waiting_gets_their_original_place() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.arrive("known")
    said = desk.tell(events.CallWaiting("missed", "general", None, desk.now - 5.0))
    assert of(AcknowledgeCall, said) == [AcknowledgeCall("missed")]
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "missed")]


def test_a_caller_who_leaves_within_the_short_call_time_left_early_and_later_is_lost() -> None:
    desk = Desk(rules())
    desk.arrive("c1")
    desk.arrive("c2")
    desk.wait(4.9)
    assert outcomes(desk.hang_up("c1")) == [("c1", "left_early")]
    desk.wait(0.1)
    assert outcomes(desk.hang_up("c2")) == [("c2", "lost")]


def test_a_caller_cut_off_and_never_reached_again_was_answered_once() -> None:
    desk = desk_talking()
    desk.tell(events.ListenerPaused("bob"))
    desk.leg_ends("ana", "network")
    desk.wait(10.0)
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]
    assert len(of(ReportAnswer, desk.said)) == 1


def test_what_a_talk_led_to_may_be_said_during_it_and_after_it() -> None:
    desk = desk_talking()
    during = desk.tell(events.TalkDisposed("ana", "orientation", "maison-bleue"))
    desk.hang_up("c1")
    after = desk.tell(events.TalkDisposed("ana", "nothing_more"))
    assert [*during, *after] == [
        ReportDisposition("c1", "general", "ana", "orientation", "maison-bleue"),
        ReportDisposition("c1", "general", "ana", "nothing_more", None),
    ]


def test_what_is_keyed_twice_counts_once_for_each_talk() -> None:
    desk = desk_talking()
    twice = [desk.tell(events.TalkDisposed("ana", "nothing_more")) for _ in range(2)]
    assert [len(said) for said in twice] == [1, 0]
    desk.hang_up("c1")
    desk.leg_ends("ana")
    desk.tell(events.ListenerCameOn("ana"))
    desk.tell(events.ListenerPaused("bob"))
    desk.arrive("c2")
    desk.talk("ana")
    assert len(desk.tell(events.TalkDisposed("ana", "nothing_more"))) == 1


def test_a_link_that_was_lost_leaves_a_listener_at_what_they_key_after_a_talk() -> None:
    desk = desk_talking()
    leg = desk.offer_of("ana")
    desk.hang_up("c1")
    desk.tell(events.PbxLost())
    said = desk.resync((), (seen_offer(leg, "accepted"),))
    assert dismissed(said) == [(leg, "talk_over")]


def test_who_has_had_no_talk_has_nothing_to_say_of_it() -> None:
    desk = desk_talking()
    with pytest.raises(EventRefused):
        desk.tell(events.TalkDisposed("bob", "abuse"))


def test_a_listener_may_take_their_time_to_key_what_a_talk_led_to() -> None:
    desk = desk_talking()
    desk.hang_up("c1")
    assert desk.wait(40.0) == []
    assert desk.doing("ana") == "talking"
    desk.leg_ends("ana")
    assert desk.doing("ana") == "wrap_up"
