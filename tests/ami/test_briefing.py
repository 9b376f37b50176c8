"""The caller is rung once the listener who has taken the call-back has heard what it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from router.ami import briefing
from router.ami.briefing import Briefings
from router.ami.mirror import Mirror
from router.core.commands import AnyCommand
from router.core.promise_commands import DialCaller, DropCallBack
from tests.ami.words import ACCEPTED_BRIDGE, OFFER, put_in

Run = Callable[[Coroutine[Any, Any, None]], None]
LEG = "dcb-p-0a1b2c3d-1-1"
DIAL = DialCaller("p-0a1b2c3d-1", LEG, OFFER, "health", 30.0)


class Desk:
    """The briefings of listeners, and who was rung."""

    def __init__(self) -> None:
        self.mirror = Mirror()
        self.mirror.offer(OFFER).accepted = True
        self.done: list[AnyCommand] = []
        self.is_rung = asyncio.Event()
        self.briefings = Briefings(self.mirror, self._carry_on)

    def hear_out(self) -> None:
        put_in(self.mirror, OFFER, ACCEPTED_BRIDGE)
        self.briefings.dial_ready()

    def _carry_on(self, command: AnyCommand) -> None:
        self.done.append(command)
        self.is_rung.set()


def test_nobody_is_rung_under_the_words_and_then_once(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.briefings.carry_out(DIAL)
        desk.briefings.dial_ready()
        assert desk.done == []
        for _ in range(2):
            desk.hear_out()
        assert desk.done == [DIAL]

    run(test())


def test_who_has_heard_them_already_has_the_caller_rung_at_once(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        put_in(desk.mirror, OFFER, ACCEPTED_BRIDGE)
        desk.briefings.carry_out(DIAL)
        assert desk.done == [DIAL]

    run(test())


def test_a_call_back_that_is_withdrawn_under_the_words_rings_nobody(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.briefings.carry_out(DIAL)
        desk.briefings.carry_out(DropCallBack(LEG))
        desk.hear_out()
        assert desk.done == []
        # Once the phone rings, that is for somebody else to see to.
        desk.briefings.carry_out(DropCallBack(LEG))
        assert desk.done == [DropCallBack(LEG)]

    run(test())


def test_what_was_ordered_on_a_lost_link_is_not_done_on_the_next(run: Run) -> None:
    async def test() -> None:
        desk = Desk()
        desk.briefings.carry_out(DIAL)
        desk.briefings.forget_all()
        desk.hear_out()
        assert desk.done == []

    run(test())


def test_a_listener_who_is_not_seen_to_wait_holds_a_promise_up_for_a_while_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefing, "BRIEFING_SECONDS", 0.02)

    async def test() -> None:
        desk = Desk()
        desk.briefings.carry_out(DIAL)
        await desk.is_rung.wait()
        desk.hear_out()
        assert desk.done == [DIAL]

    run(test())
