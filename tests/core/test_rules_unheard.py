"""A listener whose app has fallen silent: counted on less, and never left out."""

from __future__ import annotations

from router.core import events
from router.core.policy import Line, Rung, Skills
from router.core.presence_events import ListenerHeard, ListenerUnheard
from router.core.risk import next_call_miss_risk
from tests.core.drive import Desk, line, rules, rung
from tests.core.test_rules_width import AS_NEEDED, desk_of_many, teach

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}


def first_rung(*said: events.AnyEvent, of: Line | None = None) -> str:
    """Give whom a call is offered to first, of two who are alike, after ana came on first."""
    desk = Desk(rules(of or line(), listeners=TWO))
    for one in said:
        desk.tell(one)
    ((name, _), *_) = rung(desk.arrive("c1"))
    return name


def test_of_two_who_are_alike_the_one_who_is_heard_is_rung_first() -> None:
    assert first_rung() == "ana"
    assert first_rung(ListenerUnheard("ana")) == "bob"


def test_the_only_one_who_can_take_a_call_is_rung_all_the_same() -> None:
    only_ana = line(ladder=(Rung(0.0, {"fr": 1}),))
    desk = Desk(rules(only_ana, listeners={"ana": {"fr": 1}, "bob": {}}))
    desk.tell(ListenerUnheard("ana"))
    assert rung(desk.arrive("c1")) == [("ana", "c1")]


def test_an_app_that_is_back_is_counted_on_as_before() -> None:
    bob_rests = events.ListenerPaused("bob")
    assert first_rung(ListenerUnheard("ana"), ListenerHeard("ana"), bob_rests) == "ana"
    desk = Desk(rules(line(), listeners=TWO))
    desk.tell(ListenerUnheard("ana"))
    desk.tell(ListenerHeard("ana"))
    assert desk.engine.state.listeners["ana"].reluctance == 0


def test_a_phone_log_in_outranks_silence() -> None:
    desk = Desk(rules(line(), listeners=TWO))
    desk.tell(ListenerUnheard("ana"))
    desk.tell(events.ListenerCameOn("ana"))
    ana = desk.engine.state.listeners["ana"]
    assert (ana.reluctance, ana.trust) == (0, 1.0)


def test_more_phones_ring_where_those_who_are_asked_are_unheard() -> None:
    heard, unheard = desk_of_many(AS_NEEDED), desk_of_many(AS_NEEDED)
    for desk in (heard, unheard):
        teach(desk, takes=True)
    for name in unheard.engine.state.listeners:
        unheard.tell(ListenerUnheard(name))
    assert len(rung(unheard.arrive("c1"))) > len(rung(heard.arrive("c1")))


def test_an_app_that_dozes_wakes_nobody_who_is_on_call() -> None:
    desk, one = Desk(rules(listeners=TWO)), line()
    before = next_call_miss_risk(desk.engine.state, one, desk.now, 0.001, 900.0)
    for name in TWO:
        desk.tell(ListenerUnheard(name))
    assert next_call_miss_risk(desk.engine.state, one, desk.now, 0.001, 900.0) == before
