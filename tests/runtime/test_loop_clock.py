"""What the loop looks after by the clock, though that be set back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

from router.ami.act import Actor
from router.core.engine import Engine
from router.core.floor import State
from router.observe.metrics import Metrics
from router.runtime.inbox import Inbox
from router.runtime.intake import Intake
from router.runtime.loop import Loop
from router.runtime.recorder import Recorder
from router.store.journal import Journal
from tests.runtime.test_loop import Diary

STARTED_AT = 1_700_000_000.0
HOUR_SECONDS = 3_600.0


class Lookout:
    """Stands where the recorder is, and notes when it was asked to look ahead."""

    def __init__(self) -> None:
        self.now = STARTED_AT
        self.looked_at: list[float] = []

    def tell_violations(self, found: Sequence[str]) -> None:
        assert not found

    def look_ahead(self, _state: State, now: float) -> None:
        self.looked_at.append(now)


def loop_by(lookout: Lookout, diary: Diary) -> Loop:
    return Loop(
        engine=Engine(),
        inbox=Inbox(),
        intake=cast("Intake", diary),
        journal=cast("Journal", diary),
        actor=cast("Actor", diary),
        recorder=cast("Recorder", lookout),
        metrics=Metrics(),
        clock=lambda: lookout.now,
    )


def test_an_hour_that_comes_twice_is_looked_after_twice() -> None:
    lookout, diary = Lookout(), Diary()
    loop = loop_by(lookout, diary)
    asyncio.run(loop.turn())
    lookout.now -= HOUR_SECONDS
    asyncio.run(loop.turn())
    assert lookout.looked_at == [STARTED_AT, STARTED_AT - HOUR_SECONDS]


def test_a_clock_that_was_put_forward_makes_no_loop_stand_still() -> None:
    lookout, diary = Lookout(), Diary()
    loop = loop_by(lookout, diary)
    asyncio.run(loop.turn())
    lookout.now += HOUR_SECONDS
    assert loop.still_seconds < HOUR_SECONDS / 60


def test_a_quiet_line_leaves_a_snapshot_each_day_so_that_what_is_old_can_go() -> None:
    lookout, diary = Lookout(), Diary()
    loop = loop_by(lookout, diary)
    for _ in range(3 * 24 + 1):
        asyncio.run(loop.turn())
        lookout.now += HOUR_SECONDS
    assert len(diary.of("snapshot")) == 3
