"""Which bridge a leg is in, as Asterisk's messages tell it."""

from __future__ import annotations

import pytest

from router.core import events
from tests.ami.hearing import Ear
from tests.ami.words import CALL, HOLDING, OFFER, say


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.mark.parametrize("order", [(CALL, OFFER), (OFFER, CALL)])
def test_two_legs_in_one_bridge_talk_and_it_is_told_once(ear: Ear, order: tuple[str, str]) -> None:
    ear.hear_of_both()
    ear.hear(say("hold"))
    told = ear.hear(
        say("leave", order[0]),
        say("enter", order[0]),
        say("leave", order[1]),
        say("enter", order[1]),
        say("enter", "1700000000.99"),
    )
    assert told == [events.TalkStarted(CALL, OFFER)]


def test_who_leaves_a_bridge_is_in_none(ear: Ear) -> None:
    ear.hear_of_both()
    ear.hear(say("leave", CALL), say("enter"), say("leave"))
    assert not ear.holds(CALL)
    assert not ear.mirror.talking(OFFER)


def test_legs_that_are_held_together_do_not_talk(ear: Ear) -> None:
    ear.hear_of_both()
    assert ear.hear(say("hold")) == []
    assert ear.holds(CALL)
    assert ear.holds(OFFER)
    assert not ear.mirror.talking(CALL)


@pytest.mark.parametrize(
    ("word", "name"),
    [("hold", "decroche-hold"), ("join", "decroche-join"), ("ready", "decroche-accepted")],
)
def test_in_which_holding_bridge_a_leg_is_its_name_tells(ear: Ear, word: str, name: str) -> None:
    ear.hear_of_both()
    ear.hear(say(word))
    assert [one for one in HOLDING.values() if ear.mirror.held_in(OFFER, one)] == [name]


@pytest.mark.parametrize("name", [None, "", "<unknown>", b"\xff\xfe", "decroche-join "])
def test_a_bridge_of_another_name_is_none_to_be_joined_from(
    ear: Ear, name: str | bytes | None
) -> None:
    ear.hear_of_both()
    ear.hear(say("join", CALL, BridgeName=name))
    assert not ear.holds(CALL)
    assert not ear.mirror.talking(CALL)


@pytest.mark.parametrize("bridge", ["", None])
def test_a_bridge_without_an_id_holds_nobody(ear: Ear, bridge: str | None) -> None:
    ear.hear(say("arrived"))
    assert ear.refuses(say("hold", BridgeUniqueid=bridge)) == "bad_id"
    assert not ear.holds(CALL)


@pytest.mark.parametrize("technology", ["", None])
def test_a_bridge_of_unknown_kind_is_no_talk(ear: Ear, technology: str | None) -> None:
    ear.hear_of_both()
    ear.hear(say("enter", CALL))
    assert ear.refuses(say("enter", BridgeTechnology=technology)) == "bad_bridge"


STRANGER = "1700000000.99"
"""A leg that is none of ours: an emergency service's, a colleague's, a parked call's."""


@pytest.mark.parametrize("first", [CALL, STRANGER])
def test_a_caller_who_is_put_through_to_others_is_with_them_and_it_is_told_once(
    ear: Ear, first: str
) -> None:
    ear.hear_of_both()
    ear.mirror.end_resync()
    ear.hear(say("enter", CALL), say("enter", OFFER))
    ear.hear(say("leave", OFFER), say("leave", CALL))
    second = STRANGER if first == CALL else CALL
    told = ear.hear(
        say("enter", first, BridgeUniqueid="another", BridgeNumChannels="1"),
        say("enter", second, BridgeUniqueid="another", BridgeNumChannels="2"),
        say("enter", "1700000000.100", BridgeUniqueid="another", BridgeNumChannels="3"),
    )
    assert told == [events.FallbackAnswered(CALL)]


@pytest.mark.parametrize("crowd", ["1", "", None, "-2", "٢", "9" * 65536])
def test_a_caller_who_is_alone_in_a_bridge_is_with_nobody_as_far_as_is_told(
    ear: Ear, crowd: str | None
) -> None:
    ear.hear_of_both()
    ear.mirror.end_resync()
    assert ear.hear(say("enter", CALL, BridgeNumChannels=crowd)) == []
    assert ear.hear(say("enter", OFFER, BridgeNumChannels="2")) == [events.TalkStarted(CALL, OFFER)]


def test_whoever_else_is_held_or_in_the_room_of_a_call_is_no_talk_with_others(ear: Ear) -> None:
    ear.hear_of_both()
    ear.mirror.end_resync()
    assert ear.hear(say("hold", CALL, BridgeNumChannels="9")) == []
    assert ear.hear(say("room", CALL, BridgeNumChannels="2"), say("room", STRANGER)) == []


def test_whom_the_fallback_group_has_is_told_by_the_dialplan_alone(ear: Ear) -> None:
    ear.mirror.end_resync()
    ear.hear(say("arrived"), say("fallback"))
    assert ear.hear(say("enter", CALL, BridgeNumChannels="2"), say("enter", STRANGER)) == []


HELPER = "dcr-0a1b2c3d-2"


@pytest.fixture
def consulting(ear: Ear) -> Ear:
    """Give an ear that knows a caller aside, a listener in the room, and a helper on the way."""
    ear.hear_of_both()
    ear.mirror.offer(HELPER).call = CALL
    assert ear.hear(say("room")) == []
    return ear


def test_a_listener_and_a_helper_in_the_room_speak_with_each_other(consulting: Ear) -> None:
    assert consulting.hear(say("room", HELPER)) == [events.ConsultStarted(OFFER, HELPER)]


def test_whoever_comes_first_the_helper_is_who_was_rung_later(consulting: Ear) -> None:
    consulting.hear(say("leave"), say("room", HELPER))
    assert consulting.hear(say("room")) == [events.ConsultStarted(OFFER, HELPER)]


def test_a_caller_who_joins_the_two_talks(consulting: Ear) -> None:
    consulting.hear(say("room", HELPER))
    assert consulting.hear(say("room", CALL)) == [events.TalkStarted(CALL, OFFER)]


def test_a_helper_who_comes_to_two_who_talk_begins_no_talk_and_no_consult(consulting: Ear) -> None:
    consulting.hear(say("room", CALL))
    assert consulting.hear(say("room", HELPER)) == []


def test_a_caller_left_by_the_listener_talks_with_the_helper(consulting: Ear) -> None:
    consulting.hear(say("room", HELPER), say("leave"), say("hangup"))
    assert consulting.hear(say("room", CALL)) == [events.TalkStarted(CALL, HELPER)]


def test_listeners_of_two_calls_in_one_bridge_speak_about_neither(consulting: Ear) -> None:
    consulting.mirror.offer(HELPER).call = "1700000000.2"
    assert consulting.hear(say("room", HELPER)) == []


def test_three_listeners_are_no_consult(consulting: Ear) -> None:
    third = "dcr-0a1b2c3d-3"
    consulting.mirror.offer(third).call = CALL
    consulting.hear(say("room", HELPER))
    assert consulting.hear(say("room", third)) == []


def test_two_calls_in_one_bridge_are_no_talk_with_a_listener(ear: Ear) -> None:
    ear.hear(say("arrived"), say("arrived", "1700000000.2"))
    assert ear.hear(say("enter", CALL), say("enter", "1700000000.2")) == []
