from __future__ import annotations

import pytest

from router.core.commands import (
    ConnectCall,
    StartConsult,
)
from router.core.events import (
    AnyEvent,
    CallerHungUp,
    ConnectFailed,
    FallbackAnswered,
    PbxResynced,
    TalkStarted,
)
from router.core.seen import SeenCall
from tests.ami.acting import HELPER, Desk, connect, dismissed, enter_both, know_both, place
from tests.ami.words import CALL, OFFER


def test_both_legs_of_a_talk_know_that_they_talked(desk: Desk) -> None:
    desk.actor.mark_talk(CALL, OFFER)
    assert desk.sent() == [
        ("Setvar", {"Variable": "DECROCHE_TALK", "Value": "1", "Channel": leg})
        for leg in (CALL, OFFER)
    ]


@pytest.mark.parametrize(
    "event",
    [
        TalkStarted(CALL, OFFER),
        PbxResynced((SeenCall(CALL, "health", None, 1.0, "talking", OFFER),), ()),
    ],
)
def test_a_talk_that_has_begun_or_is_found_is_marked(desk: Desk, event: AnyEvent) -> None:
    desk.actor.follow_up(event)
    assert [fields["Variable"] for _, fields in desk.sent()] == ["DECROCHE_TALK"] * 2


@pytest.mark.parametrize(
    "event",
    [
        FallbackAnswered(CALL),
        PbxResynced((SeenCall(CALL, "health", None, 1.0, "talking"),), ()),
    ],
)
def test_so_is_one_with_the_fallback_on_the_callers_leg_alone(desk: Desk, event: AnyEvent) -> None:
    desk.actor.follow_up(event)
    talked = {"Variable": "DECROCHE_TALK", "Value": "1", "Channel": CALL}
    assert desk.sent() == [("Setvar", talked)]


def test_the_marks_of_unseen_talks_are_taken_away_once_the_journal_has_them(desk: Desk) -> None:
    resynced = PbxResynced((), (), talked=("1700000000.7",))
    desk.actor.follow_up(resynced, stored=False)
    assert desk.sent() == []
    desk.actor.follow_up(resynced)
    assert desk.sent() == [("Setvar", {"Variable": "DECROCHE_TALKED", "Value": ""})]


def test_nothing_else_that_happens_is_told_to_the_dialplan(desk: Desk) -> None:
    waiting = SeenCall(CALL, "health", None, 1.0, "waiting")
    for event in (PbxResynced((waiting,), ()), CallerHungUp(CALL)):
        desk.actor.follow_up(event)
    assert desk.sent() == []


def test_after_a_talk_the_leg_goes_on_by_itself(desk: Desk) -> None:
    desk.mirror.offer(OFFER).picked_up = True
    desk.actor.carry_out(dismissed("talk_over"))
    assert desk.sent() == []


def test_a_leg_that_is_in_the_room_of_its_call_is_taken_out_of_it_after_the_talk(
    desk: Desk,
) -> None:
    know_both(desk)
    desk.actor.carry_out(StartConsult(CALL, OFFER, HELPER))
    assert desk.do(dismissed("talk_over")) == place(OFFER, "decroche-offer", "over")


def test_two_legs_are_joined_and_a_refusal_is_told(desk: Desk) -> None:
    connect(desk)
    assert [action for action, _ in desk.sent()] == ["Redirect", "Bridge"]
    desk.answer_last("Error")
    assert desk.told == [ConnectFailed(CALL, OFFER)]
    assert desk.actor.doubts


def test_a_talk_that_was_marked_can_be_joined_anew(desk: Desk) -> None:
    for _ in range(2):
        connect(desk)
        desk.actor.mark_talk(CALL, OFFER)
    assert [action for action, _ in desk.sent()].count("Bridge") == 2


def test_what_was_to_be_joined_on_a_lost_link_is_not_joined_on_the_next(desk: Desk) -> None:
    know_both(desk)
    desk.actor.carry_out(ConnectCall(CALL, OFFER))
    desk.use()
    enter_both(desk)
    desk.actor.connector.join_ready()
    assert [action for action, _ in desk.sent()] == ["Redirect"]


def test_a_listener_who_is_dismissed_is_not_joined_any_more(desk: Desk) -> None:
    know_both(desk)
    desk.actor.carry_out(ConnectCall(CALL, OFFER))
    desk.actor.carry_out(dismissed("timeout"))
    enter_both(desk)
    desk.actor.connector.join_ready()
    assert [action for action, _ in desk.sent()] == ["Redirect", "Hangup"]
