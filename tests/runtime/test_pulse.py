"""What each beat of the daemon's heart brings with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from structlog.testing import capture_logs

from router.ami.act import Actor
from router.observe.metrics import Metrics
from router.runtime import pulse
from router.runtime.inbox import Inbox
from router.runtime.intake import Intake
from router.runtime.loop import Loop
from router.runtime.pulse import CHECK_EVERY_SECONDS, STUCK_SECONDS, Pulse

STARTED_AT = 1_700_000_000.0
BEAT_SECONDS = 30.0
"""A beat takes no time; on two busy cores this must still be enough."""


class Around:
    """Stands where intake, actor and loop are, and notes what a beat asks of them."""

    def __init__(self) -> None:
        self.now = STARTED_AT
        self.still_seconds = 0.0
        self.beats = asyncio.Queue[float]()
        self.doubtful = False
        self.asked: list[str] = []
        self.looks_at_fence = 0
        self.looks_for_echo = 0
        self.inbox = Inbox()
        self._pulse = self._pulse_by(lambda: self.now)

    def _pulse_by(self, clock: Callable[[], float]) -> Pulse:
        return Pulse(
            actor=cast("Actor", self),
            loop=cast("Loop", self),
            metrics=Metrics(),
            inbox=self.inbox,
            intake=cast("Intake", self),
            clock=clock,
        )

    def beat(self, now: float) -> None:
        self.asked.append("beat")
        self.beats.put_nowait(now)

    def look_at_fence(self) -> None:
        self.looks_at_fence += 1

    def look_at_echo(self) -> None:
        self.looks_for_echo += 1

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

    async def beats_around_a_leap(self, seconds: float) -> list[float]:
        """Give the beats before and after the clock is put by so much."""
        leap_seconds = 0.0
        pulse = self._pulse_by(lambda: STARTED_AT + leap_seconds)
        beating = asyncio.create_task(pulse.run())
        try:
            first = await asyncio.wait_for(self.beats.get(), BEAT_SECONDS)
            leap_seconds = seconds
            return [first, await asyncio.wait_for(self.beats.get(), BEAT_SECONDS)]
        finally:
            beating.cancel()

    async def _one_beat(self) -> None:
        beating = asyncio.create_task(self._pulse.run())
        await asyncio.wait_for(self.inbox.wait(), BEAT_SECONDS)
        beating.cancel()


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Around:
    """Give what is around a heart that beats once; by no clock does time pass but by a test's."""
    monkeypatch.setattr(pulse, "BEAT_EVERY_SECONDS", 100 * BEAT_SECONDS)
    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: 0.0))
    return Around()


def test_the_dialplan_hears_the_heart_beat(around: Around) -> None:
    assert around.asked_at(STARTED_AT + 2) == ["beat"]
    assert around.looks_for_echo == 1


def test_a_loop_that_is_stuck_is_not_spoken_for(around: Around) -> None:
    around.still_seconds = STUCK_SECONDS + 0.1
    assert around.asked_at(STARTED_AT + 2) == []
    assert around.looks_for_echo == 0, "it may be there, unread"


@pytest.mark.parametrize("seconds", [60.0, -60.0])
def test_a_clock_that_leaps_has_a_beat_at_once_as_the_dialplan_goes_by_it(
    around: Around, seconds: float
) -> None:
    with capture_logs() as lines:
        first, second = asyncio.run(around.beats_around_a_leap(seconds))
    assert second - first == seconds
    assert [(line["event"], line["seconds"]) for line in lines] == [("clock_leapt", seconds)]


def test_each_beat_sees_whether_a_newer_daemon_is_there(around: Around) -> None:
    around.asked_at(STARTED_AT)
    around.asked_at(STARTED_AT + 2)
    assert around.looks_at_fence == 2


@pytest.mark.parametrize("later_seconds", [CHECK_EVERY_SECONDS, -CHECK_EVERY_SECONDS])
def test_now_and_then_a_look_is_had_though_the_clock_be_set_back(
    around: Around, later_seconds: float
) -> None:
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
