"""What each beat of the daemon's heart brings with it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from router.ami.act import Actor
from router.observe.metrics import Metrics
from router.runtime.inbox import Inbox
from router.runtime.intake import Intake
from router.runtime.loop import Loop
from router.runtime.pulse import CHECK_EVERY_SECONDS, STUCK_SECONDS, Pulse

STARTED_AT = 1_700_000_000.0
BEAT_SECONDS = 10.0
"""A beat takes no time; on two busy cores this must still be enough."""


class Around:
    """Stands where intake, actor and loop are, and notes what a beat asks of them."""

    def __init__(self) -> None:
        self.now = STARTED_AT
        self.turned_at = STARTED_AT
        self.doubtful = False
        self.asked: list[str] = []
        self.inbox = Inbox()
        self._pulse = Pulse(
            actor=cast("Actor", self),
            loop=cast("Loop", self),
            metrics=Metrics(),
            inbox=self.inbox,
            intake=cast("Intake", self),
            clock=lambda: self.now,
        )

    def beat(self, _now: float) -> None:
        self.asked.append("beat")

    def check(self) -> None:
        self.asked.append("check")

    def begin_anew(self) -> None:
        self.asked.append("begin anew")

    def asked_at(self, now: float) -> list[str]:
        """Give what the beat at this time asks for."""
        self.now = now
        self.asked.clear()
        asyncio.run(self._one_beat())
        return list(self.asked)

    async def _one_beat(self) -> None:
        beating = asyncio.create_task(self._pulse.run())
        await asyncio.wait_for(self.inbox.wait(), BEAT_SECONDS)
        beating.cancel()


@pytest.fixture
def around() -> Around:
    return Around()


def test_the_dialplan_hears_the_heart_beat(around: Around) -> None:
    assert around.asked_at(STARTED_AT + 2) == ["beat"]


def test_a_loop_that_is_stuck_is_not_spoken_for(around: Around) -> None:
    assert around.asked_at(STARTED_AT + STUCK_SECONDS + 0.1) == []


@pytest.mark.parametrize("later_seconds", [CHECK_EVERY_SECONDS, -CHECK_EVERY_SECONDS])
def test_now_and_then_a_look_is_had_though_the_clock_be_set_back(
    around: Around, later_seconds: float
) -> None:
    around.turned_at = STARTED_AT + later_seconds
    assert around.asked_at(STARTED_AT + later_seconds) == ["beat", "check"]
    assert around.asked_at(STARTED_AT + later_seconds) == ["beat"]


def test_where_something_seems_wrong_a_look_is_had_at_once(around: Around) -> None:
    around.doubtful = True
    assert around.asked_at(STARTED_AT + 2) == ["beat", "check"]


def test_once_messages_were_refused_all_is_begun_anew_once(around: Around) -> None:
    around.inbox.overflowed = around.doubtful = True
    assert around.asked_at(STARTED_AT + 2) == ["beat", "begin anew"]
    around.doubtful = False
    assert around.asked_at(STARTED_AT + 4) == ["beat"]
