"""What may come of an offer, and what each result does to the listener."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import OfferResult, RingListener
from router.core.events import FailureReason, LegEnd
from router.core.policy import Care, Rung, Skills
from tests.core.drive import Desk, dismissed, line, of, outcomes, results, rules, rung

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}
BOTH_AT_ONCE = line(ladder=(Rung(0.0, {}, ring_at_once=2),))


def desk_ringing() -> Desk:
    """Give a desk where ana rings for c1 and bob is next."""
    desk = Desk(rules(listeners=TWO))
    assert rung(desk.arrive("c1")) == [("ana", "c1")]
    return desk


def test_a_phone_that_rings_too_long_is_withdrawn_and_the_next_one_rings() -> None:
    desk = desk_ringing()
    offer = desk.offer_of("ana")
    said = desk.wait(20.0)
    assert results(said) == [("ana", "no_answer")]
    assert dismissed(said) == [(offer, "timeout")]
    assert rung(said) == [("bob", "c1")]


@pytest.mark.parametrize(
    ("how", "result"),
    [
        ("busy", "busy"),
        ("no_answer", "no_answer"),
        ("rejected", "declined"),
        ("unreachable", "unreachable"),
        ("network", "unreachable"),
        ("hung_up", "no_answer"),
    ],
)
def test_a_ringing_leg_that_ends_passes_the_call_on(how: LegEnd, result: OfferResult) -> None:
    desk = desk_ringing()
    said = desk.leg_ends("ana", how)
    assert results(said) == [("ana", result)]
    assert rung(said) == [("bob", "c1")]
    assert desk.doing("ana") == "resting"


@pytest.mark.parametrize("reason", ["no_answer", "busy", "unreachable", "refused"])
def test_an_offer_that_fails_passes_the_call_on(reason: FailureReason) -> None:
    desk = desk_ringing()
    said = desk.tell(events.OfferFailed(desk.offer_of("ana"), reason))
    assert results(said) == [("ana", reason)]
    assert rung(said) == [("bob", "c1")]
    assert desk.doing("ana") == "resting"


def test_a_decline_passes_the_call_on_and_rests_for_the_short_time_only() -> None:
    desk = desk_ringing()
    desk.pick_up("ana")
    said = desk.tell(events.OfferDeclined(desk.offer_of("ana")))
    assert results(said) == [("ana", "declined")]
    assert rung(said) == [("bob", "c1")]
    desk.leg_ends("ana")
    assert desk.engine.state.listeners["ana"].misses == 0
    desk.talk("bob")
    desk.wait(19.0)
    assert desk.doing("ana") == "resting"
    desk.wait(1.0)
    assert desk.doing("ana") == "free"


def test_a_voicemail_that_picks_up_and_presses_no_key_has_not_answered() -> None:
    desk = desk_ringing()
    desk.pick_up("ana")
    said = desk.wait(15.0)
    assert results(said) == [("ana", "no_key")]
    assert rung(said) == [("bob", "c1")]


def test_a_voicemail_that_hangs_up_by_itself_has_pressed_no_key() -> None:
    desk = desk_ringing()
    desk.pick_up("ana")
    assert results(desk.leg_ends("ana")) == [("ana", "no_key")]


def test_the_dialplans_own_word_that_no_key_came_is_believed() -> None:
    desk = desk_ringing()
    desk.pick_up("ana")
    said = desk.tell(events.OfferFailed(desk.offer_of("ana"), "no_key"))
    assert results(said) == [("ana", "no_key")]
    assert desk.doing("ana") == "offered"
    desk.leg_ends("ana")
    assert desk.doing("ana") == "resting"


def test_a_caller_who_leaves_while_a_phone_rings_stops_it_and_is_no_miss() -> None:
    desk = desk_ringing()
    offer = desk.offer_of("ana")
    said = desk.hang_up("c1")
    assert dismissed(said) == [(offer, "caller_left")]
    assert results(said) == [("ana", "caller_left")]
    assert outcomes(said) == [("c1", "left_early")]
    desk.leg_ends("ana", "no_answer")
    assert desk.doing("ana") == "free"
    assert desk.engine.state.listeners["ana"].misses == 0


def test_a_withdrawn_listener_is_rung_again_only_when_the_leg_is_gone() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.hang_up("c1")
    assert rung(desk.arrive("c2")) == []
    assert rung(desk.leg_ends("ana")) == [("ana", "c2")]


def test_a_withdrawn_leg_that_is_never_heard_of_again_does_not_hold_its_listener_for_ever() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.hang_up("c1")
    desk.arrive("c2")
    assert rung(desk.wait(11.9)) == []
    assert rung(desk.wait(0.1)) == [("ana", "c2")]


def test_with_ring_at_once_two_phones_ring_and_the_first_key_wins() -> None:
    desk = Desk(rules(BOTH_AT_ONCE, listeners=TWO))
    assert rung(desk.arrive("c1")) == [("ana", "c1"), ("bob", "c1")]
    loser = desk.offer_of("ana")
    said = desk.accept("bob")
    assert dismissed(said) == [(loser, "taken")]
    assert results(said) == [("ana", "lost_race")]
    assert desk.state_of("c1") == "connecting"


def test_a_key_pressed_after_somebody_else_took_the_call_changes_nothing() -> None:
    desk = Desk(rules(BOTH_AT_ONCE, listeners=TWO))
    desk.arrive("c1")
    late = desk.offer_of("ana")
    desk.talk("bob")
    assert desk.tell(events.ListenerPickedUp(late), events.OfferAccepted(late)) == []
    assert desk.state_of("c1") == "talking"
    desk.leg_ends("ana")
    assert desk.doing("ana") == "free"
    assert desk.engine.state.listeners["ana"].misses == 0


@pytest.mark.parametrize(
    "late", [events.ListenerRang, events.ListenerPickedUp, events.OfferAccepted]
)
def test_a_leg_of_ours_that_nobody_knows_any_more_is_sent_away(
    late: type[events.ListenerRang],
) -> None:
    desk = Desk(rules(listeners=TWO))
    assert dismissed(desk.tell(late("dcr-old-7"))) == [("dcr-old-7", "unknown")]


def test_missed_rings_rest_a_listener_longer_each_time_and_never_for_ever() -> None:
    desk = Desk(rules(line(), listeners={"ana": {}}))
    desk.arrive("c1")
    rests = []
    for _ in range(6):
        desk.leg_ends("ana", "no_answer")
        assert desk.doing("ana") == "resting"
        missed_at = desk.now
        while desk.doing("ana") == "resting":
            due = desk.engine.next_deadline()
            assert due is not None
            desk.wait(due - desk.now)
        rests.append(desk.now - missed_at)
    assert rests == [20.0, 60.0, 180.0, 600.0, 600.0, 600.0]


def test_an_accepted_call_makes_the_next_rest_short_again() -> None:
    desk = Desk(rules(listeners={"ana": {}}, care=Care(wrap_up_seconds=0.0)))
    desk.arrive("c1")
    desk.leg_ends("ana", "no_answer")
    desk.wait(20.0)
    desk.talk("ana")
    desk.hang_up("c1")
    desk.leg_ends("ana")
    desk.wait(0.0)
    desk.arrive("c2")
    desk.leg_ends("ana", "no_answer")
    assert desk.engine.state.listeners["ana"].deadline == desk.now + 20.0


def test_a_resting_listener_who_says_ready_is_rung_at_once_with_a_clean_slate() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.leg_ends("ana", "no_answer")
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "c1")]
    assert desk.engine.state.listeners["ana"].misses == 0


@pytest.mark.parametrize("how", ["lost_race", "caller_left"])
def test_a_phone_that_was_silenced_has_a_moment_before_it_rings_again(how: str) -> None:
    """On a mobile network the end of one ring and the begin of the next can pass each other."""
    desk = Desk(rules(BOTH_AT_ONCE, listeners=TWO, care=Care(between_rings_seconds=2.0)))
    desk.arrive("c1")
    if how == "lost_race":
        desk.talk("bob")
    else:
        desk.hang_up("c1")
    desk.leg_ends("ana")
    assert rung(desk.arrive("c2")) == []
    assert desk.engine.state.listeners["ana"].misses == 0
    assert rung(desk.wait(1.9)) == []
    assert ("ana", "c2") in rung(desk.wait(0.2))


def test_no_offers_name_begins_with_anothers() -> None:
    """Asterisk's Bridge takes the first leg whose id begins with the one that it is told."""
    desk = Desk(rules(BOTH_AT_ONCE, listeners=TWO))
    names: list[str] = []
    for at in range(12):
        names += [one.offer for one in of(RingListener, desk.arrive(f"c{at}"))]
        desk.hang_up(f"c{at}")
        desk.leg_ends("ana")
        desk.leg_ends("bob")
    assert len(names) > 20
    assert not [one for one in names for other in names if one != other and one.startswith(other)]
