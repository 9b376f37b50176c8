"""A ring says since when the rules have had it so: what is meant to come later is not late."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.commands import AnyCommand, RingListener
from router.core.policy import Care, Rung
from tests.core.drive import START, Desk, line, of, rules

FURTHER = line(ladder=(Rung(0.0, {}, 1), Rung(10.0, {}, 2)))


def lateness(said: list[AnyCommand], now: float) -> list[float]:
    """Give how much later than it could be each phone rings."""
    return [now - one.possible_since for one in of(RingListener, said)]


def test_a_second_phone_that_a_further_rung_allows_is_not_late() -> None:
    desk = Desk(rules(FURTHER, listeners={"ana": {}, "bob": {}}))
    desk.arrive("c1")
    assert lateness(desk.wait(10.0), desk.now) == [0.0]


def test_a_listener_who_rests_is_rung_late_by_nothing_once_the_rest_is_over() -> None:
    desk = Desk(rules(listeners={"ana": {}}, care=Care(missed_rest_seconds=(60.0,))))
    desk.arrive("c1")
    desk.leg_ends("ana", "no_answer")
    assert lateness(desk.wait(60.0), desk.now) == [0.0]


def test_an_engine_that_is_woken_late_rings_late_by_as_much() -> None:
    desk = Desk(rules(FURTHER, listeners={"ana": {}, "bob": {}}))
    desk.arrive("c1")
    desk.now = START + 10.4
    assert lateness(desk.tell(events.TimeReached()), desk.now) == [pytest.approx(0.4)]
