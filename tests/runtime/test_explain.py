"""What `decroche explain` tells of a call."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import (
    AnyEvent,
    CallArrived,
    CallerHungUp,
    EngineStarted,
    ListenerCameOn,
    OfferDeclined,
    PbxResynced,
    PolicyLoaded,
)
from router.core.policy import Line, Listener, Policy, Rung
from router.runtime.explain import CallUnknownError, show, tell_story

CALL = "1700000000.17"
EVENTS: list[AnyEvent] = [
    EngineStarted("boot"),
    PolicyLoaded(
        Policy(
            lines={"health": Line("health", (Rung(0.0, {"health": 2}),))},
            listeners={
                "anne": Listener("anne", {"health": 2}),
                "bruno": Listener("bruno", {"health": 3}),
                "chloe": Listener("chloe", {"health": 1}),
                "denis": Listener("denis", {"health": 2}),
            },
        )
    ),
    ListenerCameOn("anne"),
    ListenerCameOn("bruno"),
    ListenerCameOn("chloe"),
    PbxResynced((), ()),
    CallArrived(CALL, "health", None, 1_700_000_006.0),
    OfferDeclined("dcr-boot-1"),
    CallerHungUp(CALL),
]
ENTRIES = [Entry(1_700_000_000.0 + number, event) for number, event in enumerate(EVENTS)]


def told() -> list[dict[str, str]]:
    story = tell_story(Engine(), ENTRIES, CALL)
    return [
        {reason.listener: reason.verdict for reason in decision.reasons}
        for decision in story.decisions
    ]


def test_each_look_for_a_listener_names_everybody() -> None:
    assert told() == [
        {"anne": "chosen", "bruno": "ranked_lower", "chloe": "lacks_skill", "denis": "off_duty"},
        {"anne": "ringing", "bruno": "chosen", "chloe": "lacks_skill", "denis": "off_duty"},
    ]


def test_what_came_of_it_is_told_in_words() -> None:
    console = Console(width=140, force_terminal=False)
    with console.capture() as captured:
        console.print(show(tell_story(Engine(), ENTRIES, CALL), ZoneInfo("Europe/Paris")))
    text = captured.get()
    assert "after 0.0 s, rung 0: asks for health 2" in text
    assert "health 1 < 2" in text
    assert "anne: declined (dcr-boot-1)" in text
    assert "bruno: caller left (dcr-boot-2)" in text
    assert "outcome: left_early, waited 2.0 s" in text


def test_a_call_that_the_journal_does_not_hold_is_said_to_be_unknown() -> None:
    with pytest.raises(CallUnknownError, match=r"1700000000\.18: not in the journal"):
        tell_story(Engine(), ENTRIES, "1700000000.18")
