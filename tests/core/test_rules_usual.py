"""The listener whom a caller knows, and the keys that a caller may press."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import OfferChoice, RingListener
from router.core.invariants import violations
from router.core.machine import EventRefused
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung, Skills
from tests.core.drive import Desk, of, results, rung

PEOPLE: dict[str, Skills] = {
    "ana": {"fr": 1},
    "bob": {"fr": 1},
    "cleo": {"fr": 1, "en": 1},
    "dr": {"shock": 1, "fr": 1},
}
CALLER = "hash-7"


AS_NEEDED = (Rung(0.0, {"fr": 1}, None),)


def desk(ladder: tuple[Rung, ...] = AS_NEEDED, *, same_listener_seconds: float = 10.0) -> Desk:
    shock = (Rung(0.0, {"shock": 1}, None), Rung(20.0, {}, EVERYBODY))
    general = Line(
        "general",
        ladder=ladder,
        shock_ladder=shock,
        same_listener_seconds=same_listener_seconds,
    )
    listeners = {name: Listener(name, skills) for name, skills in PEOPLE.items()}
    return Desk(Policy({"general": general}, listeners))


def desk_where_they_know_each_other(*, same_listener_seconds: float = 10.0) -> Desk:
    """Give a desk where the caller has talked with bob."""
    here = desk(same_listener_seconds=same_listener_seconds)
    here.arrive("before", caller=CALLER)
    here.tell(events.CallerAskedFor("before", "bob"))
    for who in ("ana", "cleo", "dr"):
        if here.engine.state.listeners[who].offer is not None:
            here.leg_ends(who)
    here.talk("bob")
    here.hang_up("before")
    here.leg_ends("bob")
    here.wait(60.0)
    return here


def test_who_is_known_is_rung_alone_for_a_while_and_then_the_others_too() -> None:
    here = desk_where_they_know_each_other()
    (ring,) = of(RingListener, here.arrive("c1", caller=CALLER))
    assert (ring.listener, ring.known_caller) == ("bob", True)
    assert rung(here.wait(9.9)) == []
    assert {who for who, _ in rung(here.wait(0.2))} == {"ana", "cleo", "dr"}
    assert here.doing("bob") == "offered"


def test_no_longer_than_the_lines_ceiling() -> None:
    here = desk_where_they_know_each_other(same_listener_seconds=4.0)
    here.arrive("c1", caller=CALLER)
    assert rung(here.wait(3.9)) == []
    assert rung(here.wait(0.2))


def test_one_who_declines_the_caller_they_know_leaves_them_to_the_others_at_once() -> None:
    here = desk_where_they_know_each_other()
    here.arrive("c1", caller=CALLER)
    assert rung(here.tell(events.OfferDeclined(here.offer_of("bob"))))


def test_one_who_is_off_duty_is_not_waited_for() -> None:
    here = desk_where_they_know_each_other()
    here.tell(events.ListenerWentOff("bob"))
    assert "bob" not in {who for who, _ in rung(here.arrive("c1", caller=CALLER))}
    assert here.engine.state.calls["c1"].offers


def test_a_withheld_number_knows_nobody_and_a_code_brings_the_listener_asked_for() -> None:
    here = desk()
    ringing = {who for who, _ in rung(here.arrive("c1"))}
    assert len(ringing) > 1
    here.wait(1.0)
    said = here.tell(events.CallerAskedFor("c1", "bob"))
    if "bob" in ringing:
        assert here.doing("bob") == "offered"
    else:
        assert rung(said) == [("bob", "c1")]


def test_a_code_lets_the_other_phones_fall_silent() -> None:
    here = desk(ladder=(Rung(0.0, {"fr": 1}, 1),))
    ((first, _),) = rung(here.arrive("c1"))
    other = "cleo" if first != "cleo" else "bob"
    said = here.tell(events.CallerAskedFor("c1", other))
    assert results(said) == [(first, "withdrawn")]
    assert rung(said) == [(other, "c1")]


def busy_usual() -> Desk:
    here = desk_where_they_know_each_other()
    here.arrive("c1")
    here.tell(events.CallerAskedFor("c1", "bob"))
    here.talk("bob")
    here.wait(30.0)
    return here


def test_a_caller_whose_listener_is_busy_may_choose_while_the_search_goes_on() -> None:
    here = busy_usual()
    assert rung(here.arrive("c2"))
    said = here.tell(events.CallerAskedFor("c2", "bob"))
    assert [one.call for one in of(OfferChoice, said)] == ["c2"]
    assert here.engine.state.calls["c2"].offers


def test_who_chose_to_wait_gets_that_listener_and_nobody_else() -> None:
    here = busy_usual()
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    assert rung(here.wait(200.0)) == []
    here.hang_up("c1")
    here.leg_ends("bob")
    assert rung(here.wait(31.0)) == [("bob", "c2")]


def test_who_waits_for_a_listener_who_leaves_is_searched_for_again() -> None:
    here = busy_usual()
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    here.wait(20.0)
    assert rung(here.tell(events.ListenerWentOff("bob")))


def test_nobody_waits_for_one_listener_for_ever() -> None:
    here = busy_usual()
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    assert rung(here.wait(599.0)) == []
    assert rung(here.wait(2.0))


def test_who_wants_anybody_after_all_has_them_at_once() -> None:
    here = busy_usual()
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    here.wait(20.0)
    assert rung(here.tell(events.CallerChose("c2", "another")))


def test_a_caller_in_shock_goes_first_and_to_those_who_are_there_for_it() -> None:
    here = desk()
    for name in PEOPLE:
        here.tell(events.ListenerWentOff(name))
    here.arrive("c1")
    here.wait(5.0)
    here.arrive("c2")
    here.tell(events.CallerInShock("c2"))
    assert rung(here.tell(events.ListenerCameOn("dr"))) == [("dr", "c2")]


def test_another_language_brings_whoever_speaks_it() -> None:
    here = desk()
    here.arrive("c1")
    said = here.tell(events.CallerChoseSkills("c1", {"en": 1}, ("fr",)))
    for who in ("ana", "bob", "dr"):
        if here.engine.state.listeners[who].offer is not None:
            said += here.leg_ends(who)
    ringing = {here.engine.state.offers[name].listener for name in here.engine.state.offers}
    assert ringing == {"cleo"}


def test_a_key_that_comes_too_late_changes_nothing() -> None:
    here = desk()
    ((first, _), *_) = rung(here.arrive("c1"))
    here.talk(first)
    for event in (events.CallerInShock("c1"), events.CallerAskedFor("c1", "cleo")):
        with pytest.raises(EventRefused):
            here.engine.step(event, here.now)
    assert here.state_of("c1") == "talking"


def test_one_who_seldom_answers_at_that_hour_is_rung_first_and_the_others_along_with_them() -> None:
    here = desk_where_they_know_each_other()
    for number in range(40):
        here.engine.state.listeners["bob"].habit.missed(here.now - 86_400.0 * number)
    ringing = [who for who, _ in rung(here.arrive("c1", caller=CALLER))]
    assert ringing[0] == "bob"
    assert len(ringing) > 1


def test_a_code_of_one_whose_phone_rings_already_leaves_that_phone_alone() -> None:
    here = desk()
    (kept, _), *others = rung(here.arrive("c1"))
    said = here.tell(events.CallerAskedFor("c1", kept))
    assert sorted(results(said)) == sorted((who, "withdrawn") for who, _ in others)
    assert here.doing(kept) == "offered"


def test_a_caller_in_shock_waits_for_nobody_alone() -> None:
    here = desk_where_they_know_each_other()
    assert [who for who, _ in rung(here.arrive("c1", caller=CALLER))] == ["bob"]
    assert "dr" in {who for who, _ in rung(here.tell(events.CallerInShock("c1")))}


def test_nobody_is_kept_for_a_listener_who_has_left() -> None:
    here = busy_usual()
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.ListenerWentOff("bob"))
    here.tell(events.CallerChose("c2", "wait"))
    assert not here.engine.state.calls["c2"].is_kept_for_usual
    assert here.engine.state.calls["c2"].offers


def test_who_waits_for_a_listener_whom_new_rules_no_longer_name_is_searched_for_again() -> None:
    here = busy_usual()
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    here.wait(20.0)
    rules_now = here.engine.state.policy
    others = {name: one for name, one in rules_now.listeners.items() if name != "bob"}
    assert rung(here.tell(events.PolicyLoaded(Policy(rules_now.lines, others))))


def test_a_choice_to_wait_stands_when_somebody_who_had_picked_up_presses_nothing() -> None:
    here = busy_usual()
    ((first, _), *_) = rung(here.arrive("c2"))
    here.pick_up(first)
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    here.leg_ends(first)
    assert here.engine.state.calls["c2"].is_kept_for_usual
    assert rung(here.wait(60.0)) == []


def test_a_code_while_somebody_has_picked_up_leaves_nobody_waiting_for_nothing() -> None:
    here = desk(ladder=(Rung(0.0, {"fr": 1}, 1),))
    ((first, _),) = rung(here.arrive("c1"))
    here.pick_up(first)
    other = "cleo" if first != "cleo" else "bob"
    here.tell(events.CallerAskedFor("c1", other))
    assert not here.engine.state.calls["c1"].is_kept_for_usual
    assert rung(here.leg_ends(first)) == [(other, "c1")]


def test_another_language_leaves_the_phones_of_those_who_speak_it_ringing() -> None:
    here = desk()
    here.arrive("c1")
    here.tell(events.CallerAskedFor("c1", "cleo"))
    ringing = here.offer_of("cleo")
    here.tell(events.CallerChoseSkills("c1", {"en": 1}, ("fr",)))
    assert here.offer_of("cleo") == ringing
    assert here.engine.state.offers[ringing].state == "ringing"


def test_what_is_kept_is_told_as_wrong_where_it_can_never_come() -> None:
    here = busy_usual()
    here.arrive("c2")
    call = here.engine.state.calls["c2"]
    call.is_kept_for_usual, call.usual = True, "nobody"
    assert any("who is not there" in words for words in violations(here.engine.state))
