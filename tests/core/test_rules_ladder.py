"""The ladder's pools and conditions: who is asked besides, and what takes a call there sooner."""

from __future__ import annotations

from router.core import events
from router.core.commands import ReportRung
from router.core.policy import EVERYBODY, Care, Line, Listener, Policy, Rung, Shortage
from tests.core.drive import Desk, of, rung

HOME, ON_CALL = "home", "on-call"


def desk(*when: Shortage, after_seconds: float = 30.0, at_once: int | None = 1) -> Desk:
    """Give a desk of two at home and two on call, whose pool the second rung opens."""
    ladder = (
        Rung(0.0, {}, at_once, pools=(HOME,)),
        Rung(after_seconds, {}, at_once, pools=(HOME, ON_CALL), when=when),
    )
    people = {"ana": HOME, "bob": HOME, "oda": ON_CALL, "ole": ON_CALL}
    listeners = {name: Listener(name, {}, pool) for name, pool in people.items()}
    return Desk(Policy({"general": Line("general", ladder=ladder)}, listeners))


def test_a_pool_that_is_not_open_is_not_asked_until_the_rung_that_opens_it() -> None:
    here = desk()
    here.arrive("c1")
    here.arrive("c2")
    assert rung(here.arrive("c3")) == []
    # Whoever missed a ring rests for the first time 20 s later.
    said = here.wait(31.0)
    assert ("oda", "c1") in rung(said)
    assert [(one.call, one.rung) for one in of(ReportRung, said)][:1] == [("c1", 1)]


def test_with_nobody_free_a_call_goes_on_at_once_where_the_rung_says_so() -> None:
    here = desk("nobody_free")
    here.arrive("c1")
    here.arrive("c2")
    assert rung(here.arrive("c3")) == [("oda", "c3")]


def test_a_call_that_rings_somewhere_is_not_in_want_of_somebody_free() -> None:
    here = desk("nobody_free", at_once=None)
    assert {who for who, _ in rung(here.arrive("c1"))} == {"ana", "bob"}


def test_with_the_target_out_of_reach_the_further_pool_rings_besides() -> None:
    here = desk("target_out_of_reach", at_once=None)
    assert {who for who, _ in rung(here.arrive("c1"))} == {"ana", "bob", "oda", "ole"}


def test_a_rung_with_nobody_on_duty_for_it_is_passed_at_once() -> None:
    here = desk()
    for name in ("ana", "bob"):
        here.tell(events.ListenerWentOff(name))
    assert rung(here.arrive("c1")) == [("oda", "c1")]


def test_a_head_start_changes_the_order_and_never_the_wait_that_is_told() -> None:
    lines = {
        "general": Line("general", ladder=(Rung(0.0, {}),)),
        "urgent": Line("urgent", ladder=(Rung(0.0, {}),), head_start_seconds=60.0),
    }
    here = Desk(Policy(lines, {"ana": Listener("ana", {})}), on=())
    here.arrive("first")
    here.wait(50.0)
    here.arrive("pressed", on="urgent")
    assert rung(here.tell(events.ListenerCameOn("ana"))) == [("ana", "pressed")]
    here.now += 4.0
    said = here.talk("ana")
    assert [one.waited_seconds for one in said if hasattr(one, "waited_seconds")] == [4.0]


def test_a_head_start_is_no_privilege_for_ever() -> None:
    lines = {
        "general": Line("general", ladder=(Rung(0.0, {}),)),
        "urgent": Line("urgent", ladder=(Rung(0.0, {}),), head_start_seconds=60.0),
    }
    here = Desk(Policy(lines, {"ana": Listener("ana", {})}), on=())
    here.arrive("first")
    here.wait(61.0)
    here.arrive("pressed", on="urgent")
    assert rung(here.tell(events.ListenerCameOn("ana"))) == [("ana", "first")]


def test_on_the_last_rung_those_ring_too_who_rest_from_a_missed_ring() -> None:
    ladder = (Rung(0.0, {}), Rung(45.0, {}, EVERYBODY))
    rests = Care(missed_rest_seconds=(600.0,))
    line = Line("general", ladder=ladder, fallback_after_seconds=900.0)
    here = Desk(Policy({"general": line}, {"ana": Listener("ana", {})}, rests))
    here.arrive("c1")
    assert here.wait(20.0)
    here.leg_ends("ana")
    assert here.doing("ana") == "resting"
    assert rung(here.wait(24.0)) == []
    assert rung(here.wait(2.0)) == [("ana", "c1")]
