from __future__ import annotations

import pytest

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
from router.runtime.recovery import rebuild
from router.store.stream import Recovered

EVENTS: list[AnyEvent] = [
    EngineStarted("boot"),
    PolicyLoaded(
        Policy(
            lines={"health": Line("health", (Rung(0.0, {}),))},
            listeners={"anne": Listener("anne", {})},
        )
    ),
    ListenerCameOn("anne"),
    PbxResynced((), ()),
    CallArrived("1.1", "health", None, 1004.0),
]
ENTRIES = [Entry(1000.0 + number, event) for number, event in enumerate(EVENTS)]


def lived() -> Engine:
    engine = Engine()
    for entry in ENTRIES:
        engine.step(entry.event, entry.at)
    return engine


def test_the_journal_leads_to_the_state_that_was() -> None:
    assert rebuild(Recovered(entries=ENTRIES)).snapshot() == lived().snapshot()


def test_a_snapshot_and_what_came_after_it_lead_to_the_same_state() -> None:
    early = Engine()
    for entry in ENTRIES[:3]:
        early.step(entry.event, entry.at)
    rebuilt = rebuild(Recovered(snapshot=early.snapshot(), entries=ENTRIES[3:]))
    assert rebuilt.snapshot() == lived().snapshot()


def test_an_event_that_was_refused_then_is_refused_again() -> None:
    stray = Entry(1005.0, CallerHungUp("nobody"))
    assert rebuild(Recovered(entries=[*ENTRIES, stray])).snapshot() == lived().snapshot()


def test_a_snapshot_that_cannot_be_read_does_not_keep_the_daemon_from_starting() -> None:
    for bad in (b"", b"{}x", b'{"calls": 1}', b"\xff"):
        assert rebuild(Recovered(snapshot=bad)).state.calls == {}


def test_an_entry_that_the_engine_fails_at_does_not_end_every_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real_step = Engine.step

    def step(engine: Engine, event: AnyEvent, now: float) -> list[AnyCommand]:
        if isinstance(event, CallArrived):
            raise KeyError("a bug that nobody has found yet")
        return real_step(engine, event, now)

    monkeypatch.setattr(Engine, "step", step)
    assert rebuild(Recovered(entries=ENTRIES)).snapshot() == Engine().snapshot()
