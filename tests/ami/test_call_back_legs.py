"""What Asterisk and the dialplan tell of a leg by which somebody is called back."""

from __future__ import annotations

import pytest

from router.ami.keypad import KeyBook
from router.ami.message import Message
from router.ami.mirror import CallerLeg, DialledLeg, Mirror
from router.ami.resync import Listed, missed_ends, resynced
from router.core import events
from router.core.promise_events import (
    CallBackAsked,
    CallBackEnd,
    CallBackEnded,
    CallBackTaken,
)
from router.core.seen import SeenCall
from tests.ami.hearing import Ear
from tests.ami.words import ARRIVED, CALL, OFFER, SEAL, message, say

LEG = "dcb-p-0a1b2c3d-1-1"
LATER_LEG = "dcb-p-0a1b2c3d-1-2"


@pytest.fixture
def ear() -> Ear:
    """Give an ear that knows of a leg that was ordered."""
    ear = Ear()
    ear.mirror.end_resync()
    ear.mirror.dialled[LEG] = DialledLeg()
    return ear


def said(what: str, leg: str = LEG, **changed: str) -> Message:
    """Say what the dialplan says of such a leg; the number that shows there is our own."""
    headers = {
        "CallerIDNum": "0805232336",
        "UserEvent": "DecrocheCallBack",
        "Token": SEAL.token(leg),
        "Leg": leg,
        "What": what,
        "Line": "health",
        "Arrived": f"{ARRIVED:.3f}",
    }
    return message("UserEvent", {**headers, **changed})


def state(word: str, leg: str = LEG) -> Message:
    return say("ringing", leg, ChannelStateDesc=word)


def test_who_says_that_it_is_them_is_a_caller_of_the_line_from_then_on(ear: Ear) -> None:
    assert ear.hear(say("new_channel", LEG), state("Ringing"), state("Up")) == []
    assert ear.hear(said("taken")) == [CallBackTaken(LEG)]
    assert (ear.mirror.dialled, list(ear.mirror.calls)) == ({}, [LEG])
    assert ear.hear(say("hangup", LEG)) == [events.CallerHungUp(LEG)]


def test_nobody_takes_our_own_number_for_that_of_whom_we_have_called_back(ear: Ear) -> None:
    ear.hear(said("taken"))
    assert ear.mirror.calls[LEG].caller is None
    (waiting,) = ear.hear(say("waiting", LEG))
    assert waiting == events.CallWaiting(LEG, "health", None, ARRIVED)


@pytest.mark.parametrize("how", ["no_key", "declined"])
def test_how_it_ended_is_told_once_though_the_leg_ends_after_it(ear: Ear, how: CallBackEnd) -> None:
    ear.hear(say("new_channel", LEG), state("Up"))
    assert ear.hear(said(how), say("hangup", LEG)) == [CallBackEnded(LEG, how)]


@pytest.mark.parametrize(
    ("cause", "how"),
    [
        ("17", "busy"),
        ("21", "no_answer"),
        ("18", "no_answer"),
        ("19", "no_answer"),
        ("16", "no_answer"),
        ("26", "no_answer"),
        ("31", "no_answer"),
        ("127", "unreachable"),
        ("1", "unreachable"),
        ("38", "unreachable"),
        ("", "unreachable"),
        ("x" * 65536, "unreachable"),
    ],
)
def test_why_nobody_picked_up_is_told_by_the_cause(ear: Ear, cause: str, how: CallBackEnd) -> None:
    ear.hear(say("new_channel", LEG), state("Ringing"))
    assert ear.hear(say("hangup", LEG, Cause=cause)) == [CallBackEnded(LEG, how)]
    assert ear.mirror.dialled == {}


def test_who_hangs_up_under_the_words_has_hung_up(ear: Ear) -> None:
    ear.hear(say("new_channel", LEG), state("Up"))
    assert ear.hear(say("hangup", LEG)) == [CallBackEnded(LEG, "hung_up")]


def test_a_leg_that_could_not_be_made_is_unreachable_and_one_that_was_tells_by_its_end(
    ear: Ear,
) -> None:
    assert ear.hear(say("not_placed", LEG)) == [CallBackEnded(LEG, "unreachable")]
    ear.mirror.dialled[LATER_LEG] = DialledLeg()
    told = ear.hear(say("new_channel", LATER_LEG), say("not_placed", LATER_LEG))
    assert (told, list(ear.mirror.dialled)) == ([], [LATER_LEG])


def test_nothing_is_told_of_a_leg_that_is_wanted_no_more(ear: Ear) -> None:
    for word in (said("taken"), said("no_key"), say("hangup", LEG), say("not_placed", LEG)):
        ear.mirror.dialled[LEG] = DialledLeg(dropped=True)
        assert ear.hear(word) == []
    assert ear.mirror.calls == {}


def test_a_leg_that_rings_is_there_though_nobody_told_that_it_was_made(ear: Ear) -> None:
    ear.mirror.dialled[LEG].dropped = True
    ear.hear(state("Ringing"))
    assert ear.mirror.dialled[LEG] == DialledLeg(exists=True, dropped=True)


def test_a_leg_that_was_ordered_on_a_link_before_and_comes_late_is_wanted_no_more(ear: Ear) -> None:
    ear.hear(say("new_channel", LATER_LEG))
    assert ear.mirror.dialled[LATER_LEG] == DialledLeg(exists=True, dropped=True)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (said("taken", Token="0" * 40), "wrong_token"),
        (said("taken", OFFER), "bad_id"),
        (said("taken", CALL), "bad_id"),
        (said("taken", f"{LEG};2"), "bad_id"),
        (said("taken", Line="../health"), "bad_name"),
        (said("taken", Arrived="nan"), "bad_time"),
        (said("accepted"), "bad_call_back_word"),
        (said(""), "bad_call_back_word"),
        (said("x" * 65536), "bad_call_back_word"),
        (say("new_channel", f"{LEG}\n"), "bad_id"),
    ],
)
def test_what_our_dialplan_cannot_have_said_is_refused(ear: Ear, bad: Message, reason: str) -> None:
    assert ear.refuses(bad) == reason


def test_the_key_for_it_and_the_choice_for_it_ask_for_a_call_back() -> None:
    ear = Ear()
    ear.keypad.book = KeyBook(codes={}, lines={"health": {"3": "call_back"}})
    ear.hear(say("arrived"))
    assert ear.hear(say("key", Key="3")) == [CallBackAsked(CALL)]
    assert ear.hear(say("choice", Choice="call_back")) == [CallBackAsked(CALL)]
    ear.hear(say("hangup", CALL))
    assert ear.hear(say("key", Key="3"), say("choice", Choice="call_back")) == []


def listed(context: str, shown_pass: str = "", *, up: bool = True) -> Listed:
    return Listed(LEG, context, "Read", up, "", "", held=False, caller=None, shown_pass=shown_pass)


@pytest.mark.parametrize("up", [False, True])
def test_a_leg_on_which_nobody_has_said_anything_is_found_by_a_daemon_that_has_just_started(
    *, up: bool
) -> None:
    mirror = Mirror()
    told = resynced(mirror, [listed("decroche-call-back", up=up)])
    assert (told.calls, told.offers, told.dialled) == ((), (), (LEG,))
    assert mirror.dialled[LEG] == DialledLeg(exists=True, picked_up=up)


def test_who_has_said_that_it_is_them_is_found_as_a_caller_of_the_line() -> None:
    told = resynced(Mirror(), [listed("decroche-hold", f"health/{ARRIVED:.3f}")])
    assert told.calls == (SeenCall(LEG, "health", None, ARRIVED, "waiting"),)
    assert told.dialled == ()


def test_who_says_so_while_the_listing_is_made_is_a_caller_and_no_dialled_leg() -> None:
    ear = Ear()
    assert ear.hear(said("taken")) == [CallBackTaken(LEG)]
    told = resynced(ear.mirror, [listed("decroche-call-back")])
    assert [one.call for one in told.calls] == [LEG]
    assert told.dialled == ()


def test_a_leg_that_ended_while_the_listing_was_made_is_not_found() -> None:
    ear = Ear()
    ear.hear(say("hangup", LEG))
    assert resynced(ear.mirror, [listed("decroche-call-back")]).dialled == ()


def test_a_leg_whose_end_was_missed_is_told_as_what_it_was() -> None:
    mirror = Mirror()
    mirror.dialled[LEG] = DialledLeg()
    mirror.dialled["dcb-p-dropped-1"] = DialledLeg(dropped=True)
    mirror.add_call(LATER_LEG, CallerLeg("health", None, ARRIVED))
    mirror.end_resync()
    assert missed_ends(mirror, mirror.legs(), ()) == []
    assert missed_ends(mirror, mirror.legs(), ()) == [
        events.CallerHungUp(LATER_LEG),
        CallBackEnded(LEG, "unreachable"),
    ]
    assert mirror.dialled == {}


def test_a_listener_who_hears_that_we_call_has_accepted() -> None:
    waits = "anne/p-0a1b2c3d-1"
    one = Listed(
        OFFER,
        "decroche-offer",
        "Playback",
        up=True,
        bridge="",
        bridge_name="",
        held=False,
        caller=None,
        shown_pass=waits,
        exten="calling",
    )
    (seen,) = resynced(Mirror(), [one]).offers
    assert (seen.call, seen.stage) == ("p-0a1b2c3d-1", "accepted")
