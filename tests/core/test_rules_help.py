"""A listener asks for help in a talk: sought by the engine, spoken with, then with the caller."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import events
from router.core.commands import (
    BringCallerIn,
    DismissListener,
    ReportHelp,
    ReportRung,
    RingListener,
    SendToFallback,
    StartConsult,
    TellListener,
)
from router.core.policy import Line, Rung
from router.core.seen import SeenCall, SeenOffer
from tests.core.drive import Desk, dismissed, line, of, outcomes, results, rules, rung

SENIORS = (Rung(0.0, {"lead": 2}), Rung(15.0, {"lead": 1}, ring_at_once=2))
PEOPLE = {"ana": {"fr": 1}, "bob": {"lead": 2}, "cleo": {"lead": 1}}


def desk_talking(**changed: object) -> Desk:
    """Give a desk where ana talks with c1, and seniors may be asked for."""
    ordinary: Line = replace(line(skills={"fr": 1}), senior_ladder=SENIORS)
    desk = Desk(rules(replace(ordinary, **changed), listeners=PEOPLE))
    desk.arrive("c1", caller="hash-1")
    desk.talk("ana")
    desk.wait(60.0)
    return desk


def desk_consulting() -> Desk:
    """Give a desk where ana speaks with bob while c1 waits."""
    desk = desk_talking()
    _ask(desk)
    desk.accept("bob")
    desk.tell(events.ConsultStarted(desk.offer_of("ana"), desk.offer_of("bob")))
    desk.wait(20.0)
    return desk


def desk_of_three() -> Desk:
    """Give a desk where ana, bob and c1 talk together."""
    desk = desk_consulting()
    _ask(desk)
    desk.tell(events.TalkStarted("c1", desk.offer_of("ana")))
    desk.wait(30.0)
    return desk


def _ask(desk: Desk, kind: events.Help = "senior") -> list[object]:
    return [*desk.tell(events.HelpAsked(desk.offer_of("ana"), kind))]


def test_a_senior_is_rung_while_listener_and_caller_go_on_talking() -> None:
    desk = desk_talking()
    said = _ask(desk)
    ring = next(one for one in said if isinstance(one, RingListener))
    assert (ring.listener, ring.call, ring.to_help) == ("bob", "c1", True)
    assert TellListener(desk.offer_of("ana"), "sought") in said
    assert desk.state_of("c1") == "talking"


def test_the_search_for_help_climbs_its_own_ladder_and_counts_as_no_rung_of_the_call() -> None:
    desk = desk_talking()
    _ask(desk)
    said = desk.wait(15.0)
    assert rung(said) == [("cleo", "c1")]
    assert of(ReportRung, said) == []


def test_the_helper_who_takes_it_speaks_with_the_listener_first() -> None:
    desk = desk_talking()
    _ask(desk)
    desk.wait(4.0)
    said = desk.accept("bob")
    assert StartConsult("c1", desk.offer_of("ana"), desk.offer_of("bob")) in said
    assert of(ReportHelp, said) == [ReportHelp("c1", "general", "ana", "senior", "found", 4.0)]
    assert desk.state_of("c1") == "consulting"
    desk.tell(events.ConsultStarted(desk.offer_of("ana"), desk.offer_of("bob")))
    assert desk.doing("bob") == "talking"


def test_whoever_rang_besides_hears_that_it_is_taken() -> None:
    desk = desk_talking()
    _ask(desk)
    desk.wait(15.0)
    said = desk.accept("cleo")
    assert ("bob", "lost_race") in results(said)


def test_the_key_again_brings_the_caller_in_and_all_three_talk() -> None:
    desk = desk_consulting()
    assert BringCallerIn("c1", desk.offer_of("ana")) in _ask(desk)
    desk.tell(events.TalkStarted("c1", desk.offer_of("ana")))
    assert desk.state_of("c1") == "talking"
    assert desk.engine.state.calls["c1"].helper == desk.offer_of("bob")


def test_a_listener_who_leaves_the_consult_hands_the_caller_over() -> None:
    desk = desk_consulting()
    helper = desk.offer_of("bob")
    said = desk.leg_ends("ana")
    assert BringCallerIn("c1", helper) in said
    desk.tell(events.TalkStarted("c1", helper))
    assert desk.state_of("c1") == "talking"
    assert desk.doing("ana") == "wrap_up"


def test_a_listener_who_leaves_the_three_leaves_the_caller_with_the_helper() -> None:
    desk = desk_of_three()
    said = desk.leg_ends("ana")
    assert dismissed(said) == []
    assert desk.state_of("c1") == "talking"
    desk.leg_ends("bob")
    assert desk.state_of("c1") == "after_talk"


def test_a_helper_who_leaves_gives_the_caller_back_to_the_listener() -> None:
    consulting, three = desk_consulting(), desk_of_three()
    assert BringCallerIn("c1", consulting.offer_of("ana")) in consulting.leg_ends("bob")
    three.leg_ends("bob")
    assert three.state_of("c1") == "talking"
    assert three.engine.state.calls["c1"].partner == three.offer_of("ana")


def test_with_nobody_to_be_had_the_listener_is_told_and_stays() -> None:
    desk = desk_talking()
    asking = desk.offer_of("ana")
    _ask(desk)
    said = [*desk.leg_ends("bob", "busy"), *desk.wait(15.0), *desk.leg_ends("cleo", "busy")]
    said += desk.wait(120.0)
    assert of(TellListener, said) == [TellListener(asking, "nobody")]
    assert [one.result for one in of(ReportHelp, said)] == ["nobody"]
    assert of(SendToFallback, said) == []
    assert desk.state_of("c1") == "talking"


def test_a_line_without_seniors_says_so_at_once() -> None:
    desk = desk_talking(senior_ladder=())
    assert TellListener(desk.offer_of("ana"), "nobody") in _ask(desk)


def test_asked_twice_one_search_goes_on() -> None:
    desk = desk_talking()
    _ask(desk)
    said = _ask(desk)
    assert said == [TellListener(desk.offer_of("ana"), "sought")]


def test_nobody_is_rung_any_more_once_the_talk_is_over() -> None:
    desk = desk_talking()
    _ask(desk)
    helper = desk.offer_of("bob")
    said = desk.hang_up("c1")
    assert (helper, "taken") in dismissed(said)
    assert [one.result for one in of(ReportHelp, said)] == ["talk_over"]
    assert list(desk.engine.state.calls) == []


def test_a_caller_who_leaves_the_consult_lets_both_go() -> None:
    desk = desk_consulting()
    both = {desk.offer_of("ana"), desk.offer_of("bob")}
    said = desk.hang_up("c1")
    assert {one.offer for one in of(DismissListener, said)} == both
    assert outcomes(said) == [("c1", "answered")]


def test_a_caller_does_not_wait_beside_a_consult_for_ever() -> None:
    desk = desk_consulting()
    said = desk.wait(180.0)
    assert of(BringCallerIn, said) == [BringCallerIn("c1", desk.offer_of("ana"))]


def test_a_consult_that_does_not_come_about_gives_the_caller_back() -> None:
    desk = desk_talking()
    _ask(desk)
    desk.accept("bob")
    helper = desk.offer_of("bob")
    said = desk.wait(5.0)
    assert dismissed(said) == [(helper, "taken")]
    assert of(BringCallerIn, said) == [BringCallerIn("c1", desk.offer_of("ana"))]


def test_a_caller_who_cannot_be_brought_in_is_searched_for_first_of_all() -> None:
    desk = desk_consulting()
    desk.leg_ends("bob")
    desk.leg_ends("ana", "network")
    assert desk.state_of("c1") == "searching"


def test_only_the_time_with_the_caller_counts_as_talk() -> None:
    desk = desk_consulting()
    said = desk.hang_up("c1")
    report = next(one for one in said if type(one).__name__ == "ReportOutcome")
    assert report.talked_seconds == 60.0  # type: ignore[union-attr]


def test_shock_marked_by_the_listener_asks_those_who_are_there_for_it() -> None:
    shock = (Rung(0.0, {"lead": 1}, ring_at_once=2),)
    desk = desk_talking(shock_ladder=shock)
    said = desk.tell(events.HelpAsked(desk.offer_of("ana"), "shock"))
    assert {one.listener for one in of(RingListener, said)} == {"bob", "cleo"}
    assert desk.engine.state.calls["c1"].in_shock


def test_the_caller_stays_known_to_the_listener_and_not_to_the_helper() -> None:
    desk = desk_of_three()
    desk.leg_ends("ana")
    known = desk.engine.state.acquaintances.listener_of("hash-1", desk.now, 365.0)
    assert known == "ana"


def test_a_restart_in_a_consult_changes_nothing() -> None:
    desk = desk_consulting()
    legs = tuple(SeenOffer(desk.offer_of(name), name, "c1", "talking") for name in ("ana", "bob"))
    waiting = SeenCall("c1", "general", "hash-1", desk.now, "waiting")
    said = desk.resync((waiting,), legs)
    assert dismissed(said) == []
    assert rung(said) == []
    assert desk.state_of("c1") == "consulting"


def test_an_order_for_a_consult_that_was_lost_is_given_again() -> None:
    desk = desk_talking()
    _ask(desk)
    desk.accept("bob")
    ana, bob = desk.offer_of("ana"), desk.offer_of("bob")
    desk.tell(events.PbxLost())
    talking = SeenCall("c1", "general", "hash-1", desk.now, "talking", ana)
    legs = (
        SeenOffer(ana, "ana", "c1", "talking"),
        SeenOffer(bob, "bob", "c1", "accepted"),
    )
    assert of(StartConsult, desk.resync((talking,), legs)) == [StartConsult("c1", ana, bob)]


def test_two_who_are_found_conferring_without_a_journal_have_the_caller_brought_in() -> None:
    ordinary = replace(line(skills={"fr": 1}), senior_ladder=SENIORS)
    desk = Desk(rules(ordinary, listeners=PEOPLE))
    waiting = SeenCall("c1", "general", "hash-1", desk.now, "waiting")
    legs = (
        SeenOffer("dcr-old-1", "ana", "c1", "talking"),
        SeenOffer("dcr-old-2", "bob", "c1", "talking"),
    )
    said = desk.resync((waiting,), legs)
    assert dismissed(said) == []
    assert of(BringCallerIn, said) == [BringCallerIn("c1", "dcr-old-1")]


def test_three_who_are_found_talking_without_a_journal_are_left_to_it() -> None:
    ordinary = replace(line(skills={"fr": 1}), senior_ladder=SENIORS)
    desk = Desk(rules(ordinary, listeners=PEOPLE))
    talking = SeenCall("c1", "general", "hash-1", desk.now, "talking", "dcr-old-1")
    legs = (
        SeenOffer("dcr-old-1", "ana", "c1", "talking"),
        SeenOffer("dcr-old-2", "bob", "c1", "talking"),
    )
    said = desk.resync((talking,), legs)
    assert dismissed(said) == []
    assert (desk.doing("ana"), desk.doing("bob")) == ("talking", "talking")
