from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from router.ami.act import Actor, Phones
from router.ami.errors import ActionTimedOut
from router.ami.link import AmiLink
from router.ami.menu import MenuVerdict
from router.ami.mirror import CallerLeg, Mirror
from router.ami.pending import Fields, PendingAction
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
    RingListener,
    SayWhileWaiting,
    SendToFallback,
    StartConsult,
    TellListener,
)
from router.core.events import (
    AnyEvent,
    CallerHungUp,
    ConnectFailed,
    OfferFailed,
    PbxResynced,
    SeenCall,
    TalkStarted,
)
from tests.ami.fake_link import FakeLink
from tests.ami.words import ACCEPTED_BRIDGE, CALL, JOIN_BRIDGE, OFFER, put_in, response

PHONES = Phones(
    endpoints={"anne": "PJSIP/0199000011@trunk", "hostile": "PJSIP/x\r\nAction: Hangup"},
    caller_ids={"health": "0805232336"},
)


def ring(listener: str = "anne", line: str = "health", *, known: bool = True) -> RingListener:
    return RingListener(OFFER, CALL, listener, line, known, 20.0, 1700000000.0)


HELPER = "dcr-0a1b2c3d-2"
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


class Desk:
    """An actor, the link it acts on, and the events it told."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.mirror = Mirror()
        self.link = FakeLink(loop)
        self.told: list[AnyEvent] = []
        self.actor = Actor(self.mirror, PHONES, self.told.append)
        self.use()
        self.complaints: list[str] = []
        self._loop = loop
        loop.set_exception_handler(lambda _, context: self.complaints.append(str(context)))

    def use(self) -> None:
        self.actor.use(cast("AmiLink", self.link))

    def sent(self) -> list[tuple[str, Fields]]:
        return [(one.action, one.fields) for one in self.link.sent]

    def do(self, command: AnyCommand) -> tuple[str, Fields]:
        """Carry a command out, and give the one action that it makes."""
        before = len(self.link.sent)
        self.actor.carry_out(command)
        (sent,) = self.link.sent[before:]
        return sent.action, sent.fields

    def answer_last(self, answer: str | Exception | None) -> None:
        """Answer the last action by a word or a failure; by None its answer is given up."""
        future = self.link.sent[-1].answer
        if answer is None:
            future.cancel()
        elif isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(response(answer))
        self._loop.run_until_complete(asyncio.sleep(0))


@pytest.fixture
def desk() -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        desk = Desk(runner.get_loop())
        yield desk
        assert desk.complaints == []


def setting(variable: str, value: str) -> tuple[str, Fields]:
    return "Setvar", {"Variable": variable, "Value": value, "Channel": CALL}


def place(leg: str, context: str, exten: str) -> tuple[str, Fields]:
    return "Redirect", {"Channel": leg, "Context": context, "Exten": exten, "Priority": "1"}


def test_a_listener_is_rung_with_all_that_the_dialplan_needs(desk: Desk) -> None:
    assert desk.do(ring()) == (
        "Originate",
        {
            "ActionID": OFFER,
            "Channel": "PJSIP/0199000011@trunk",
            "ChannelId": OFFER,
            "Context": "decroche-offer",
            "Exten": "s",
            "Priority": "1",
            "Timeout": "25000",
            "CallerID": "0805232336",
            "Variable": [
                "DECROCHE_LINE=health",
                "DECROCHE_KNOWN=1",
                "DECROCHE_HELP=0",
                f"DECROCHE_PASS=anne/{CALL}",
            ],
        },
    )


def test_on_the_wire_a_ring_is_asynchronous_and_keeps_its_own_id(desk: Desk) -> None:
    name, fields = desk.do(ring())

    async def wire() -> list[str]:
        return bytes(PendingAction(name, fields)).decode().split("\r\n")

    lines = asyncio.run(wire())
    assert "Async: true" in lines
    assert [line for line in lines if line.startswith("ActionID")] == [f"ActionID: {OFFER}"]


def test_no_variable_has_a_comma_where_asterisk_would_begin_another(desk: Desk) -> None:
    _, fields = desk.do(ring())
    assert not [one for one in fields["Variable"] if "," in one]


def test_an_unknown_caller_and_a_line_without_a_number_are_said_as_such(desk: Desk) -> None:
    _, fields = desk.do(ring(line="students", known=False))
    assert "DECROCHE_KNOWN=0" in fields["Variable"]
    assert fields["CallerID"] == ""


def test_a_rung_leg_is_known_to_the_mirror_and_not_yet_made(desk: Desk) -> None:
    desk.do(ring())
    leg = desk.mirror.offers[OFFER]
    assert (leg.listener, leg.call, leg.exists) == ("anne", CALL, False)


@pytest.mark.parametrize("listener", ["nobody", "hostile"])
def test_a_listener_who_cannot_be_rung_is_told_at_once(desk: Desk, listener: str) -> None:
    with capture_logs() as logs:
        desk.actor.carry_out(ring(listener))
    assert desk.told == [OfferFailed(OFFER, "refused")]
    assert desk.sent() == []
    assert desk.mirror.offers == {}
    assert [line["event"] for line in logs] == ["action_not_sent"] * (listener == "hostile")
    assert "PJSIP" not in str(logs)


def test_a_ring_that_asterisk_refuses_is_told_and_its_leg_forgotten(desk: Desk) -> None:
    desk.do(ring())
    desk.answer_last("Error")
    assert desk.told == [OfferFailed(OFFER, "refused")]
    assert desk.mirror.offers == {}
    assert desk.actor.doubts


@pytest.mark.parametrize("answer", ["Success", ActionTimedOut("no answer"), None])
def test_a_ring_that_is_not_refused_tells_nothing(
    desk: Desk, answer: str | Exception | None
) -> None:
    desk.do(ring())
    desk.answer_last(answer)
    assert desk.told == []
    assert list(desk.mirror.offers) == [OFFER]
    assert not desk.actor.doubts


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


def test_nothing_else_that_happens_is_told_to_the_dialplan(desk: Desk) -> None:
    waiting = SeenCall(CALL, "health", None, 1.0, "waiting")
    for event in (PbxResynced((waiting,), ()), CallerHungUp(CALL)):
        desk.actor.follow_up(event)
    assert desk.sent() == []


@pytest.mark.parametrize("why", ["taken", "caller_left", "timeout", "unknown"])
def test_a_phone_that_still_rings_just_stops(desk: Desk, why: str) -> None:
    desk.mirror.offer(OFFER)
    assert desk.do(dismissed(why)) == ("Hangup", {"Channel": OFFER})


@pytest.mark.parametrize("why", ["taken", "caller_left", "timeout"])
def test_who_has_picked_up_hears_that_the_call_is_taken(desk: Desk, why: str) -> None:
    desk.mirror.offer(OFFER).picked_up = True
    assert desk.do(dismissed(why)) == place(OFFER, "decroche-offer", "taken")


@pytest.mark.parametrize("picked_up", [False, True])
def test_a_leg_that_nobody_knows_of_is_hung_up(desk: Desk, picked_up: bool) -> None:  # noqa: FBT001  a row
    if picked_up:
        desk.mirror.offer(OFFER).picked_up = True
    assert desk.do(dismissed("unknown")) == ("Hangup", {"Channel": OFFER})


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


def test_who_is_rung_to_help_is_told_so_by_the_dialplan(desk: Desk) -> None:
    _, fields = desk.do(replace(ring(), to_help=True))
    assert "DECROCHE_HELP=1" in fields["Variable"]


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


def dismissed(why: str) -> DismissListener:
    return DismissListener(OFFER, why)  # type: ignore[arg-type]  # a row of the tests


def know_both(desk: Desk) -> None:
    desk.mirror.add_call(CALL, CallerLeg("health", None, 1700000000.0))
    desk.mirror.offer(OFFER)


def enter_both(desk: Desk) -> None:
    put_in(desk.mirror, CALL, JOIN_BRIDGE)
    put_in(desk.mirror, OFFER, ACCEPTED_BRIDGE)


def connect(desk: Desk) -> None:
    know_both(desk)
    desk.actor.carry_out(ConnectCall(CALL, OFFER))
    enter_both(desk)
    desk.actor.connector.join_ready()
