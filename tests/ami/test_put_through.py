"""A caller is sent on to somebody whose phone rings: by whichever way, it is told, and once."""

from __future__ import annotations

import pytest

from router.core import events
from tests.ami.hearing import CALLER, Ear
from tests.ami.words import ARRIVED, CALL, OFFER, say

STRANGER = "1700000000.99"
PUT_THROUGH = [events.CallerPutThrough(CALL)]


@pytest.fixture
def ear() -> Ear:
    """Give an ear that knows a talk."""
    ear = Ear()
    ear.hear_of_both()
    ear.mirror.end_resync()
    ear.hear(say("enter", CALL), say("enter", OFFER))
    return ear


def test_what_a_phones_transfer_key_leads_to_is_told_by_our_dialplan_alone(ear: Ear) -> None:
    told = ear.hear(
        say("sent", CALL, Context="decroche-put-through"),
        say("leave", CALL),
        say("put_through"),
        say("leave", OFFER),
    )
    assert told == PUT_THROUGH


def test_it_is_told_once_though_asterisk_says_so_after_our_dialplan_has(ear: Ear) -> None:
    told = ear.hear(
        say("leave", CALL), say("put_through"), say("sent", CALL, Context="decroche-put-through")
    )
    assert told == PUT_THROUGH


@pytest.mark.parametrize("word", ["sent", "left"])
def test_by_other_ways_it_is_asterisk_that_tells_of_it_and_of_who_answers(
    ear: Ear, word: str
) -> None:
    assert ear.hear(say(word, CALL), say("leave", CALL), say("leave", OFFER)) == PUT_THROUGH
    told = ear.hear(
        say("enter", STRANGER, BridgeUniqueid="another", BridgeNumChannels="1"),
        say("enter", CALL, BridgeUniqueid="another", BridgeNumChannels="2"),
    )
    assert told == [events.FallbackAnswered(CALL)]


def test_whom_our_dialplan_rings_it_alone_tells_the_answer_of(ear: Ear) -> None:
    ear.hear(say("leave", CALL), say("put_through"))
    told = ear.hear(
        say("fallback_answered"),
        say("enter", STRANGER, BridgeUniqueid="another", BridgeNumChannels="1"),
        say("enter", CALL, BridgeUniqueid="another", BridgeNumChannels="2"),
    )
    assert told == [events.FallbackAnswered(CALL)]


def test_whoever_comes_back_waits_again_and_may_be_put_through_once_more(ear: Ear) -> None:
    ear.hear(say("leave", CALL), say("put_through"))
    waiting = events.CallWaiting(CALL, "health", CALLER, ARRIVED)
    assert ear.hear(say("waiting")) == [waiting]
    assert ear.hear(say("sent", CALL)) == PUT_THROUGH


@pytest.mark.parametrize("kind", ["Bridge", "Link", "Threeway", "Fail", "", None])
def test_a_second_call_that_was_answered_before_is_told_of_by_its_bridge(
    ear: Ear, kind: str | None
) -> None:
    assert ear.hear(say("left", CALL, DestType=kind)) == []
    told = ear.hear(
        say("leave", CALL), say("enter", CALL, BridgeUniqueid="another", BridgeNumChannels="2")
    )
    assert told == [events.FallbackAnswered(CALL)]


@pytest.mark.parametrize("word", ["sent", "left"])
@pytest.mark.parametrize("result", ["Fail", "Invalid", "Not Permitted", "success", "", None])
def test_where_asterisk_did_not_do_it_nothing_has_happened(
    ear: Ear, word: str, result: str | None
) -> None:
    assert ear.hear(say(word, CALL, Result=result)) == []


@pytest.mark.parametrize("word", ["sent", "left"])
@pytest.mark.parametrize("leg", [STRANGER, OFFER, "", None, b"\xff\xfe", "x" * 65536])
def test_of_a_leg_that_is_no_callers_nothing_is_told(
    ear: Ear, word: str, leg: str | bytes | None
) -> None:
    assert ear.hear(say(word, CALL, TransfereeUniqueid=leg)) == []


def test_until_it_is_known_what_there_was_nothing_is_told() -> None:
    ear = Ear()
    ear.hear_of_both()
    assert ear.hear(say("sent", CALL), say("left", CALL)) == []
