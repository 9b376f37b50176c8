"""Who has chosen to wait for their listener, and can have them no longer."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from router.core import events
from router.core.commands import SendToFallback
from router.core.events import AnyEvent
from router.core.policy import Care, Listener, Skills
from tests.core.drive import Desk, line, of, rules, rung, seen_call, seen_offer
from tests.core.test_rules_usual import busy_usual

LATEST_SECONDS = 92.0
"""From the arrival: a line's fallback time, and the few seconds' margin of these tests."""


def waiting_with_nobody_else_there() -> Desk:
    here = busy_usual()
    for who in ("ana", "cleo", "dr"):
        here.tell(events.ListenerWentOff(who))
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "bob"))
    here.tell(events.CallerChose("c2", "wait"))
    here.wait(20.0)
    return here


def is_sent_to_fallback_within(here: Desk, seconds: float) -> bool:
    return [one.call for one in of(SendToFallback, here.wait(seconds))][:1] == ["c2"]


def test_the_fallback_is_not_asked_while_they_wait() -> None:
    here = waiting_with_nobody_else_there()
    assert not is_sent_to_fallback_within(here, 500.0)


@pytest.mark.parametrize(
    "given_up",
    [
        events.ListenerWentOff("bob"),
        events.ListenerPaused("bob"),
        events.CallerChose("c2", "another"),
        events.CallerInShock("c2"),
        events.CallerChoseSkills("c2", {"en": 1}),
    ],
    ids=lambda event: type(event).__name__,
)
def test_the_fallback_is_asked_as_soon_as_ever_once_the_wait_is_given_up(
    given_up: AnyEvent,
) -> None:
    here = waiting_with_nobody_else_there()
    here.tell(given_up)
    assert is_sent_to_fallback_within(here, LATEST_SECONDS - 20.0)


def test_so_it_is_where_that_listener_at_last_does_not_take_the_call() -> None:
    here = waiting_with_nobody_else_there()
    here.hang_up("c1")
    here.leg_ends("bob")
    assert rung(here.wait(31.0)) == [("bob", "c2")]
    here.leg_ends("bob", "no_answer")
    here.tell(events.ListenerPaused("bob"))
    assert is_sent_to_fallback_within(here, LATEST_SECONDS - 51.0)


def test_a_long_wait_leaves_the_others_a_while_to_be_rung_first() -> None:
    here = waiting_with_nobody_else_there()
    here.wait(200.0)
    here.tell(events.ListenerWentOff("bob"))
    assert not is_sent_to_fallback_within(here, 29.0)
    assert is_sent_to_fallback_within(here, 2.0)


def test_whom_a_resync_finds_in_a_talk_of_which_nobody_knew_waits_no_longer() -> None:
    here = waiting_with_nobody_else_there()
    bob = here.offer_of("bob")
    here.resync(
        (seen_call("c1", "talking", bob), seen_call("c2", "talking", "dcr-x-1")),
        (seen_offer(bob, "talking", "bob", "c1"), seen_offer("dcr-x-1", "talking", "ana", "c2")),
    )
    here.tell(events.ListenerCameOn("cleo"), events.ListenerCameOn("dr"))
    assert rung(here.leg_ends("ana", "network")), "cut off, they are searched for at once"


def test_whom_the_rules_do_not_let_have_their_listener_any_more_goes_before_nobody() -> None:
    people: dict[str, Skills] = {"ana": {"fr": 1}, "bob": {"fr": 1}}
    at_once = Care(wrap_up_seconds=0.0)
    policy = rules(line(skills={"fr": 1}), listeners=people, care=at_once)
    here = Desk(policy)
    for call, listener in (("t1", "ana"), ("t2", "bob")):
        here.arrive(call)
        here.talk(listener)
    here.arrive("c1")
    here.wait(1.0)
    here.arrive("c2")
    here.tell(events.CallerAskedFor("c2", "ana"), events.CallerChose("c2", "wait"))
    ana = {"ana": Listener("ana", {})}
    here.tell(events.PolicyLoaded(replace(policy, listeners=policy.listeners | ana)))
    here.tell(events.PbxLost())
    # Both come free at once, as the talks have ended meanwhile.
    assert rung(here.resync((seen_call("c1"), seen_call("c2")))) == [("bob", "c1")]
