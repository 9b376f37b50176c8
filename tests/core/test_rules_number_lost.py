"""A promise whose number is gone: no listener is rung for it, and it is never silence."""

from __future__ import annotations

import pytest

from router.core.machine import EventRefused
from router.core.promise_commands import (
    ChangeNumber,
    CloseNumber,
    DialCaller,
    DropCallBack,
    ReportPromise,
    SayNotPromised,
    SayPromised,
)
from router.core.promise_events import (
    CallBackAsked,
    NumberChanged,
    NumberLost,
    NumberTyped,
    PromiseGiven,
    PromiseNoted,
)
from tests.core.drive import Desk, dismissed, of, outcomes, results, rung
from tests.core.promised import CALLER, asked, desk, dialled, free, noted, owed


def the_one(here: Desk) -> str:
    """Give the name of the one promise there is."""
    (promise,) = here.engine.state.promises
    return promise


def lost() -> tuple[Desk, str]:
    """Give a desk at which a promise has lost its number before anybody was rung for it."""
    here = owed()
    name = the_one(here)
    said = here.tell(NumberLost(name))
    assert [one.result for one in of(ReportPromise, said)] == ["with_seniors"]
    return here, name


def test_nobody_is_rung_for_it_and_a_senior_sees_to_it_at_once() -> None:
    here, name = lost()
    assert rung(free(here)) == []
    assert rung(here.wait(86_400.0)) == []
    promise = here.engine.state.promises[name]
    assert (promise.state, promise.history[-1][1:]) == ("with_seniors", ("used_up", "number_lost"))


def test_whose_phone_rings_for_it_is_let_go() -> None:
    here = owed()
    free(here)
    assert dismissed(here.tell(NumberLost(the_one(here)))) != []
    here.leg_ends("ana")
    assert (here.doing("ana"), rung(here.wait(7_200.0))) == ("free", [])


def test_a_listener_who_waits_for_its_caller_is_let_go_too() -> None:
    here, leg = dialled()
    said = here.tell(NumberLost(the_one(here)))
    assert of(DropCallBack, said) == [DropCallBack(leg)]
    assert results(said) == [("ana", "not_reached")]


def test_a_senior_cannot_have_it_tried_anew() -> None:
    here, name = lost()
    with pytest.raises(EventRefused, match="its number is lost"):
        here.tell(PromiseGiven(name))


def test_who_rings_us_and_leaves_unheard_is_a_seniors_again_and_no_listeners() -> None:
    here, name = lost()
    here.arrive("c2", caller=CALLER)
    assert here.engine.state.promises[name].state == "rang_back"
    here.hang_up("c2")
    assert rung(free(here)) + rung(here.wait(0.1)) == []
    assert here.engine.state.promises[name].state == "with_seniors"


def test_who_rings_us_and_is_answered_has_it_kept() -> None:
    here, _ = lost()
    here.arrive("c2", caller=CALLER)
    free(here)
    here.talk("ana")
    said = here.hang_up("c2")
    assert [type(one) for one in of(CloseNumber, said)] == [CloseNumber]
    assert here.engine.state.promises == {}


def test_who_asks_anew_is_called_at_the_number_that_they_ask_with() -> None:
    here, name = lost()
    asked(here, "c2")
    noted(here)
    (closed,) = of(CloseNumber, here.said)
    assert closed.joined is not None
    assert closed.joined.promise == name
    assert outcomes(here.hang_up("c2")) == [("c2", "promised")]
    free(here)
    assert [one for one, _ in rung(here.wait(0.1))] == ["ana"]
    assert len(of(DialCaller, here.accept("ana"))) == 1


def test_a_number_that_a_site_gives_anew_has_it_tried_at_once() -> None:
    here, _ = lost()
    free(here)
    soon = here.now + 600.0
    site = PromiseNoted("p-s", "general", CALLER, "site", here.now, here.now, soon)
    here.tell(site)
    assert [one for one, _ in rung(here.wait(0.1))] == ["ana"]


def test_a_number_that_is_found_again_has_it_tried_at_once() -> None:
    here, name = lost()
    free(here)
    here.tell(NumberChanged(name, "", CALLER))
    assert [one for one, _ in rung(here.wait(0.1))] == ["ana"]


def test_no_promise_is_a_number_lost_of_none() -> None:
    with pytest.raises(EventRefused):
        desk().tell(NumberLost("p-nobody-1"))


def typed_and_lost() -> Desk:
    """Give a desk where a caller waits whose promise is for a typed number, which is lost."""
    here = desk()
    asked(here, caller=None)
    here.tell(NumberTyped("c1", CALLER))
    noted(here)
    here.tell(NumberLost(the_one(here)))
    return here


def test_who_asks_anew_for_it_in_the_same_call_is_not_told_that_it_is_noted() -> None:
    said = typed_and_lost().tell(CallBackAsked("c1"))
    assert said == [SayNotPromised("c1", "number_unknown")]


def test_who_types_it_anew_has_it_kept_anew() -> None:
    here = typed_and_lost()
    said = here.tell(NumberTyped("c1", CALLER))
    assert said == [ChangeNumber(the_one(here), "c1", CALLER)]
    assert len(of(SayPromised, here.tell(NumberChanged(the_one(here), "c1", CALLER)))) == 1
