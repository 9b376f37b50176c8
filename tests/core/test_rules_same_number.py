"""Many calls of one number at a time: some stand where they came, the others behind everybody."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import events
from router.core.engine import Engine
from router.core.policy import EVERYBODY, Rung, Skills
from tests.core.drive import Desk, line, rules, rung

WARD = "hash-ward"
ALL = (Rung(0.0, {}, ring_at_once=EVERYBODY),)
THREE: dict[str, Skills] = {"ana": {}, "bob": {}, "cleo": {}}


def desk(*, on: tuple[str, ...] = (), ladder: tuple[Rung, ...] = ()) -> Desk:
    """Give a desk at which two calls of one number stand in line."""
    policy = replace(rules(line(ladder=ladder), listeners=THREE), calls_per_number=2)
    return Desk(policy, on=on)


def ward_calls(here: Desk, *calls: str) -> None:
    for call in calls:
        here.arrive(call, caller=WARD)


def served(here: Desk) -> list[str]:
    """Have one listener take a call after the other; give which."""
    order = []
    here.tell(events.ListenerCameOn("ana"))
    while here.engine.state.calls:
        here.wait(1.0)
        here.talk("ana")
        call = here.engine.state.offers[here.offer_of("ana")].call
        order.append(call)
        here.hang_up(call)
        here.leg_ends("ana")
        here.wait(here.engine.state.policy.care.wrap_up_seconds)
    return order


def test_whoever_calls_after_them_is_served_before_the_third_of_one_number() -> None:
    here = desk()
    ward_calls(here, "w1", "w2", "w3", "w4")
    here.arrive("c1", caller="hash-1")
    here.arrive("c2")
    assert served(here) == ["w1", "w2", "c1", "c2", "w3", "w4"]


def test_the_next_joins_the_line_at_its_end_as_one_of_its_number_is_over() -> None:
    here = desk()
    ward_calls(here, "w1", "w2", "w3", "w4")
    here.arrive("c1", caller="hash-1")
    here.wait(1.0)
    here.hang_up("w1")
    here.wait(1.0)
    here.arrive("c2")
    assert served(here) == ["w2", "c1", "w3", "c2", "w4"]


def test_who_is_in_shock_is_served_before_everybody_whatever_the_number() -> None:
    here = desk()
    ward_calls(here, "w1", "w2", "w3")
    here.arrive("c1", caller="hash-1")
    here.tell(events.CallerInShock("w3"))
    assert served(here) == ["w3", "w1", "w2", "c1"]


def test_and_has_as_many_phones_as_the_line_gives() -> None:
    here = desk(ladder=ALL)
    ward_calls(here, "w1", "w2", "w3")
    for call in ("w1", "w2"):
        here.tell(events.FallbackBegan(call, "general", WARD, here.now))
    here.tell(events.CallerInShock("w3"))
    said = here.tell(*(events.ListenerCameOn(name) for name in THREE))
    assert sorted(rung(said)) == [(name, "w3") for name in THREE]


def test_while_others_are_free_nobody_waits_for_the_number_they_call_from() -> None:
    here = desk(on=("ana", "bob", "cleo"))
    ward_calls(here, "w1", "w2", "w3")
    assert sorted(call for _, call in rung(here.said)) == ["w1", "w2", "w3"]


def test_those_who_stand_aside_have_one_phone_each_however_many_could_ring() -> None:
    here = desk(ladder=ALL)
    ward_calls(here, "w1", "w2", "w3")
    here.hang_up("w2")
    here.tell(*(events.ListenerCameOn(name) for name in THREE))
    assert sorted(call for _, call in rung(here.said)) == ["w1", "w1", "w3"]


def test_callers_who_show_no_number_are_not_of_one_number() -> None:
    here = desk()
    for call in ("c1", "c2", "c3"):
        here.arrive(call)
    here.arrive("c4", caller="hash-1")
    assert served(here) == ["c1", "c2", "c3", "c4"]


def test_without_the_rule_all_stand_where_they_came() -> None:
    here = Desk(rules(listeners=THREE), on=())
    ward_calls(here, "w1", "w2", "w3", "w4")
    here.arrive("c1", caller="hash-1")
    assert served(here) == ["w1", "w2", "w3", "w4", "c1"]


def test_an_engine_that_is_restored_knows_of_which_number_each_is() -> None:
    here = desk()
    ward_calls(here, "w1", "w2", "w3")
    here.engine = Engine.restore(here.engine.snapshot())
    ward_calls(here, "w4")
    here.arrive("c1", caller="hash-1")
    assert served(here) == ["w1", "w2", "c1", "w3", "w4"]
