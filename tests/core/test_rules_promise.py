"""A call-back that is owed: noted before it is said, a listener first, then the caller."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from router.core import events
from router.core.commands import ConnectCall, ReportAnswer, RingListener
from router.core.policy import Listener
from router.core.promise_commands import (
    CloseNumber,
    DialCaller,
    DropCallBack,
    NotePromise,
    ReportPromise,
    SayNotPromised,
    SayPromised,
)
from router.core.promise_events import (
    CallBackEnded,
    CallBackTaken,
    PromiseCancelled,
    PromiseGiven,
    PromiseNoted,
    PromiseNotNoted,
)
from tests.core.drive import START, Desk, dismissed, of, outcomes, results, rung
from tests.core.promised import CALLER, asked, desk, dialled, free, noted, owed


def test_nothing_is_said_before_it_is_noted() -> None:
    here = desk()
    said = asked(here)
    assert [type(one) for one in said] == [NotePromise]
    assert any(isinstance(one, SayPromised) for one in noted(here))


def test_a_caller_whose_number_does_not_show_hears_so_and_keeps_their_place() -> None:
    here = desk()
    assert asked(here, caller=None) == [SayNotPromised("c1", "number_unknown")]
    assert here.state_of("c1") == "searching"


def test_a_store_that_fails_is_said_and_the_search_goes_on() -> None:
    here = desk()
    asked(here)
    note = of(NotePromise, here.said)[-1]
    assert here.tell(PromiseNotNoted(note.promise, "c1")) == [SayNotPromised("c1", "store")]
    assert here.state_of("c1") == "searching"


def test_whoever_is_promised_a_call_and_hangs_up_is_not_lost() -> None:
    here = desk()
    asked(here)
    noted(here)
    assert outcomes(here.hang_up("c1")) == [("c1", "promised")]


def test_a_listener_is_rung_for_it_as_soon_as_one_is_free() -> None:
    here = owed()
    ring = next(one for one in free(here) if isinstance(one, RingListener))
    assert (ring.listener, ring.to_call_back) == ("ana", True)


def test_the_listener_takes_it_first_and_then_the_caller_is_rung() -> None:
    here = owed()
    free(here)
    said = here.accept("ana")
    assert of(ConnectCall, said) == []
    (dial,) = of(DialCaller, said)
    assert dial.offer == here.offer_of("ana")


def test_only_the_callers_key_brings_the_two_together_and_keeps_the_promise() -> None:
    here, leg = dialled()
    said = here.tell(CallBackTaken(leg))
    assert of(ConnectCall, said) == [ConnectCall(leg, here.offer_of("ana"))]
    said = here.tell(events.TalkStarted(leg, here.offer_of("ana")))
    assert [one.result for one in of(ReportPromise, said)] == ["kept"]
    assert of(ReportAnswer, said) == []
    over = here.hang_up(leg)
    assert [type(one) for one in over if isinstance(one, CloseNumber)] == [CloseNumber]
    assert outcomes(over) == []
    assert here.engine.state.promises == {}


def test_a_caller_who_does_not_answer_is_tried_again_later_and_the_listener_is_free() -> None:
    here, leg = dialled()
    said = here.tell(CallBackEnded(leg, "no_answer"))
    assert results(said) == [("ana", "not_reached")]
    here.leg_ends("ana")
    assert here.doing("ana") == "free"
    assert rung(here.wait(299.0)) == []
    assert [name for name, _ in rung(here.wait(2.0))] == ["ana"]


def test_a_busy_phone_is_tried_again_sooner() -> None:
    here, leg = dialled()
    here.tell(CallBackEnded(leg, "busy"))
    here.leg_ends("ana")
    assert [name for name, _ in rung(here.wait(121.0))] == ["ana"]


def test_after_the_last_attempt_it_is_a_seniors_and_never_silence() -> None:
    here, leg = dialled(again_seconds=())
    said = here.tell(CallBackEnded(leg, "no_key"))
    assert [one.result for one in of(ReportPromise, said)] == ["with_seniors"]
    (promise,) = here.engine.state.promises.values()
    here.leg_ends("ana")
    assert rung(here.wait(7200.0)) == []
    here.tell(PromiseGiven(promise.name))
    assert len(rung(here.wait(0.1))) == 1


def test_a_listener_who_leaves_meanwhile_stops_the_ring_and_another_is_sought() -> None:
    here, leg = dialled()
    here.tell(events.ListenerPaused("ana"))
    said = here.leg_ends("ana")
    assert of(DropCallBack, said) == [DropCallBack(leg)]
    free(here, "bob", "t2")
    (again,) = of(DialCaller, here.accept("bob"))
    assert again.leg != leg


def test_nobody_is_sought_for_it_once_the_hours_are_over() -> None:
    here = desk(hours_seconds=(0.0, (START + 600.0) % 86_400.0))
    soon = here.now + 3600.0
    here.tell(PromiseNoted("p-s", "general", CALLER, "hang_up", here.now, here.now, soon))
    here.wait(601.0)
    assert rung(free(here)) == []
    (promise,) = here.engine.state.promises.values()
    assert promise.state == "waiting"


def test_callers_on_the_line_come_before_a_promise_that_has_time() -> None:
    here = owed(yields_seconds=600.0)
    here.arrive("c2", caller="somebody else")
    assert rung(free(here)) == [("ana", "c2")]


def test_a_promise_that_is_soon_due_comes_before_newcomers() -> None:
    here = owed(yields_seconds=36_000.0)
    here.wait(1300.0)
    here.arrive("c2", caller="somebody else")
    ((_, about),) = rung(free(here))
    assert about != "c2"


def test_who_leaves_the_queue_of_a_line_that_calls_back_is_owed_it() -> None:
    here = desk(on_hang_up=True)
    here.arrive("c1", caller=CALLER)
    here.wait(20.0)
    said = here.hang_up("c1")
    assert outcomes(said) == []
    assert [one.origin for one in of(NotePromise, said)] == ["hang_up"]
    assert outcomes(noted(here)) == [("c1", "promised")]
    assert len(here.engine.state.promises) == 1


def test_who_leaves_and_cannot_be_noted_is_lost_and_nothing_is_hidden() -> None:
    here = desk(on_hang_up=True)
    here.arrive("c1", caller=CALLER)
    here.wait(20.0)
    here.hang_up("c1")
    assert outcomes(here.wait(5.0)) == [("c1", "lost")]


def test_a_cancelled_promise_is_forgotten_with_its_number() -> None:
    here, leg = dialled()
    (promise,) = here.engine.state.promises.values()
    said = here.tell(PromiseCancelled(promise.name, "caller"))
    assert of(DropCallBack, said) == [DropCallBack(leg)]
    assert of(CloseNumber, said) == [CloseNumber(promise.name)]
    assert [why for _, why in dismissed(said)] == ["not_reached"]


def noted_for_bob(here: Desk) -> None:
    """Have a promise noted to a caller who knows bob."""
    asked(here)
    note = of(NotePromise, here.said)[-1]
    here.tell(
        PromiseNoted(
            note.promise, "general", CALLER, "key", here.now, here.now, note.due_by, "c1", "bob"
        )
    )


def test_the_listener_whom_the_caller_knows_is_waited_for_while_there_is_time() -> None:
    here = desk()
    noted_for_bob(here)
    here.hang_up("c1")
    here.wait(0.1)
    assert rung(free(here)) == []
    assert [name for name, _ in rung(free(here, "bob", "t2"))] == ["bob"]


def test_but_not_where_this_line_does_not_ask_for_them_any_more() -> None:
    here = desk()
    noted_for_bob(here)
    policy = here.engine.state.policy
    bob = {"bob": Listener("bob", {})}
    here.tell(events.PolicyLoaded(replace(policy, listeners=policy.listeners | bob)))
    here.hang_up("c1")
    here.wait(0.1)
    assert [name for name, _ in rung(free(here))] == ["ana"]


def test_a_phone_that_is_busy_uses_up_no_attempt_as_long_as_there_is_time() -> None:
    here, leg = dialled(again_seconds=())
    here.tell(CallBackEnded(leg, "busy"))
    here.leg_ends("ana")
    (promise,) = here.engine.state.promises.values()
    assert (promise.state, promise.attempts) == ("waiting", 0)


@pytest.mark.parametrize("tries", [(300.0,), (300.0, 900.0, 1800.0)])
def test_who_presses_every_ring_away_is_rung_a_few_times_and_not_minute_by_minute(
    tries: tuple[float, ...],
) -> None:
    here, leg = dialled(again_seconds=tries, within_seconds=86_400.0)
    rung_at = [here.now]
    (promise,) = here.engine.state.promises.values()
    while promise.state != "with_seniors":
        here.tell(CallBackEnded(leg, "busy"))
        here.leg_ends("ana")
        while promise.state == "waiting":
            here.wait(1.0)
        if promise.state == "searching":
            (dial,) = of(DialCaller, here.accept("ana"))
            leg = dial.leg
            rung_at.append(here.now)
    pauses = [round(later - before) for before, later in pairwise(rung_at)]
    assert pauses == [120, 240, 480, *tries]


def test_a_phone_that_is_busy_until_it_is_due_is_a_seniors_then() -> None:
    here, leg = dialled(again_seconds=(), within_seconds=30.0)
    here.wait(31.0)
    said = here.tell(CallBackEnded(leg, "busy"))
    assert [one.result for one in of(ReportPromise, said)] == ["with_seniors"]
