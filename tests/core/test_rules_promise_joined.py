"""Whoever is owed a call rings us first, or asks once more: one promise, and one talk keeps it."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.machine import EventRefused
from router.core.promise_commands import (
    CloseNumber,
    DropCallBack,
    NotePromise,
    ReportPromise,
    SayPromised,
)
from router.core.promise_events import (
    CallBackAsked,
    CallBackEnded,
    CallBackTaken,
    PbxBooted,
    PromiseCancelled,
    PromiseNoted,
)
from router.core.promise_terms import terms_of
from tests.core.drive import of, outcomes, rung
from tests.core.promised import CALLER, asked, desk, dialled, free, noted, owed


def test_a_caller_who_rings_back_first_has_the_promise_kept_by_that_call() -> None:
    here = owed()
    here.wait(60.0)
    here.arrive("c2", caller=CALLER)
    free(here)
    said = here.talk("ana")
    assert [one.result for one in of(ReportPromise, said)] == ["kept"]
    assert outcomes(here.hang_up("c2")) == [("c2", "answered")]
    assert here.engine.state.promises == {}


def test_who_rings_back_stands_where_they_stood() -> None:
    here = owed()
    here.arrive("c2", caller="somebody else")
    here.arrive("c3", caller=CALLER)
    assert rung(free(here)) == [("ana", "c3")]


def test_who_rings_back_and_leaves_again_is_still_owed_the_call() -> None:
    here = owed()
    here.arrive("c2", caller=CALLER)
    here.wait(30.0)
    assert outcomes(here.hang_up("c2")) == [("c2", "promised")]
    here.wait(0.1)
    assert [name for name, _ in rung(free(here))] == ["ana"]


def test_who_rings_back_while_their_phone_is_rung_is_not_rung_twice() -> None:
    here, leg = dialled()
    said = here.arrive("c2", caller=CALLER)
    assert of(DropCallBack, said) == [DropCallBack(leg)]
    with pytest.raises(EventRefused):
        here.tell(CallBackTaken(leg))


def test_who_asks_for_now_while_a_later_time_is_owed_is_called_back_now() -> None:
    here = desk()
    tomorrow = here.now + 86_400.0
    window = PromiseNoted("p-s", "general", CALLER, "site", here.now, tomorrow, tomorrow + 60.0)
    here.tell(window)
    asked(here)
    (told,) = of(SayPromised, noted(here))
    assert told.within_seconds == 1800.0
    here.hang_up("c1")
    here.wait(0.1)
    assert len(rung(free(here))) == 1


def test_what_is_with_the_seniors_is_tried_anew_once_it_is_asked_for_again() -> None:
    here, leg = dialled(again_seconds=())
    here.tell(CallBackEnded(leg, "no_answer"))
    here.leg_ends("ana")
    here.tell(PromiseNoted("p-s", "general", CALLER, "site", here.now, here.now, here.now + 60.0))
    assert len(rung(here.wait(30.0))) >= 1


def test_who_rings_another_line_is_rung_no_longer_and_still_owed_the_call() -> None:
    here, leg = dialled()
    said = here.arrive("c2", on="elsewhere", caller=CALLER)
    assert of(DropCallBack, said) == [DropCallBack(leg)]
    (promise,) = here.engine.state.promises.values()
    assert promise.state == "waiting"


def test_a_cancelled_promise_leaves_who_waits_free_to_ask_for_another() -> None:
    here = desk()
    asked(here)
    noted(here)
    here.tell(PromiseCancelled(next(iter(here.engine.state.promises)), "caller"))
    assert len(of(NotePromise, here.tell(CallBackAsked("c1")))) == 1


def test_who_is_to_be_rung_from_the_morning_on_has_not_waited_all_night() -> None:
    here = desk()
    at = here.now + 36_000.0
    here.tell(PromiseNoted("p-n", "general", CALLER, "hang_up", here.now, at, at + 1800.0))
    here.wait(35_990.0)
    here.arrive("c2", caller="somebody else")
    here.wait(20.0)
    assert rung(free(here)) == [("ana", "c2")]


def test_who_rings_again_before_the_first_call_is_over_is_not_rung_after_their_talk() -> None:
    here = desk()
    asked(here)
    noted(here)
    here.arrive("c2", caller=CALLER)
    here.hang_up("c1")
    free(here)
    here.talk("ana")
    here.hang_up("c2")
    assert here.engine.state.promises == {}


def test_two_promises_to_one_caller_become_one() -> None:
    here = owed()
    second = PromiseNoted("p-site-1", "general", CALLER, "site", here.now, here.now, here.now + 60)
    said = here.tell(second)
    (closed,) = of(CloseNumber, said)
    (promise,) = here.engine.state.promises.values()
    assert promise.due_by == here.now + 60
    assert (closed.promise, closed.joined) == ("p-site-1", terms_of(promise, 0.0))
    assert [word for _, what, word in promise.history if what == "noted"] == ["key", "site"]


def test_of_a_talk_cut_by_a_crash_and_a_promise_made_meanwhile_one_is_left() -> None:
    here, leg = dialled()
    here.tell(CallBackTaken(leg), events.TalkStarted(leg, here.offer_of("ana")))
    asked(here, "c2")
    noted(here)
    here.hang_up("c2")
    said = here.tell(PbxBooted(here.now + 1.0))
    assert [one.result for one in of(ReportPromise, said)] == ["cut_off", "joined"]
    (left,) = here.engine.state.promises.values()
    assert left.call == "c2"
    assert [one.joined for one in of(CloseNumber, said)] == [terms_of(left, 0.0)]
