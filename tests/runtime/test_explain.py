"""What `decroche explain` tells of a call."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from rich.console import Console

from router.core.commands import ReportOutcome
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
from router.past.asked import UnknownCallError
from router.past.journal import Journal, Waymark
from router.runtime.command import explain
from router.runtime.explain import show
from router.runtime.watched_call import tell_story
from tests.core.drive import rules
from tests.story.journals import Written, after_an_outage, talk_over_a_crash

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
    OfferDeclined("dcr-1-boot"),
    CallerHungUp(CALL),
]
ENTRIES = tuple(Entry(1_700_000_000.0 + number, event) for number, event in enumerate(EVENTS))
JOURNAL = Journal("a journal", ENTRIES)


def told() -> list[dict[str, str]]:
    story = tell_story(JOURNAL, CALL)
    return [
        {reason.listener: reason.verdict for reason in decision.reasons}
        for decision in story.decisions
    ]


def shown(journal: Journal, call: str) -> str:
    console = Console(width=200, force_terminal=False)
    with console.capture() as captured:
        console.print(show(tell_story(journal, call), ZoneInfo("Europe/Paris")))
    return captured.get()


def test_each_look_for_a_listener_names_everybody() -> None:
    assert told() == [
        {"anne": "chosen", "bruno": "ranked_lower", "chloe": "lacks_skill", "denis": "off_duty"},
        {"anne": "ringing", "bruno": "chosen", "chloe": "lacks_skill", "denis": "off_duty"},
    ]


def test_what_came_of_it_is_told_in_words() -> None:
    text = shown(JOURNAL, CALL)
    assert "after 0.0 s, rung 0: asks for health 2" in text
    assert "health 1 < 2" in text
    assert "anne: declined (dcr-1-boot)" in text
    assert "bruno: caller left (dcr-2-boot)" in text
    assert "outcome: left_early, waited 2.0 s" in text


def test_that_a_call_stands_after_everybody_else_for_its_number_is_said() -> None:
    policy = replace(rules(listeners={"ana": {}, "bea": {}}), calls_per_number=1)
    desk = Written(policy)
    for call in ("c1", "c2"):
        desk.arrive(call, caller="hash-ward")
        desk.wait(1.0)
    journal = Journal("a journal", tuple(desk.entries))
    assert "after everybody else" not in shown(journal, "c1")
    assert "after everybody else: calls_per_number others of its number" in shown(journal, "c2")


def test_a_call_that_the_journal_does_not_hold_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownCallError, match=r"1700000000\.18: not in the journal"):
        tell_story(JOURNAL, "1700000000.18")


@pytest.mark.parametrize("asked", ["0639980001", "+33639980001", "1\x1b[2J", "x" * 500])
def test_what_is_no_id_is_refused_and_not_repeated(asked: str) -> None:
    with pytest.raises(UnknownCallError) as refused:
        explain(asked, config=Path("there-is-none"))
    assert asked not in str(refused.value)


def test_a_call_after_an_outage_of_the_store_is_explained_as_it_was_decided() -> None:
    desk, index, state = after_an_outage()
    entries = tuple(desk.entries)
    mark = Waymark(index, desk.entries[index].at - 1.0, state, begins=True)
    story = tell_story(Journal("a journal", entries, waymarks=(mark,)), "c2")
    assert [one.outcome for one in story.reports if isinstance(one, ReportOutcome)] == ["answered"]
    assert not story.gaps
    (decision,) = story.decisions
    # Whom the call in the gap had rung has had it, and rests behind the other.
    assert [one.listener for one in decision.reasons] == ["bea", "ana"]
    (blind,) = tell_story(Journal("a journal", entries), "c2").decisions
    assert [one.listener for one in blind.reasons] == ["ana", "bea"]


def test_that_a_call_lasts_over_a_gap_is_said_where_it_is() -> None:
    desk, index, state = after_an_outage(lasts=True)
    mark = Waymark(index, desk.entries[index].at, state, begins=True)
    journal = Journal("a journal", tuple(desk.entries), waymarks=(mark,))
    said = shown(journal, "c0")
    assert "up to here the journal does not tell all; from here on it does again" in said
    assert said.index("call c0, ") < said.index("does not tell all") < said.index("outcome: answ")
    assert "does not tell all" not in shown(journal, "c2")


def test_without_a_state_after_a_gap_it_is_said_that_what_follows_may_not_have_been_so() -> None:
    desk, _, _ = after_an_outage()
    desk.arrive("c3")
    said = shown(Journal("a journal", tuple(desk.entries)), "c3")
    assert said.index("may not be what was decided") < said.index("call c3, ")


def test_of_a_talk_that_was_found_going_on_no_wait_is_made_up() -> None:
    said = shown(talk_over_a_crash(), "c1")
    assert "outcome: answered, waited at most 5.0 s, talked at least 60.0 s" in said
