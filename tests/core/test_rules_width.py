"""How many phones ring at once, and when more do."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from router.core.seen import SeenCall
from tests.core.drive import START, Desk, line, results, rules, rung

AS_NEEDED = Line("general", ladder=(Rung(0.0, {}, ring_at_once=None),))
MANY = {f"l{number}": {} for number in range(12)}  # type: ignore[var-annotated]
DAY_SECONDS = 86_400.0


def desk_of_many(of: Line = AS_NEEDED) -> Desk:
    return Desk(rules(of, listeners=MANY))


def teach(desk: Desk, *, takes: bool) -> None:
    """Have everybody be known to take each ring, or hardly any."""
    for one in desk.engine.state.listeners.values():
        for day in range(60):
            at = START - DAY_SECONDS * day
            if takes:
                one.habit.took(at, at + 6.0)
            else:
                one.habit.missed(at)


def test_as_few_phones_ring_as_reach_the_target() -> None:
    assert 3 <= len(rung(desk_of_many().arrive("c1"))) <= 5


def test_one_who_always_answers_is_enough_and_those_who_seldom_do_are_not() -> None:
    sure, doubtful = desk_of_many(), desk_of_many()
    teach(sure, takes=True)
    teach(doubtful, takes=False)
    assert len(rung(sure.arrive("c1"))) <= 2
    assert len(rung(doubtful.arrive("c1"))) == len(MANY)


def test_a_bolder_target_rings_more_phones() -> None:
    ladder = AS_NEEDED.ladder
    modest = desk_of_many(Line("general", ladder=ladder, target_share=0.9))
    bold = desk_of_many(Line("general", ladder=ladder, target_share=0.999))
    assert len(rung(modest.arrive("c1"))) < len(rung(bold.arrive("c1")))


def test_while_nobody_answers_further_phones_ring() -> None:
    desk = desk_of_many()
    first = rung(desk.arrive("c1"))
    assert rung(desk.wait(1.9)) == []
    later = rung(desk.wait(8.0))
    assert later
    assert not {who for who, _ in first} & {who for who, _ in later}


def test_one_who_declines_is_made_up_for_at_once() -> None:
    desk = desk_of_many()
    first = rung(desk.arrive("c1"))
    assert len(rung(desk.tell(events.OfferDeclined(desk.offer_of(first[0][0]))))) == 1


def test_the_first_key_wins_and_for_the_others_it_is_no_miss() -> None:
    desk = desk_of_many()
    (winner, _), *others = rung(desk.arrive("c1"))
    said = desk.accept(winner)
    assert sorted(results(said)) == sorted((who, "lost_race") for who, _ in others)
    for who, _ in others:
        desk.leg_ends(who)
        assert desk.doing(who) == "free"
        assert desk.engine.state.listeners[who].misses == 0


def test_each_caller_has_a_phone_before_anybody_has_a_second_one() -> None:
    people = {"ana": {}, "bob": {}, "cleo": {}}  # type: ignore[var-annotated]
    desk = Desk(rules(AS_NEEDED, listeners=people), on=())
    for call in ("c1", "c2"):
        desk.arrive(call)
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "c1")]
    assert rung(desk.tell(events.ListenerCameOn("bob"))) == [("bob", "c2")]
    assert rung(desk.tell(events.ListenerCameOn("cleo"))) == [("cleo", "c1")]


def test_callers_who_are_found_waiting_together_each_have_a_phone_first() -> None:
    desk = Desk(rules(AS_NEEDED, listeners={"ana": {}, "bob": {}, "cleo": {}}))
    waiting = (
        SeenCall("c1", "general", None, START - 9.0, "waiting"),
        SeenCall("c2", "general", None, START - 5.0, "waiting"),
    )
    assert {call for _, call in rung(desk.resync(waiting))[:2]} == {"c1", "c2"}


def test_who_was_rung_in_vain_too_often_within_the_hour_is_asked_after_the_others() -> None:
    two_at_once = line(ladder=(Rung(0.0, {}, ring_at_once=2),))
    desk = Desk(rules(two_at_once, listeners={"ana": {}, "bob": {}, "cleo": {}}))
    for number in range(12):
        call = f"c{number}"
        ringing = [who for who, _ in rung(desk.arrive(call))]
        assert ringing
        # Whoever is not ana wins whenever there is a choice.
        winner = next((who for who in ringing if who != "ana"), "ana")
        desk.talk(winner)
        for who in ringing:
            if who != winner:
                desk.leg_ends(who)
        desk.hang_up(call)
        desk.leg_ends(winner)
        desk.wait(40.0)
    assert desk.engine.state.listeners["ana"].reluctance > 0


@pytest.mark.parametrize("ring_at_once", [EVERYBODY, None])
def test_on_the_last_rung_everybodys_phone_rings(ring_at_once: int | None) -> None:
    ladder = (Rung(0.0, {}, ring_at_once=ring_at_once), Rung(45.0, {}, EVERYBODY))
    policy = Policy(
        {"general": Line("general", ladder=ladder, fallback_after_seconds=900.0)},
        {name: Listener(name, {}) for name in MANY},
    )
    desk = Desk(policy)
    ringing = {who for who, _ in rung(desk.arrive("c1"))}
    ringing |= {who for who, _ in rung(desk.wait(46.0))}
    assert ringing == set(MANY)
