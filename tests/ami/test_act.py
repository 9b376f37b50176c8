from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from router.ami.menu import MenuVerdict
from router.core.commands import (
    AcknowledgeCall,
    AnyCommand,
    BringCallerIn,
    ConnectCall,
    DismissListener,
    OfferChoice,
    ReportAnswer,
    ReportOffer,
    ReportOutcome,
    SayWhileWaiting,
    SendToFallback,
    StartConsult,
    TellListener,
)
from tests.ami.acting import HELPER, Desk, place, ring, setting
from tests.ami.words import CALL, OFFER

COMMANDS: list[AnyCommand] = [
    ring(),
    DismissListener(OFFER, "timeout"),
    ConnectCall(CALL, OFFER),
    AcknowledgeCall(CALL),
    SendToFallback(CALL),
    OfferChoice(CALL),
    SayWhileWaiting(CALL, "hold-further"),
    StartConsult(CALL, OFFER, HELPER),
    BringCallerIn(CALL, OFFER),
    TellListener(OFFER, "sought"),
]


def test_a_caller_is_acknowledged_on_the_own_channel(desk: Desk) -> None:
    assert desk.do(AcknowledgeCall(CALL)) == (
        "Setvar",
        {"Variable": "DECROCHE_ACK", "Value": "1", "Channel": CALL},
    )


def test_a_caller_is_handed_to_the_fallback(desk: Desk) -> None:
    assert desk.do(SendToFallback(CALL)) == place(CALL, "decroche-fallback", "asked")


def test_that_a_callers_listener_is_busy_is_left_for_the_dialplan_to_find_so_no_words_are_cut(
    desk: Desk,
) -> None:
    assert desk.do(OfferChoice(CALL)) == setting("DECROCHE_USUAL", "busy")


def test_hold_words_are_left_for_the_dialplan_to_say_from_the_next_turn_on(desk: Desk) -> None:
    said = desk.do(SayWhileWaiting(CALL, "hold-further"))
    assert said == setting("DECROCHE_WORDS", "hold-further")


def test_how_long_it_may_take_is_left_for_the_dialplan_to_say_once(desk: Desk) -> None:
    for prompt in ("wait-under-2", ""):
        desk.actor.tell_wait(CALL, prompt)
        assert desk.sent()[-1] == setting("DECROCHE_WAIT", prompt)


def test_the_heartbeat_is_a_global_in_whole_seconds(desk: Desk) -> None:
    desk.actor.beat(1700000000.9)
    assert desk.sent() == [("Setvar", {"Variable": "DECROCHE_BEAT", "Value": "1700000000"})]


def test_a_menu_is_answered_where_it_is(desk: Desk) -> None:
    desk.actor.answer_menu(MenuVerdict("1700000000.7", None, "paused"))
    assert desk.sent() == [place("1700000000.7", "decroche-menu", "paused")]


def test_reports_are_not_for_asterisk(desk: Desk) -> None:
    desk.actor.carry_out(ReportAnswer(CALL, "health", "anne", 1.0))
    desk.actor.carry_out(ReportOffer(OFFER, CALL, "anne", "health", "talked"))
    desk.actor.carry_out(ReportOutcome(CALL, "health", "answered", 1.0, 60.0, 1))
    assert (desk.sent(), desk.told) == ([], [])


def test_a_refused_word_is_doubted_and_logged_without_its_fields(desk: Desk) -> None:
    desk.do(AcknowledgeCall(CALL))
    assert not desk.actor.doubts
    with capture_logs() as logs:
        desk.answer_last("Error")
    assert desk.actor.doubts
    assert logs == [{"event": "action_refused", "action": "Setvar", "log_level": "info"}]


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_link_nothing_is_sent_or_believed(desk: Desk, command: AnyCommand) -> None:
    desk.actor.use(None)
    desk.actor.carry_out(command)
    desk.actor.connector.join_ready()
    desk.actor.beat(1700000000.0)
    assert (desk.sent(), desk.told, desk.mirror.offers) == ([], [], {})


@pytest.mark.parametrize("command", COMMANDS)
def test_on_a_link_that_has_just_gone_down_nothing_is_told(desk: Desk, command: AnyCommand) -> None:
    desk.link.is_down = True
    desk.actor.carry_out(command)
    assert (desk.sent(), desk.told, desk.actor.doubts) == ([], [], False)
