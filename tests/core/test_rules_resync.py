"""The link to Asterisk lost and found: what was believed is put right by what is seen."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import (
    AcknowledgeCall,
    ConnectCall,
    ReportAnswer,
    ReportOutcome,
    SendToFallback,
)
from router.core.policy import Rung, Skills
from router.core.seen import SeenCall
from tests.core.drive import (
    Desk,
    Place,
    Stage,
    dismissed,
    line,
    of,
    outcomes,
    results,
    rules,
    rung,
    seen_call,
    seen_offer,
)

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}


def lost_while(stage: Stage) -> tuple[Desk, str]:
    """Give a desk whose link went down while ana was at this stage with c1, and her offer."""
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    if stage == "picked_up":
        desk.pick_up("ana")
    elif stage == "accepted":
        desk.accept("ana")
    elif stage == "talking":
        desk.talk("ana")
    desk.tell(events.PbxLost())
    return desk, desk.offer_of("ana")


def test_with_the_link_down_nobody_is_rung_and_nothing_falls_due() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.arrive("c1")
    desk.tell(events.PbxLost())
    assert desk.engine.next_deadline() is None
    assert rung(desk.arrive("c2")) == []
    desk.now += 3600.0
    assert desk.tell(events.TimeReached()) == []


def test_callers_are_adopted_in_the_order_in_which_they_came() -> None:
    desk = Desk(rules(listeners=TWO), on=())
    names = ("1700000000.10", "1700000000.9", "1699999999.30")
    desk.resync(tuple(seen_call(name, ago=float("99.30" in name)) for name in names))
    said = [*desk.tell(events.ListenerCameOn("ana")), *desk.tell(events.ListenerCameOn("bob"))]
    assert rung(said) == [("ana", "1699999999.30"), ("bob", "1700000000.9")]


def test_every_caller_who_is_there_is_acknowledged() -> None:
    desk = Desk(rules())
    desk.arrive("c1")
    said = desk.resync((seen_call("c1"), seen_call("c2")))
    assert of(AcknowledgeCall, said) == [AcknowledgeCall("c1"), AcknowledgeCall("c2")]


@pytest.mark.parametrize("stage", ["ringing", "picked_up", "accepted", "talking"])
def test_a_caller_who_left_meanwhile_ends_and_the_listener_is_let_go(stage: Stage) -> None:
    desk, offer = lost_while(stage)
    desk.now += 10.0
    said = desk.resync((), (seen_offer(offer, "accepted" if stage == "talking" else stage),))
    assert outcomes(said) == [("c1", "answered" if stage == "talking" else "lost")]
    farewell = "talk_over" if stage == "talking" else "unknown"
    assert (offer, farewell) in dismissed(said)
    assert rung(desk.arrive("c2")) == [("bob", "c2")]


@pytest.mark.parametrize("stage", ["ringing", "picked_up", "accepted"])
def test_a_leg_that_vanished_before_the_talk_is_no_miss_and_the_search_goes_on(
    stage: Stage,
) -> None:
    desk, _ = lost_while(stage)
    said = desk.resync((seen_call(),))
    expected = {"ringing": "vanished", "picked_up": "vanished", "accepted": "listener_left"}
    assert results(said) == [("ana", expected[stage])]
    assert desk.engine.state.listeners["ana"].misses == 0
    assert [call for _, call in rung(said)] == ["c1"]


def test_a_talk_that_ended_meanwhile_puts_the_caller_at_the_head_of_the_line() -> None:
    desk, _ = lost_while("talking")
    said = desk.resync((seen_call("older", ago=60.0), seen_call()))
    assert results(said) == [("ana", "talked")]
    assert rung(said) == [("bob", "c1")]


def test_a_talk_that_goes_on_is_left_alone() -> None:
    desk, offer = lost_while("talking")
    said = desk.resync((seen_call("c1", "talking", offer),), (seen_offer(offer, "talking"),))
    assert said == [AcknowledgeCall("c1")]


@pytest.mark.parametrize("stage", ["ringing", "picked_up"])
def test_a_listener_who_accepted_while_we_were_away_is_connected(stage: Stage) -> None:
    desk, offer = lost_while(stage)
    said = desk.resync((seen_call(),), (seen_offer(offer, "accepted"),))
    assert of(ConnectCall, said) == [ConnectCall("c1", offer)]


@pytest.mark.parametrize("stage", ["ringing", "picked_up", "accepted"])
def test_a_talk_that_began_while_we_were_away_is_noted_and_not_connected_again(
    stage: Stage,
) -> None:
    desk, offer = lost_while(stage)
    said = desk.resync((seen_call("c1", "talking", offer),), (seen_offer(offer, "talking"),))
    assert of(ConnectCall, said) == []
    assert [one.listener for one in of(ReportAnswer, said)] == ["ana"]
    assert desk.doing("ana") == "talking"


def test_a_connection_that_the_outage_interrupted_is_tried_again_with_all_its_time() -> None:
    desk, offer = lost_while("accepted")
    desk.now += 60.0
    said = desk.resync((seen_call(),), (seen_offer(offer, "accepted"),))
    assert of(ConnectCall, said) == [ConnectCall("c1", offer)]
    assert desk.wait(4.9) == []
    assert results(desk.wait(0.1)) == [("ana", "not_connected")]


def test_a_listener_who_picked_up_meanwhile_has_the_whole_time_for_the_key() -> None:
    desk, offer = lost_while("ringing")
    desk.now += 60.0
    desk.resync((seen_call(),), (seen_offer(offer, "picked_up"),))
    assert results(desk.wait(14.9)) == []
    assert results(desk.wait(0.1)) == [("ana", "no_key")]


def test_of_two_who_accepted_meanwhile_the_one_who_talks_has_the_call() -> None:
    desk = Desk(rules(line(ladder=(Rung(0.0, {}, ring_at_once=2),)), listeners=TWO))
    desk.arrive("c1")
    first, second = desk.offer_of("ana"), desk.offer_of("bob")
    desk.tell(events.PbxLost())
    legs = seen_offer(first, "accepted"), seen_offer(second, "talking", "bob")
    said = desk.resync((seen_call("c1", "talking", second),), legs)
    assert results(said) == [("ana", "lost_race")]
    assert desk.doing("bob") == "talking"


def test_a_leg_withdrawn_before_the_outage_is_withdrawn_again_and_still_holds_its_listener() -> (
    None
):
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    leg = desk.offer_of("ana")
    desk.hang_up("c1")
    desk.tell(events.PbxLost())
    desk.now += 600.0
    said = desk.resync((seen_call("c2"),), (seen_offer(leg, "ringing"),))
    assert dismissed(said) == [(leg, "unknown")]
    assert rung([*said, *desk.wait(11.9)]) == []
    assert rung(desk.leg_ends("ana")) == [("ana", "c2")]


@pytest.mark.parametrize("stage", ["ringing", "picked_up", "accepted", "talking"])
@pytest.mark.parametrize("place", ["fallback", "talking"])
def test_a_caller_who_went_to_the_fallback_meanwhile_is_not_pulled_out_of_it(
    place: Place, stage: Stage
) -> None:
    desk, offer = lost_while(stage)
    legs = (seen_offer(offer, "accepted" if stage == "talking" else stage),)
    said = desk.resync((seen_call("c1", place),), legs)
    assert of(ConnectCall, said) == []
    assert rung([*said, *desk.wait(300.0)]) == []
    assert desk.state_of("c1") == {"fallback": "fallback", "talking": "fallback_talking"}[place]


def test_a_fallbacks_talk_that_ended_meanwhile_is_over_and_the_next_one_counts() -> None:
    desk = Desk(rules())
    desk.tell(events.FallbackBegan("c1", "general", None, desk.now), events.FallbackAnswered("c1"))
    desk.tell(events.PbxLost())
    desk.resync((seen_call("c1", "fallback"),))
    assert desk.state_of("c1") == "fallback"
    desk.tell(events.FallbackAnswered("c1"))
    assert desk.state_of("c1") == "fallback_talking"


def test_a_caller_back_from_the_fallback_meanwhile_is_searched_for() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.tell(events.FallbackBegan("c1", "general", None, desk.now))
    desk.tell(events.PbxLost())
    assert rung(desk.resync((seen_call(),))) == [("ana", "c1")]


def test_a_caller_who_came_in_meanwhile_and_is_in_the_fallback_is_left_there() -> None:
    desk = Desk(rules(listeners=TWO))
    said = desk.resync((seen_call("c1", "fallback"), seen_call("c2", "talking")))
    assert rung(said) == []
    assert [one.listener for one in of(ReportAnswer, said)] == [None]


def test_a_new_process_rings_nobody_before_it_has_seen_what_asterisk_holds() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.tell(events.EngineStarted("second"))
    assert rung(desk.arrive("c1")) == []
    said = desk.resync((seen_call(),))
    assert rung(said) == [("ana", "c1")]
    assert desk.offer_of("ana").endswith("-second")


def test_a_caller_kept_waiting_by_the_outage_is_rung_for_rather_than_sent_to_the_fallback() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.tell(events.PbxLost())
    desk.arrive("c1")
    desk.now += 200.0
    said = [*desk.resync((seen_call(),)), *desk.tell(events.TimeReached())]
    assert rung(said) == [("ana", "c1")]
    assert of(SendToFallback, said) == []


def test_a_talk_adopted_ends_the_search_that_the_journal_believed_in() -> None:
    desk, offer = lost_while("ringing")
    legs = seen_offer(offer, "ringing"), seen_offer("dcr-old-1", "talking", "bob")
    said = desk.resync((seen_call("c1", "talking", "dcr-old-1"),), legs)
    assert dismissed(said) == [(offer, "taken")]
    assert [one.listener for one in of(ReportAnswer, said)] == ["bob"]


def test_a_talk_that_nobody_saw_counts_as_answered() -> None:
    desk, _ = lost_while("accepted")
    said = desk.tell(events.PbxResynced((), (), (), ("c1",)))
    assert outcomes(said) == [("c1", "answered")]


def test_of_a_talk_that_was_found_it_is_said_that_nobody_saw_it_begin() -> None:
    desk, offer = lost_while("accepted")
    desk.now += 30.0
    desk.resync((seen_call("c1", "talking", offer),), (seen_offer(offer, "talking"),))
    desk.arrive("c2")
    desk.talk("bob")
    desk.hang_up("c1")
    desk.hang_up("c2")
    seen = {"c1": False, "c2": True}
    assert {one.call: one.begin_seen for one in of(ReportAnswer, desk.said)} == seen
    assert {one.call: one.begin_seen for one in of(ReportOutcome, desk.said)} == seen


@pytest.mark.parametrize("place", ["talking", "waiting", None])
def test_so_it_is_of_talks_with_the_fallback_and_of_those_that_are_over(
    place: Place | None,
) -> None:
    desk = Desk(rules(listeners={}))
    desk.arrive("c1")
    desk.tell(events.PbxLost())
    here = () if place is None else (seen_call("c1", place),)
    said = desk.tell(events.PbxResynced(here, (), (), () if place == "talking" else ("c1",)))
    assert [one.begin_seen for one in of(ReportAnswer, said)] == [False]
    if place is not None:
        said = desk.hang_up("c1")
    assert [one.begin_seen for one in of(ReportOutcome, said)] == [False]


def test_whose_listener_has_left_such_a_talk_has_a_moment_to_hang_up_as_well() -> None:
    desk, _ = lost_while("accepted")
    waits = SeenCall("c1", "general", "hash-1", desk.now, "waiting")
    desk.tell(events.PbxResynced((waits,), (), (), ("c1",)))
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]


@pytest.mark.parametrize("in_fallback", [False, True])
def test_who_has_talked_with_the_fallback_meanwhile_is_not_lost(in_fallback: bool) -> None:  # noqa: FBT001 - both ways
    desk = Desk(rules(listeners={}))
    desk.arrive("c1")
    if in_fallback:
        desk.tell(events.FallbackBegan("c1", "general", "hash-1", desk.now))
    desk.tell(events.PbxLost())
    said = desk.tell(events.PbxResynced((), (), (), ("c1",)))
    assert outcomes(said) == [("c1", "fallback_answered")]
