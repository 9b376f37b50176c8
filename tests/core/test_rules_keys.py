"""Two keys in one call: each holds, whichever was pressed first."""

from __future__ import annotations

import pytest

from router.core import events
from router.core.events import AnyEvent
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from tests.core.drive import Desk, rung

IN_ENGLISH = events.CallerChoseSkills("c1", {"en": 1}, ("fr",))
SHOCK = events.CallerInShock("c1")


def desk_with_english_busy() -> Desk:
    """Give a desk where ana is free, and ben, the only one who speaks English, is in a talk."""
    everybody = Rung(20.0, {}, EVERYBODY)
    line = Line(
        "general",
        ladder=(Rung(0.0, {"fr": 1}), everybody),
        shock_ladder=(Rung(0.0, {"fr": 1, "shock": 1}), everybody),
    )
    skills = {"ana": {"fr": 1, "shock": 1}, "ben": {"en": 1, "shock": 1}}
    people = {name: Listener(name, one) for name, one in skills.items()}
    here = Desk(Policy({"general": line}, people), on=("ben",))
    here.arrive("c0")
    here.talk("ben")
    here.tell(events.ListenerCameOn("ana"))
    return here


def press(here: Desk, *keys: AnyEvent) -> None:
    """Have c1 press these keys before ana has taken the call."""
    here.arrive("c1")
    for key in keys:
        here.tell(key)
    here.leg_ends("ana")


@pytest.mark.parametrize("keys", [(IN_ENGLISH, SHOCK), (SHOCK, IN_ENGLISH)])
def test_an_english_speaker_in_shock_is_not_given_to_somebody_who_speaks_none(
    keys: tuple[AnyEvent, ...],
) -> None:
    here = desk_with_english_busy()
    press(here, *keys)
    assert here.doing("ana") == "free"
    here.hang_up("c0")
    here.leg_ends("ben")
    assert rung(here.tell(events.ListenerCameOn("ben"))) == [("ben", "c1")]


def test_what_was_chosen_is_kept_over_a_restart() -> None:
    here = desk_with_english_busy()
    press(here, IN_ENGLISH)
    here.engine = type(here.engine).restore(here.engine.snapshot())
    here.tell(SHOCK)
    assert here.doing("ana") == "free"


def test_a_key_pressed_while_one_who_took_the_call_is_being_joined_holds_if_that_fails() -> None:
    here = desk_with_english_busy()
    here.arrive("c1")
    here.accept("ana")
    here.tell(SHOCK, IN_ENGLISH)
    here.leg_ends("ana")
    here.tell(events.ListenerCameOn("ana"))
    assert here.doing("ana") == "free"
    call = here.engine.state.calls["c1"]
    assert (call.state, call.in_shock) == ("searching", True)


def test_so_does_one_pressed_just_after_a_talk_was_cut_off() -> None:
    here = desk_with_english_busy()
    here.arrive("c1")
    here.talk("ana")
    here.leg_ends("ana")
    here.tell(events.CallerInShock("c1"))
    assert here.state_of("c1") == "after_talk"
    here.wait(7.0)
    assert (
        here.engine.state.calls["c1"].ladder
        == here.engine.state.policy.lines["general"].shock_ladder
    )
