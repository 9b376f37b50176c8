"""The loop's one order: translate, journal, step, dispatch."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import pytest

from router.ami.act import Actor
from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import (
    AnyEvent,
    CallArrived,
    CallerHungUp,
    EngineStarted,
    ListenerCameOn,
    PbxResynced,
    PolicyLoaded,
)
from router.core.policy import Line, Listener, Policy, Rung
from router.observe.metrics import Metrics
from router.runtime.inbox import Inbox
from router.runtime.intake import Intake
from router.runtime.loop import Loop
from router.runtime.promise_desk import PromiseDesk
from router.runtime.recorder import Recorder
from router.runtime.said_wait import SaidWaits
from router.store.journal import Journal

POLICY = Policy(
    lines={"health": Line("health", (Rung(0.0, {"health": 1}),))},
    listeners={"anne": Listener("anne", {"health": 1})},
)
START: list[AnyEvent] = [
    EngineStarted("boot"),
    PolicyLoaded(POLICY),
    ListenerCameOn("anne"),
    PbxResynced((), ()),
]


class Diary:
    """Stands where the journal and Asterisk are, and writes down in which order they are used."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, Any]] = []
        self.durable = True

    async def append(self, entries: Sequence[Entry]) -> bool:
        await asyncio.to_thread(lambda: None)  # something else may run before it is durable
        self.pages += [("journalled", entry.event) for entry in entries]
        return self.durable

    async def save_snapshot(self, data: bytes) -> bool:
        self.pages.append(("snapshot", len(data)))
        return self.durable

    def carry_out(self, command: AnyCommand) -> None:
        self.pages.append(("commanded", command))

    def follow_up(self, event: AnyEvent, *, stored: bool) -> None:
        self.pages.append(("followed_up", event))
        assert stored == self.durable, "what goes on at Asterisk depends on it"

    def settle(self) -> None:
        self.pages.append(("joined", None))

    def events_of(self, item: AnyEvent) -> list[AnyEvent]:
        return [item]

    def of(self, kind: str) -> list[Any]:
        return [page for what, page in self.pages if what == kind]


@pytest.fixture
def diary() -> Diary:
    return Diary()


class DeskDiary:
    """Stands where the desk for promises is."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary

    def carry_out(self, command: AnyCommand) -> None:
        self._diary.pages.append(("desk_commanded", command))

    def hear(self, event: AnyEvent, *, stored: bool) -> None:
        self._diary.pages.append(("desk_heard", event))
        assert stored == self._diary.durable, "the desk knows what the journal does not hold"


def loop_with(diary: Diary, inbox: Inbox) -> Loop:
    metrics = Metrics()
    return Loop(
        engine=Engine(),
        inbox=inbox,
        intake=cast("Intake", diary),
        journal=cast("Journal", diary),
        actor=cast("Actor", diary),
        recorder=Recorder(metrics, lambda *_: False, SaidWaits(lambda *_: None)),
        metrics=metrics,
        clock=lambda: 1_700_000_000.0,
        desk=cast("PromiseDesk", DeskDiary(diary)),
    )


def turn_with(diary: Diary, events: list[AnyEvent]) -> Loop:
    inbox = Inbox()
    loop = loop_with(diary, inbox)
    for event in events:
        inbox.put(event)
    asyncio.run(loop.turn())
    return loop


def test_every_event_is_journalled_before_anything_it_causes_leaves(diary: Diary) -> None:
    turn_with(diary, [*START, CallArrived("1.1", "health", None, 1_700_000_000.0)])
    kinds = [what for what, _ in diary.pages]
    assert "commanded" in kinds
    assert "journalled" not in kinds[kinds.index("commanded") :]


def test_the_desk_for_promises_has_each_command_and_each_event_that_was_taken(
    diary: Diary,
) -> None:
    turn_with(diary, [*START, CallerHungUp("unknown")])
    assert diary.of("desk_commanded") == diary.of("commanded")
    assert diary.of("desk_heard") == START
    kinds = [what for what, _ in diary.pages]
    assert "journalled" not in kinds[kinds.index("desk_heard") :]


def test_the_dialplan_hears_of_an_event_once_it_is_journalled_and_taken_and_of_no_other(
    diary: Diary,
) -> None:
    turn_with(diary, [*START, CallerHungUp("unknown")])
    kinds = [what for what, _ in diary.pages]
    assert "journalled" not in kinds[kinds.index("followed_up") :]
    assert diary.of("followed_up") == START


def test_all_that_has_come_is_journalled_in_one_go(diary: Diary) -> None:
    turn_with(diary, START)
    assert diary.of("journalled") == START


def test_without_a_journal_calls_are_routed_all_the_same(diary: Diary) -> None:
    diary.durable = False
    turn_with(diary, [*START, CallArrived("1.1", "health", None, 1_700_000_000.0)])
    assert [type(command).__name__ for command in diary.of("commanded")] == [
        "AcknowledgeCall",
        "RingListener",
    ]


def test_an_event_that_does_not_fit_is_passed_over_and_the_next_one_is_taken(
    diary: Diary,
) -> None:
    arrived = CallArrived("1.1", "health", None, 1_700_000_000.0)
    loop = turn_with(diary, [*START, CallerHungUp("unknown"), arrived, arrived])
    assert list(loop.engine.state.calls) == ["1.1"]


def test_what_has_come_before_the_stop_is_worked_through_and_a_snapshot_is_left(
    diary: Diary,
) -> None:
    async def scene() -> Loop:
        inbox = Inbox()
        loop = loop_with(diary, inbox)
        for event in START:
            inbox.put(event)
        loop.stop()
        await asyncio.wait_for(loop.run(), 30)
        return loop

    loop = asyncio.run(scene())
    assert loop.engine.state.pbx_up
    assert diary.pages[-1][0] == "snapshot"
