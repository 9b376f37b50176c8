"""A call-back that a listener promises after a talk: by a senior, or at a time agreed on."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core import events
from router.core.commands import AnyCommand, RingListener, TellListener
from router.core.machine import EventRefused
from router.core.promise_commands import (
    CloseNumber,
    DialCaller,
    DropCallBack,
    NotePromise,
    SayNotPromised,
)
from router.core.promise_events import (
    CallBackAsked,
    CallBackTaken,
    NumberTyped,
    PromiseNoted,
    PromiseNotNoted,
)
from tests.core.drive import Desk, line, of, rules, rung
from tests.core.promised import PEOPLE, asked, desk, free, noted

CALLER = "hash-t1"


def over(**changed: object) -> Desk:
    """Give a desk where ana's caller has just hung up, and she hears the words of wrap-up."""
    here = desk(seniors=True, **changed)
    here.hang_up("t1")
    return here


def told(said: list[AnyCommand]) -> list[str]:
    """Give what a listener is told."""
    return [one.words for one in of(TellListener, said)]


def test_a_senior_who_is_to_call_back_is_rung_at_once_and_nobody_else() -> None:
    here = over()
    (note,) = of(NotePromise, here.tell(events.TalkDisposed("ana", "senior_call_back")))
    assert (note.call, note.caller, note.by_senior) == ("t1", CALLER, True)
    assert told(noted(here)) == ["promised"]
    here.leg_ends("ana")
    here.tell(events.ListenerCameOn("ana"))
    assert rung(here.wait(60.0)) == []
    assert [name for name, _ in rung(free(here, "bob", "t2"))] == ["bob"]


def test_nothing_is_said_to_be_noted_before_it_is() -> None:
    here = over()
    assert told(list(here.tell(events.TalkDisposed("ana", "senior_call_back")))) == []


def test_what_could_not_be_noted_is_said_and_may_be_keyed_again() -> None:
    here = over()
    for _ in range(2):
        (note,) = of(NotePromise, here.tell(events.TalkDisposed("ana", "senior_call_back")))
        assert told(list(here.tell(PromiseNotNoted(note.promise, note.call)))) == ["not_promised"]


def test_a_time_that_was_agreed_on_is_kept_to_and_by_the_same_listener() -> None:
    here = over()
    at = here.now + 3600.0
    here.tell(events.TalkDisposed("ana", "follow_up", at=at))
    noted(here)
    here.leg_ends("ana")
    here.tell(events.ListenerCameOn("ana"))
    free(here, "bob", "t2")
    assert rung(here.wait(at - here.now - 1.0)) == []
    said = here.wait(2.0)
    (ring,) = of(RingListener, said)
    assert (ring.listener, ring.due_by, ring.attempt) == ("ana", at + 900.0, 1)


def test_a_call_that_comes_before_the_time_agreed_on_does_not_take_its_place() -> None:
    here = over()
    here.tell(events.TalkDisposed("ana", "follow_up", at=here.now + 3600.0))
    noted(here)
    here.leg_ends("ana")
    here.arrive("c2", caller=CALLER)
    here.tell(events.ListenerCameOn("ana"))
    here.talk("ana")
    assert of(CloseNumber, here.hang_up("c2")) == []
    assert len(here.engine.state.promises) == 1


def test_nobody_is_rung_who_is_on_the_line_just_then() -> None:
    here = over()
    here.tell(events.TalkDisposed("ana", "follow_up", at=here.now + 60.0))
    noted(here)
    here.leg_ends("ana")
    here.tell(events.ListenerCameOn("ana"))
    here.arrive("c2", caller=CALLER)
    here.talk("ana")
    free(here, "bob", "t2")
    assert rung(here.wait(300.0)) == []
    here.hang_up("c2")
    here.leg_ends("ana")
    assert len(rung(here.wait(121.0))) == 1


def test_who_calls_while_a_listener_is_rung_for_them_is_not_rung_too() -> None:
    here = over()
    here.tell(events.TalkDisposed("ana", "follow_up", at=here.now + 60.0))
    noted(here)
    here.leg_ends("ana")
    here.tell(events.ListenerCameOn("ana"))
    assert len(rung(here.wait(61.0))) == 1
    here.tell(events.CallArrived("c2", "general", CALLER, here.now))
    assert of(DialCaller, here.accept("ana")) == []
    assert len(here.engine.state.promises) == 1


def test_the_talk_it_leads_to_can_lead_to_another() -> None:
    here = over()
    here.tell(events.TalkDisposed("ana", "senior_call_back"))
    noted(here)
    here.wait(0.1)
    free(here, "bob", "t2")
    (dial,) = of(DialCaller, here.accept("bob"))
    here.tell(CallBackTaken(dial.leg))
    here.tell(events.TalkStarted(dial.leg, here.offer_of("bob")))
    here.hang_up(dial.leg)
    at = here.now + 7200.0
    (note,) = of(NotePromise, here.tell(events.TalkDisposed("bob", "follow_up", at=at)))
    assert (note.call, note.caller, note.usual) == (dial.leg, CALLER, "bob")


def test_a_withheld_caller_who_has_typed_a_number_can_be_called_back_there() -> None:
    here = desk(seniors=True)
    asked(here, caller=None)
    here.tell(NumberTyped("c1", "hash-typed"))
    noted(here)
    free(here)
    here.talk("ana")
    (note,) = of(NotePromise, here.tell(events.TalkDisposed("ana", "senior_call_back")))
    assert note.caller == "hash-typed"


@pytest.mark.parametrize("caller", [None, CALLER])
def test_where_nobody_can_be_called_back_the_listener_hears_so(caller: str | None) -> None:
    here = Desk(rules(line(skills={"fr": 1}), listeners=PEOPLE)) if caller else desk()
    here.arrive("c9", caller=caller)
    if caller is None:
        free(here)
    here.talk("ana")
    assert told(list(here.tell(events.TalkDisposed("ana", "senior_call_back")))) == ["not_promised"]


@pytest.mark.parametrize("in_seconds", [None, 40 * 86_400.0])
def test_no_time_or_one_out_of_reach_is_refused_and_nothing_is_noted(
    in_seconds: float | None,
) -> None:
    here = over()
    at = here.now + in_seconds if in_seconds is not None else None
    with pytest.raises(EventRefused):
        here.tell(events.TalkDisposed("ana", "follow_up", at=at))


def test_who_is_forgotten_is_not_promised_anything_any_more() -> None:
    here = over()
    here.tell(events.CallerForgotten(CALLER))
    assert told(list(here.tell(events.TalkDisposed("ana", "senior_call_back")))) == ["not_promised"]


def test_two_of_one_talk_who_ask_for_a_senior_make_one_call_back() -> None:
    here = over()
    for promise in ("p-1", "p-2"):
        event = PromiseNoted(promise, "general", CALLER, "listener", here.now, here.now, here.now)
        here.tell(replace(event, due_by=here.now + 1800.0, by_senior=True))
    assert list(here.engine.state.promises) == ["p-1"]


def test_what_was_owed_besides_is_kept_by_the_call_back_that_was_agreed_on() -> None:
    here = over()
    here.tell(events.TalkDisposed("ana", "follow_up", at=here.now + 60.0))
    noted(here)
    here.leg_ends("ana")
    soon = here.now + 1800.0
    here.tell(PromiseNoted("p-cut", "general", CALLER, "hang_up", here.now, here.now + 900.0, soon))
    here.tell(events.ListenerCameOn("ana"))
    here.wait(61.0)
    (dial,) = of(DialCaller, here.accept("ana"))
    here.tell(CallBackTaken(dial.leg))
    here.tell(events.TalkStarted(dial.leg, here.offer_of("ana")))
    here.hang_up(dial.leg)
    assert here.engine.state.promises == {}


def test_who_calls_while_their_phone_rings_for_what_stands_apart_is_rung_no_longer() -> None:
    here = over()
    here.tell(events.TalkDisposed("ana", "follow_up", at=here.now + 60.0))
    noted(here)
    here.leg_ends("ana")
    here.tell(events.ListenerCameOn("ana"))
    here.wait(61.0)
    (dial,) = of(DialCaller, here.accept("ana"))
    assert of(DropCallBack, here.arrive("c2", caller=CALLER)) == [DropCallBack(dial.leg)]


def test_the_caller_hears_of_their_own_key_and_not_the_listener_of_an_earlier_talk() -> None:
    here = desk(seniors=True)
    here.tell(events.TalkDisposed("ana", "senior_call_back"))
    noted(here)
    here.leg_ends("ana", "network")
    said = here.tell(CallBackAsked("t1"))
    (note,) = of(NotePromise, said)
    assert of(SayNotPromised, here.tell(PromiseNotNoted(note.promise, "t1"))) != []
