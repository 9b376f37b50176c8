from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from router.ami.errors import ActionTimedOut
from router.ami.pending import PendingAction
from router.core.events import (
    OfferFailed,
)
from tests.ami.acting import Desk, dismissed, place, ring
from tests.ami.words import CALL, OFFER


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
                "DECROCHE_CALL_BACK=0",
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


def test_who_is_rung_to_help_is_told_so_by_the_dialplan(desk: Desk) -> None:
    _, fields = desk.do(replace(ring(), to_help=True))
    assert "DECROCHE_HELP=1" in fields["Variable"]
