"""Whose word counts in a replay: what the engine went by, and not what it refused."""

from __future__ import annotations

import pytest

from router.core.events import AnyEvent, ListenerCameOn, ListenerPaused, ListenerWentOff
from router.core.machine import EventRefused
from router.core.policy import Skills
from router.past.journal import Journal
from simulations.replay.rerun import Rerun
from tests.core.drive import rules
from tests.simulations.replay_stages import past_of
from tests.story.journals import Written

LISTENERS: dict[str, Skills] = {"ana": {}, "bea": {}}


def told(*words: AnyEvent) -> Journal:
    """Give the journal of a listener who says these words, the last of which is refused."""
    desk = Written(rules(listeners=LISTENERS))
    desk.wait(60.0)
    *taken, refused = words
    for word in taken:
        desk.tell(word)
        desk.wait(60.0)
    with pytest.raises(EventRefused):
        desk.tell(refused)
    desk.wait(60.0)
    desk.arrive("c1")
    desk.wait(60.0)
    desk.hang_up("c1")
    return Journal("a journal", tuple(desk.entries))


def said(journal: Journal, listener: str) -> list[str]:
    """Give what this listener says in the replay of a journal."""
    return [one.duty for one in past_of(journal).duties if one.listener == listener]


LATE = Written(rules(listeners=LISTENERS)).now + 1.0
"""The moment of a word that comes late: others that were said after it are known by then."""


@pytest.mark.parametrize(
    ("word", "refused", "duties"),
    [
        (ListenerWentOff("ana"), ListenerPaused("ana", LATE), ["on", "off"]),
        (ListenerWentOff("ana"), ListenerCameOn("ana", LATE), ["on", "off"]),
        (ListenerPaused("ana"), ListenerWentOff("ana", LATE), ["on", "paused"]),
        (ListenerCameOn("ana"), ListenerPaused("ana", LATE), ["on", "on"]),
        # Nobody pauses who is off duty.
        (ListenerWentOff("ana"), ListenerPaused("ana"), ["on", "off"]),
    ],
)
def test_a_word_that_the_engine_refused_is_no_change_of_duty(
    word: AnyEvent, refused: AnyEvent, duties: list[str]
) -> None:
    assert said(told(word, refused), "ana") == duties


def test_who_is_no_listener_says_nothing() -> None:
    assert said(told(ListenerCameOn("nobody")), "nobody") == []


def test_who_stayed_on_duty_is_rung_in_the_replay_as_then() -> None:
    words = ListenerWentOff("bea"), ListenerCameOn("ana"), ListenerPaused("ana", LATE)
    own = Rerun(past_of(told(*words)), None, 1)
    own.run()
    assert {one.listener for one in own.rings} == {"ana"}
