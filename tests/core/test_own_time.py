"""A clock that is set back: nothing runs backwards, and nothing waits for it to catch up."""

from __future__ import annotations

from router.core import events
from router.core.commands import ReportOutcome, RingListener, SendToFallback
from router.core.engine import Engine
from tests.core.drive import Desk, of, results, rules, rung

HOUR_SECONDS = 3600.0


def test_a_ring_ends_in_its_time_though_the_clock_was_set_back_an_hour() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.wait(5.0)
    desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    desk.now -= HOUR_SECONDS
    desk.tell(events.CallWaiting("c1", "general", None, desk.now))
    assert results(desk.wait(14.9)) == []
    assert results(desk.wait(0.2)) == [("ana", "no_answer")]


def test_a_caller_who_comes_after_the_clock_was_set_back_has_not_waited_an_hour() -> None:
    desk = Desk(rules())
    desk.arrive("c1")
    desk.now -= HOUR_SECONDS
    desk.arrive("c2")
    assert of(SendToFallback, desk.wait(89.0)) == []
    assert [one.call for one in of(SendToFallback, desk.wait(1.0))] == ["c1", "c2"]


def test_callers_keep_their_order_over_a_clock_set_back() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.arrive("c1")
    desk.now -= HOUR_SECONDS
    desk.wait(1.0)
    desk.arrive("c2")
    assert rung(desk.tell(events.ListenerCameOn("ana"))) == [("ana", "c1")]


def test_what_a_command_says_of_time_is_by_the_clock() -> None:
    desk = Desk(rules(listeners={"ana": {}}), on=())
    desk.now -= HOUR_SECONDS
    desk.arrive("c1")
    desk.wait(7.0)
    ring = of(RingListener, desk.tell(events.ListenerCameOn("ana")))[0]
    assert ring.possible_since == desk.now


def test_no_wait_and_no_talk_is_ever_negative() -> None:
    desk = Desk(rules(listeners={"ana": {}}))
    desk.arrive("c1")
    desk.now -= HOUR_SECONDS
    desk.talk("ana")
    desk.now -= HOUR_SECONDS
    (ended,) = of(ReportOutcome, desk.hang_up("c1"))
    assert (ended.waited_seconds, ended.talked_seconds) == (0.0, 0.0)


def test_a_clock_put_right_a_little_is_waited_for() -> None:
    desk = Desk(rules())
    desk.arrive("c1")
    desk.now -= 0.5
    desk.arrive("c2")
    assert desk.engine.state.set_back_seconds == 0.0


def test_a_clock_that_has_caught_up_is_followed_as_before() -> None:
    desk = Desk(rules())
    desk.now -= 10.0
    desk.arrive("c1")
    assert desk.engine.state.set_back_seconds == 10.0
    desk.hang_up("c1")
    desk.now += 11.0
    desk.arrive("c2")
    assert desk.engine.state.set_back_seconds == 0.0


def test_a_snapshot_keeps_what_is_known_of_the_clock() -> None:
    desk = Desk(rules())
    desk.now -= HOUR_SECONDS
    desk.arrive("c1")
    again = Engine.restore(desk.engine.snapshot())
    assert again.next_deadline() == desk.engine.next_deadline() == desk.now + 90.0
