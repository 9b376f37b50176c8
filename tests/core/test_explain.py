"""Why a listener was rung for a call, and every other one was not."""

from __future__ import annotations

from router.core import events
from router.core.policy import Rung
from tests.core.drive import Desk, line, rules

PEOPLE = {
    "off": {"fr": 2},
    "paused": {"fr": 2},
    "rings": {"fr": 1},
    "talks": {"fr": 1},
    "wraps": {"fr": 1},
    "rests": {"fr": 1},
    "lacks": {"fr": 1},
    "best": {"fr": 2},
    "flexible": {"fr": 3},
}


def desk_with_one_of_each() -> Desk:
    desk = Desk(rules(line(), line("demanding", {"fr": 2}), listeners=PEOPLE), on=())
    for name in ("rings", "talks", "wraps", "rests"):
        desk.tell(events.ListenerCameOn(name))
        desk.arrive(f"for_{name}")
    desk.talk("talks")
    desk.talk("wraps")
    desk.hang_up("for_wraps")
    desk.leg_ends("wraps")
    desk.leg_ends("rests", "busy")
    desk.hang_up("for_rests")
    for name in ("paused", "lacks", "best", "flexible"):
        desk.tell(events.ListenerCameOn(name))
    desk.tell(events.ListenerPaused("paused"))
    return desk


def test_every_listener_is_named_with_why_they_were_rung_or_not() -> None:
    desk = desk_with_one_of_each()
    decisions = desk.engine.watch("c1")
    desk.arrive("c1", on="demanding")
    (decision,) = decisions
    assert {one.listener: one.verdict for one in decision.reasons} == {
        "off": "off_duty",
        "paused": "paused",
        "rings": "ringing",
        "talks": "talking",
        "wraps": "wrap_up",
        "rests": "resting",
        "lacks": "lacks_skill",
        "best": "chosen",
        "flexible": "ranked_lower",
    }


def test_a_lacking_skill_is_told_with_both_levels() -> None:
    desk = Desk(rules(line(skills={"fr": 2, "health": 1}), listeners={"ana": {"fr": 1}}))
    decisions = desk.engine.watch("c1")
    desk.arrive("c1")
    assert decisions[0].reasons[0].detail == "fr 1 < 2, health 0 < 1"


def test_one_who_rings_is_told_with_the_offer_that_holds_them() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    decisions = desk.engine.watch("c2")
    desk.arrive("c2")
    assert decisions[0].reasons[0].detail == f"offer {desk.offer_of('ana')}"


def test_each_look_is_told_with_its_rung_and_wait() -> None:
    ladder = (Rung(0.0, {"fr": 9}), Rung(10.0, {}))
    desk = Desk(rules(line(ladder=ladder), listeners={"ana": {}, "busy": {"fr": 9}}))
    desk.arrive("c0")
    desk.talk("busy")
    decisions = desk.engine.watch("c1")
    desk.arrive("c1")
    desk.wait(10.0)
    assert [(one.rung, one.waited_seconds, one.asked) for one in decisions] == [
        (0, 0.0, {"fr": 9}),
        (1, 10.0, {}),
    ]


def test_only_the_call_that_is_watched_is_told_of() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    decisions = desk.engine.watch("c1")
    desk.arrive("c2")
    assert decisions == []
