"""Calling somebody back: how they are rung, and what becomes of the leg."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from structlog.testing import capture_logs

from router.ami import call_back
from router.ami.call_back import Dialling
from router.ami.dialled import DialledLegs
from router.ami.mirror import CallerLeg, DialledLeg
from router.core.promise_commands import DropCallBack
from router.core.promise_events import CallBackEnded, CallBackTaken
from router.errors import StoreError
from tests.ami.calling_back import DIAL, LEG, NOON, NUMBER, Desk
from tests.ami.words import OFFER

Run = Callable[[Coroutine[Any, Any, None]], None]


def test_a_caller_is_rung_by_the_leg_that_was_named_and_sees_the_number_of_the_line(
    run: Run,
) -> None:
    async def test() -> None:
        desk = Desk()
        await desk.dial()
        assert desk.sent == [
            (
                "Originate",
                {
                    "ActionID": LEG,
                    "Channel": "Local/s@decroche-fence/n",
                    "ChannelId": LEG,
                    "OtherChannelId": f"other-{LEG}",
                    "Context": "decroche-call-back",
                    "Exten": "s",
                    "Priority": "1",
                    "Timeout": "30000",
                    "CallerID": "0805232336",
                    "Variable": [
                        "DECROCHE_LINE=health",
                        f"DECROCHE_DIAL=PJSIP/{NUMBER}@trunk",
                        "DECROCHE_DIAL_EPOCH=7",
                    ],
                },
            )
        ]
        assert list(desk.mirror.dialled) == [LEG]

    run(test())


def test_the_number_is_in_the_one_action_and_nowhere_else(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        with capture_logs() as logs:
            await desk.dial()
            desk.refuse()
        desk.sent.clear()
        held = repr((vars(desk), vars(desk.mirror), vars(desk.call_backs), desk.told, logs))
        assert NUMBER[-8:] not in held.replace(repr(desk._number), "")

    run(test())


def test_a_trunk_may_want_the_digits_alone(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.call_backs.dialling = Dialling(endpoint="PJSIP/00{digits}@trunk")
        await desk.dial()
        assert "DECROCHE_DIAL=PJSIP/0033639980042@trunk" in desk.sent[0][1]["Variable"]

    run(test())


@pytest.mark.parametrize(
    "number",
    [
        None,
        "",
        "+",
        "anonymous",
        "\u0660\u0661\u0662\u0663",
        "0639980042\r\nAction: Hangup",
        "0639980042@elsewhere",
        "06&PJSIP/0639980043",
        "+336399800420000000",
        StoreError("the store is down"),
        OSError("no key"),
    ],
)
def test_without_a_number_that_can_be_dialled_nothing_is_sent_and_it_is_told(
    run: Run, number: str | Exception | None
) -> None:
    async def test() -> None:
        desk = Desk(number)
        with capture_logs() as logs:
            await desk.dial()
        assert desk.sent == []
        assert desk.told == [CallBackEnded(LEG, "unreachable")]
        assert desk.mirror.dialled == {}
        assert [line["missing"] for line in logs] == ["number"]
        assert not number or str(number) not in repr(logs)

    run(test())


def test_where_no_trunk_is_named_nobody_is_dialled(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.call_backs.dialling = Dialling()
        await desk.dial()
        assert (desk.sent, desk.told) == ([], [CallBackEnded(LEG, "unreachable")])

    run(test())


def test_a_store_that_does_not_answer_keeps_no_listener_waiting(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_back, "NUMBER_SECONDS", 0.05)

    async def test() -> None:
        desk = Desk()
        desk.may_know.clear()
        await desk.dial()
        assert (desk.sent, desk.told) == ([], [CallBackEnded(LEG, "unreachable")])

    run(test())


def test_who_is_dropped_while_the_number_is_read_is_never_rung(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.may_know.clear()
        desk.do(DIAL)
        await desk.asked.wait()
        desk.do(DropCallBack(LEG))
        desk.may_know.set()
        await desk.settled()
        assert (desk.sent, desk.told, desk.mirror.dialled) == ([], [], {})

    run(test())


def test_who_was_to_be_rung_on_a_link_that_is_lost_is_not_rung_on_the_next(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.may_know.clear()
        desk.do(DIAL)
        await desk.asked.wait()
        desk.mirror.forget_all()
        desk.may_know.set()
        await desk.settled()
        assert (desk.sent, desk.told, desk.mirror.dialled) == ([], [], {})

    run(test())


def test_asterisks_refusal_to_dial_is_told(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        await desk.dial()
        desk.refuse()
        assert (desk.told, desk.mirror.dialled) == ([CallBackEnded(LEG, "unreachable")], {})

    run(test())


def test_a_leg_that_is_dropped_is_hung_up_once_and_only_when_it_is_there() -> None:
    desk = Desk()
    leg = desk.mirror.dialled[LEG] = DialledLeg()
    desk.do(DropCallBack(LEG))
    desk.call_backs.hang_up_dropped()
    assert desk.sent == []
    leg.exists = True
    for _ in range(2):
        desk.call_backs.hang_up_dropped()
    assert desk.sent == [("Hangup", {"Channel": LEG})]


def test_nobody_is_hung_up_on_who_has_just_said_that_it_is_them() -> None:
    desk = Desk()
    desk.mirror.dialled[LEG] = DialledLeg(exists=True, picked_up=True)
    as_caller = CallerLeg("health", None, NOON)
    # The listener's end and this key may come at once: both are read before either has led to
    # anything.
    assert DialledLegs(desk.mirror).taken(LEG, as_caller) == [CallBackTaken(LEG)]
    desk.do(DropCallBack(LEG))
    desk.call_backs.hang_up_dropped()
    assert (desk.sent, desk.mirror.calls) == ([], {LEG: as_caller})


DUE_AT_12_30 = "decroche/hour-12&decroche/minute-30"


def test_a_listener_who_waited_for_a_call_back_is_known_to_be_with_that_caller() -> None:
    desk = Desk()
    leg = desk.mirror.offer(OFFER)
    leg.listener, leg.call = "anne", DIAL.promise
    desk.call_backs.connecting(LEG, OFFER)
    shown = {"Channel": OFFER, "Variable": "DECROCHE_PASS", "Value": f"anne/{LEG}"}
    assert (desk.sent, leg.call) == ([("Setvar", shown)], LEG)
