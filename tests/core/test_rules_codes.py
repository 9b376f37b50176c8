"""A code that is typed while phones ring already: whose are silenced for it, and whose are not."""

from __future__ import annotations

from router.core import events
from router.core.policy import Listener, Policy
from tests.core.drive import Desk, results, rung
from tests.core.test_rules_usual import desk


def bob_seldom_answers(here: Desk) -> None:
    for number in range(40):
        here.engine.state.listeners["bob"].habit.missed(here.now - 86_400.0 * number)


def test_the_code_of_one_who_cannot_take_this_call_silences_nobody() -> None:
    here = desk()
    rules = here.engine.state.policy
    others = {**rules.listeners, "bob": Listener("bob", {"police": 1})}
    here.tell(events.PolicyLoaded(Policy(rules.lines, others)))
    ringing = {who for who, _ in rung(here.arrive("c1"))}
    assert "bob" not in ringing
    said = here.tell(events.CallerAskedFor("c1", "bob"))
    assert results(said) == []
    assert len(here.engine.state.calls["c1"].offers) == len(ringing)


def test_the_code_of_one_who_seldom_answers_has_their_phone_ring_along_with_the_others() -> None:
    here = desk()
    here.tell(events.ListenerPaused("bob"))
    ringing = {who for who, _ in rung(here.arrive("c1"))}
    here.tell(events.ListenerWentOff("bob"))
    bob_seldom_answers(here)
    here.tell(events.ListenerCameOn("bob"))
    said = here.tell(events.CallerAskedFor("c1", "bob"))
    assert results(said) == []
    assert {one.listener for one in here.engine.state.offers.values()} == {*ringing, "bob"}


def test_so_it_is_where_their_phone_rings_already() -> None:
    here = desk()
    bob_seldom_answers(here)
    here.arrive("c1")
    here.tell(events.CallerAskedFor("c1", "bob"))
    assert {one.listener for one in here.engine.state.offers.values()} >= {"bob", "ana"}
    assert not here.engine.state.calls["c1"].is_kept_for_usual
    assert all(one.state == "ringing" for one in here.engine.state.offers.values())
