"""The number at which a caller wants to be called back: shown, typed, or another one."""

from __future__ import annotations

import pytest

from router.core.machine import EventRefused
from router.core.promise_commands import (
    ChangeNumber,
    CloseNumber,
    DialCaller,
    DropCallBack,
    NotePromise,
    SayNotPromised,
    SayPromised,
)
from router.core.promise_events import (
    CallBackAsked,
    NumberChanged,
    NumberTyped,
    PromiseNoted,
    PromiseNotNoted,
)
from router.core.promise_terms import terms_of
from tests.core.drive import Desk, line, of, outcomes, rules, rung
from tests.core.promised import CALLER, asked, desk, dialled, free, noted

TYPED = "hash-typed"


def held(caller: str = CALLER) -> tuple[Desk, str]:
    """Give a desk with a caller who has been told that it is noted, and the promise's name."""
    here = desk()
    asked(here, caller=caller)
    noted(here)
    (promise,) = here.engine.state.promises
    return here, promise


def test_a_withheld_caller_who_types_a_number_is_owed_the_call_there() -> None:
    here = desk()
    asked(here, caller=None)
    (note,) = of(NotePromise, here.tell(NumberTyped("c1", TYPED)))
    assert (note.caller, note.call, note.origin) == (TYPED, "c1", "key")
    assert [type(one) for one in noted(here)].count(SayPromised) == 1
    assert outcomes(here.hang_up("c1")) == [("c1", "promised")]


def test_a_number_that_is_not_called_back_is_refused_with_its_reason_and_the_place_is_kept() -> (
    None
):
    here = desk()
    asked(here, caller=None)
    said = here.tell(NumberTyped("c1", None, "emergency"))
    assert said == [SayNotPromised("c1", "emergency")]
    assert here.state_of("c1") == "searching"


def test_another_number_takes_the_place_of_the_one_that_was_noted() -> None:
    here, promise = held()
    assert here.tell(NumberTyped("c1", TYPED)) == [ChangeNumber(promise, "c1", TYPED)]
    said = here.tell(NumberChanged(promise, "c1", TYPED))
    assert [type(one) for one in said] == [SayPromised]
    assert here.engine.state.promises[promise].caller == TYPED


def test_the_number_that_is_noted_already_is_only_said_once_more() -> None:
    here, _ = held()
    assert [type(one) for one in here.tell(NumberTyped("c1", CALLER))] == [SayPromised]


def test_a_change_that_could_not_be_stored_leaves_what_was_promised() -> None:
    here, promise = held()
    here.tell(NumberTyped("c1", TYPED))
    assert here.tell(PromiseNotNoted(promise, "c1")) == [SayNotPromised("c1", "store")]
    assert here.engine.state.promises[promise].caller == CALLER
    assert outcomes(here.hang_up("c1")) == [("c1", "promised")]


def test_who_hangs_up_before_the_change_is_stored_hears_no_more_and_is_rung_there() -> None:
    here, promise = held()
    here.tell(NumberTyped("c1", TYPED))
    here.hang_up("c1")
    assert here.tell(NumberChanged(promise, "c1", TYPED)) == []
    here.wait(0.1)
    assert len(rung(free(here))) == 1


def test_what_is_owed_at_the_new_number_already_becomes_one_with_it() -> None:
    here, promise = held()
    soon = here.now + 60.0
    here.tell(PromiseNoted("p-2", "general", TYPED, "site", here.now, here.now, soon))
    said = here.tell(NumberChanged(promise, "c1", TYPED))
    (closed,) = of(CloseNumber, said)
    assert closed.promise == "p-2"
    assert closed.joined == terms_of(here.engine.state.promises[promise], 0.0)
    assert list(here.engine.state.promises) == [promise]
    assert here.engine.state.promises[promise].due_by == soon


def test_a_phone_that_is_being_rung_for_it_is_rung_no_longer() -> None:
    here, leg = dialled()
    asked(here, "c2", "hash-2")
    noted(here, "c2")
    ours = next(one.name for one in here.engine.state.promises.values() if one.caller != CALLER)
    said = here.tell(NumberChanged(ours, "c2", CALLER))
    assert of(DropCallBack, said) == [DropCallBack(leg)]
    assert list(here.engine.state.promises) == [ours]


def test_nobody_is_rung_at_a_number_from_which_somebody_is_on_the_line() -> None:
    here = desk()
    here.arrive("c0", caller=TYPED)
    free(here)
    here.talk("ana")
    asked(here)
    noted(here)
    here.tell(NumberChanged(next(iter(here.engine.state.promises)), "c1", TYPED))
    here.hang_up("c1")
    assert rung(free(here, "bob", "t2")) == []
    here.hang_up("c0")
    here.leg_ends("ana")
    ((listener, _),) = next(filter(None, (rung(here.wait(1.0)) for _ in range(130))))
    assert len(of(DialCaller, here.accept(listener))) == 1


def test_a_number_counts_only_while_somebody_waits() -> None:
    here, _ = held()
    free(here)
    here.talk("ana")
    with pytest.raises(EventRefused):
        here.tell(NumberTyped("c1", TYPED))


def test_a_line_that_does_not_call_back_says_so() -> None:
    here = Desk(rules(line(skills={"fr": 1})))
    here.arrive("c1")
    said = [*here.tell(CallBackAsked("c1")), *here.tell(NumberTyped("c1", TYPED))]
    assert of(SayNotPromised, said) == [SayNotPromised("c1", "not_offered")] * 2
