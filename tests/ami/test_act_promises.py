"""What an actor does with the commands about promises: what a listener hears, and who is rung."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from router.ami.call_back import Dialling
from router.core.commands import TellListener
from router.core.promise_commands import DialCaller, DropCallBack
from tests.ami.acting import Desk, ring
from tests.ami.words import ACCEPTED_BRIDGE, OFFER, put_in

Run = Callable[[Coroutine[Any, Any, None]], None]
PARIS = ZoneInfo("Europe/Paris")
LEG = "dcb-p-0a1b2c3d-1-1"
DIAL = DialCaller("p-0a1b2c3d-1", LEG, OFFER, "health", 30.0)


def test_who_is_rung_for_a_call_back_hears_by_when_it_is_owed_where_the_site_is(run: Run) -> None:
    async def test() -> None:
        desk = Desk(asyncio.get_running_loop())
        desk.actor.call_backs.dialling = Dialling(zone=PARIS)
        due = datetime(2026, 11, 22, 14, 30, tzinfo=PARIS).timestamp()
        _, fields = desk.do(replace(ring(), to_call_back=True, due_by=due, attempt=2))
        owed = "DECROCHE_OWED=decroche/hour-14&decroche/minute-30&decroche/attempt-2"
        assert {"DECROCHE_CALL_BACK=1", owed} <= set(fields["Variable"])

    run(test())


@pytest.mark.parametrize("words", ["promised", "not_promised"])
def test_whether_a_call_back_is_noted_is_told_on_the_leg_on_which_it_was_keyed(
    run: Run, words: str
) -> None:
    async def test() -> None:
        desk = Desk(asyncio.get_running_loop())
        told = TellListener(OFFER, words)  # type: ignore[arg-type]  # a row of the tests
        desk.actor.carry_out(told)
        assert desk.sent() == []
        desk.mirror.offer(OFFER).awaits_word = True
        action, fields = desk.do(told)
        assert (action, fields["Context"], fields["Exten"]) == (
            "Redirect",
            "decroche-wrapup",
            words,
        )

    run(test())


def test_the_caller_is_rung_when_the_listener_has_heard_what_it_is(run: Run) -> None:
    async def test() -> None:
        desk = Desk(asyncio.get_running_loop())
        desk.mirror.offer(OFFER).accepted = True
        desk.actor.carry_out(DIAL)
        desk.actor.settle()
        assert list(desk.mirror.dialled) == []
        put_in(desk.mirror, OFFER, ACCEPTED_BRIDGE)
        desk.actor.settle()
        assert list(desk.mirror.dialled) == [LEG]

    run(test())


def test_a_caller_who_is_not_to_be_rung_after_all_is_not(run: Run) -> None:
    async def test() -> None:
        desk = Desk(asyncio.get_running_loop())
        desk.mirror.offer(OFFER).accepted = True
        desk.actor.carry_out(DIAL)
        desk.actor.carry_out(DropCallBack(LEG))
        put_in(desk.mirror, OFFER, ACCEPTED_BRIDGE)
        desk.actor.settle()
        assert (desk.mirror.dialled, desk.sent()) == ({}, [])

    run(test())
