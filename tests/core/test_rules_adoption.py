"""Legs that Asterisk holds and no journal tells of."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import ReportAnswer, RingListener
from router.core.policy import Skills
from tests.core.drive import (
    Desk,
    Stage,
    dismissed,
    of,
    outcomes,
    results,
    rules,
    rung,
    seen_call,
    seen_offer,
)

TWO: dict[str, Skills] = {"ana": {}, "bob": {}}


@pytest.mark.parametrize("stage", ["ringing", "picked_up", "accepted"])
def test_a_leg_that_nobody_knows_is_sent_away_before_its_listener_is_rung(stage: Stage) -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    said = desk.resync((seen_call(),), (seen_offer("dcr-old-1", stage),))
    assert dismissed(said) == [("dcr-old-1", "unknown")]
    assert rung(said) == []
    said = desk.leg_ends("ana")
    assert rung(said) == [("ana", "c1")]
    assert results(said) == []


def test_a_leg_of_a_listener_whom_the_config_does_not_name_is_sent_away() -> None:
    desk = Desk(rules())
    said = desk.resync((seen_call(),), (seen_offer("dcr-old-1", "ringing", "gone"),))
    assert dismissed(said) == [("dcr-old-1", "unknown")]


def test_a_talk_that_no_journal_tells_of_is_adopted() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    seen = seen_call("c1", "talking", "dcr-old-1")
    said = desk.resync((seen,), (seen_offer("dcr-old-1", "talking"),))
    assert dismissed(said) == []
    assert [one.listener for one in of(ReportAnswer, said)] == ["ana"]
    assert rung(desk.arrive("c2")) == []
    assert outcomes(desk.hang_up("c1")) == [("c1", "answered")]


def test_a_talk_adopted_takes_its_listener_out_of_a_rest() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c0")
    desk.leg_ends("ana", "busy")
    seen = seen_call("c1", "talking", "dcr-old-1")
    desk.resync((seen,), (seen_offer("dcr-old-1", "talking"),))
    assert desk.doing("ana") == "talking"
    assert desk.engine.state.listeners["ana"].deadline is None


def test_a_talk_with_one_whom_the_config_no_longer_names_is_not_cut() -> None:
    desk = Desk(rules(listeners=TWO))
    seen = seen_call("c1", "talking", "dcr-old-1")
    said = desk.resync((seen,), (seen_offer("dcr-old-1", "talking", "gone"),))
    assert dismissed(said) == []
    assert rung(said) == []


def test_a_talk_is_adopted_though_the_journal_left_the_caller_in_the_fallback() -> None:
    desk = Desk(rules(listeners=TWO))
    desk.tell(events.FallbackBegan("c1", "general", None, desk.now), events.PbxLost())
    seen = seen_call("c1", "talking", "dcr-old-1")
    said = desk.resync((seen,), (seen_offer("dcr-old-1", "talking"),))
    assert dismissed(said) == []
    assert [one.listener for one in of(ReportAnswer, said)] == ["ana"]
    assert desk.doing("ana") == "talking"


def test_a_leg_that_is_taken_over_keeps_its_id_to_itself() -> None:
    desk = Desk(rules(listeners={"ana": {}, "bob": {}}))
    desk.resync(
        (seen_call("c1", "talking", "dcr-1-boot"),), (seen_offer("dcr-1-boot", "talking", "ana"),)
    )
    (ring,) = of(RingListener, desk.arrive("c2"))
    assert (ring.listener, ring.offer) == ("bob", "dcr-2-boot")
