"""Who is rung for whom: skills with levels, least flexible first, then the longest idle."""

from __future__ import annotations

from msgspec.structs import replace

from router.core import events
from router.core.commands import AnyCommand, RingListener
from router.core.policy import Care, Rung, Skills
from tests.core.drive import Desk, line, of, rules, rung, seen_call


def test_a_listener_below_the_level_asked_is_not_rung() -> None:
    desk = Desk(rules(line(skills={"health": 2}), listeners={"junior": {"health": 1}}))
    assert rung(desk.arrive("c1")) == []


def test_a_listener_at_the_level_asked_is_rung() -> None:
    desk = Desk(rules(line(skills={"health": 2}), listeners={"ana": {"health": 2}}))
    assert rung(desk.arrive("c1")) == [("ana", "c1")]


def test_every_skill_asked_must_be_there() -> None:
    asked = {"health": 2, "fr": 1}
    people = {"half": {"health": 3}, "whole": {"health": 2, "fr": 1}}
    desk = Desk(rules(line(skills=asked), listeners=people))
    assert rung(desk.arrive("c1")) == [("whole", "c1")]


def test_the_least_flexible_is_rung_first_so_that_rare_skills_are_kept() -> None:
    lines = line("general", {"fr": 1}), line("police", {"fr": 1, "police": 1})
    people = {"rare": {"fr": 1, "police": 1}, "plain": {"fr": 1}}
    desk = Desk(rules(*lines, listeners=people))
    assert rung(desk.arrive("c1")) == [("plain", "c1")]
    assert rung(desk.arrive("c2", on="police")) == [("rare", "c2")]


def test_of_several_who_come_free_at_once_nobody_is_taken_from_a_call_that_stands_before() -> None:
    lines = [line("general"), line("french", {"fr": 1}), line("english", {"en": 1})]
    people: dict[str, Skills] = {"ana": {"fr": 1, "en": 1}, "dan": {"police": 1}}
    policy = rules(*lines, line("police", {"police": 1}), listeners=people)
    desk = Desk(replace(policy, care=Care(wrap_up_seconds=0.0)))
    for call, on in (("t1", "french"), ("t2", "police")):
        desk.arrive(call, on=on)
    for listener in people:
        desk.talk(listener)
    desk.arrive("first", on="police")
    desk.wait(1.0)
    desk.arrive("second")
    desk.tell(events.PbxLost())
    seen = (replace(seen_call("first"), line="police"), seen_call("second"))
    # Ana, who comes free first, could take the second alone; the first has nobody but Dan.
    assert sorted(rung(desk.resync(seen))) == [("ana", "second"), ("dan", "first")]


def test_among_those_who_serve_as_many_lines_the_lower_levels_go_first() -> None:
    people = {"senior": {"fr": 3}, "junior": {"fr": 1}}
    desk = Desk(rules(line(skills={"fr": 1}), listeners=people))
    assert rung(desk.arrive("c1")) == [("junior", "c1")]


def test_among_equals_the_longest_idle_is_rung() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}, "cleo": {}}), on=("cleo", "ana", "bob"))
    said = [*desk.arrive("c1"), *desk.arrive("c2"), *desk.arrive("c3")]
    assert rung(said) == [("cleo", "c1"), ("ana", "c2"), ("bob", "c3")]


def test_a_lost_race_puts_a_listener_behind_those_who_waited_longer() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}}))
    desk.arrive("c1")
    desk.hang_up("c1")
    desk.leg_ends("ana")
    assert rung(desk.arrive("c2")) == [("bob", "c2")]


def test_a_listener_has_one_call_and_the_next_caller_waits() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    assert rung(desk.arrive("c1")) == [("ana", "c1")]
    assert rung(desk.arrive("c2")) == []
    desk.talk("ana")
    assert rung(desk.arrive("c3")) == []


def test_whoever_becomes_free_gets_the_caller_who_has_waited_longest() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    for call in ("c1", "c2"):
        desk.arrive(call)
        desk.wait(1.0)
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "c1")]


def test_a_listener_passes_over_a_caller_whom_they_cannot_serve() -> None:
    lines = line("police", {"police": 1}), line("general")
    desk = Desk(rules(*lines, listeners={"ana": {}}), on=())
    desk.arrive("c1", on="police")
    desk.arrive("c2")
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "c2")]


def test_a_line_that_the_config_does_not_name_is_served_by_anybody() -> None:
    desk = Desk(rules(line("general", {"fr": 1}), listeners={"ana": {}}))
    assert rung(desk.arrive("c1", on="forgotten")) == [("ana", "c1")]


def test_a_rung_is_reached_by_the_calls_own_clock() -> None:
    ladder = (Rung(0.0, {"health": 2}), Rung(10.0, {"health": 1}), Rung(30.0, {}))
    people: dict[str, Skills] = {"any": {}, "junior": {"health": 1}, "busy": {"health": 2}}
    desk = Desk(rules(line(ladder=ladder), listeners=people))
    desk.arrive("c0")
    desk.talk("busy")
    assert rung(desk.arrive("c1")) == []
    assert rung(desk.wait(9.9)) == []
    assert rung(desk.wait(0.2)) == [("junior", "c1")]
    assert rung(desk.arrive("c2")) == []
    desk.tell(events.OfferDeclined(desk.offer_of("junior")))
    assert rung(desk.wait(19.8)) == []
    assert rung(desk.wait(0.2)) == [("any", "c1")]


def test_of_two_callers_whose_rung_comes_in_one_awakening_the_first_in_line_is_rung_for() -> None:
    lines = [
        line(name, ladder=(Rung(0.0, {name: 1}), Rung(10.0, {}))) for name in ("general", "health")
    ]
    people: dict[str, Skills] = {"any": {}, "expert": {"health": 1}, "busy": {"general": 1}}
    desk = Desk(rules(*lines, listeners=people))
    desk.arrive("c0")
    desk.talk("busy")
    desk.arrive("c1")
    desk.wait(1.0)
    desk.arrive("cut_off", on="health")
    desk.talk("expert")
    desk.leg_ends("expert", "network")
    desk.now += 11.0
    assert rung(desk.tell(events.TimeReached())) == [("any", "cut_off")]


def test_a_caller_adopted_late_starts_on_the_rung_of_its_wait() -> None:
    ladder = (Rung(0.0, {"health": 2}), Rung(10.0, {}))
    desk = Desk(rules(line(ladder=ladder), listeners={"any": {}}))
    said = desk.tell(events.CallWaiting("c1", "general", None, desk.now - 12.0))
    assert rung(said) == [("any", "c1")]


def test_a_rung_after_a_wait_that_no_float_holds_exactly_is_reached_once() -> None:
    """The wait, taken as a difference of epoch seconds, can be just below the rung."""
    ladder = (Rung(0.0, {"health": 1}), Rung(10.1, {}))
    for tenth in range(20):
        desk = Desk(rules(line(ladder=ladder), listeners={"any": {}, "busy": {"health": 1}}))
        desk.arrive("c0")
        desk.talk("busy")
        desk.wait(0.123 + tenth / 10)
        desk.arrive("c1")
        step_at = desk.engine.next_deadline()
        assert step_at is not None
        desk.now = step_at
        assert rung(desk.tell(events.TimeReached())) == [("any", "c1")]


def test_a_caller_is_shown_as_known_to_whom_they_last_talked_with_and_to_nobody_else() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}}))
    desk.arrive("c1", caller="hash-1")
    desk.talk("ana")
    shown = [
        (one.listener, one.known_caller)
        for call, caller in (("c2", "hash-1"), ("c3", "hash-2"), ("c4", None))
        for one in of(RingListener, [*desk.arrive(call, caller=caller), *_free_bob(desk, call)])
    ]
    assert shown == [("bob", False)] * 3
    desk.hang_up("c1")
    desk.leg_ends("ana")
    desk.tell(events.ListenerCameOn("ana"))
    (ring,) = of(RingListener, desk.arrive("c5", caller="hash-1"))
    assert (ring.listener, ring.known_caller) == ("ana", True)


def test_a_caller_is_forgotten_after_the_days_that_the_rules_say() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}}))
    desk.arrive("c1", caller="hash-1")
    desk.talk("ana")
    desk.hang_up("c1")
    desk.leg_ends("ana")
    desk.tell(events.ListenerPaused("bob"))
    desk.wait(366 * 86_400.0)
    assert [one.known_caller for one in of(RingListener, desk.arrive("c2", caller="hash-1"))] == [
        False
    ]


def _free_bob(desk: Desk, call: str) -> list[AnyCommand]:
    desk.hang_up(call)
    return desk.leg_ends("bob")
