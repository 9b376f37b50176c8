"""What is shrunk may be shown: a journal of a site begins with a state that names everybody."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from router.core import engine as engine_module
from router.core.engine import Engine
from router.core.entry import decode
from router.core.event import Event
from router.core.events import CallArrived, CallerHungUp, OfferAccepted
from router.core.floor import Floor, State
from router.core.machine import EventRefused
from router.past.journal import lines_of, read
from simulations.run import simulate
from simulations.scenario import load
from simulations.shrink.attempt import attempt
from simulations.shrink.command import shrink


@cache
def half_a_journal() -> tuple[tuple[Any, ...], bytes]:
    """Give the second half of some days, and the state that it goes on from."""
    told = io.BytesIO()
    simulate("small_hours", load("small_hours", ("days=3",)), 3, trace=told)
    entries = [decode(line) for line in told.getvalue().splitlines()]
    engine, half = Engine(), len(entries) // 2
    for entry in entries[:half]:
        with suppress(EventRefused):
            engine.step(entry.event, entry.at)
    return tuple(entries[half:]), engine.snapshot()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "night.jsonl"
    entries, snapshot = half_a_journal()
    path.write_bytes(b"".join(lines_of(entries, snapshot)))
    return path


def break_at(monkeypatch: pytest.MonkeyPatch, kind: type[Event], fails: Any) -> None:
    """Have the engine fail at an event of this kind, after it was taken in, where `fails` says."""
    handlers: dict[type[Event], Any] = dict(engine_module._HANDLERS)
    whole = handlers[kind]

    def broken(floor: Floor, event: Any, now: float) -> None:
        whole(floor, event, now)
        if fails(floor.state, event):
            raise ZeroDivisionError

    monkeypatch.setattr(engine_module, "_HANDLERS", handlers | {kind: broken})


def strings(part: Any) -> Iterator[str]:
    """Give every string of a trace, and every key."""
    if isinstance(part, dict):
        yield from part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from strings(one)
    elif isinstance(part, str):
        yield part


def said_in(path: Path) -> set[str]:
    return {one for line in path.read_text().splitlines() for one in strings(json.loads(line))}


def names_of(state: State) -> set[str]:
    policy = state.policy
    pools = {one.pool for one in policy.listeners.values()}
    return {*state.acquaintances.by_caller, *policy.listeners, *policy.lines, *pools}


def test_a_small_trace_of_a_site_names_nobody_and_breaks_the_same(
    journal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, snapshot = half_a_journal()
    names = names_of(Engine.restore(snapshot).state)
    assert len(names) > 10
    assert names <= said_in(journal)
    break_at(monkeypatch, OfferAccepted, lambda state, _: len(state.acquaintances.by_caller) != 1)
    out = tmp_path / "small.jsonl"
    assert shrink(journal, out=out) == 0
    assert not names & said_in(out)
    said = capsys.readouterr().out
    assert not {name for name in names if f" {name} " in said}
    assert "Callers, listeners, pools and lines have other names in it" in said
    small = read(out)
    again = attempt(small.entries, small.snapshot)
    assert again.breakage is not None
    assert again.breakage.words.startswith("ZeroDivisionError")
    assert out.stat().st_size < len(snapshot)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_whoever_the_breakage_does_without_is_not_in_it(
    journal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at(monkeypatch, CallArrived, lambda *_: True)
    out = tmp_path / "small.jsonl"
    assert shrink(journal, out=out) == 0
    left = read(out).snapshot
    assert left is not None
    state = Engine.restore(left).state
    assert not state.acquaintances.by_caller
    assert len(state.listeners) < len(Engine.restore(half_a_journal()[1]).state.listeners)


def test_a_breakage_that_hangs_on_a_name_is_kept_and_that_is_said(
    journal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (line,) = Engine.restore(half_a_journal()[1]).state.policy.lines
    break_at(monkeypatch, CallArrived, lambda _, event: event.line == line)
    out = tmp_path / "small.jsonl"
    assert shrink(journal, out=out) == 0
    assert line in said_in(out)
    assert "It still has the names of each line: what is broken hangs on them." in (
        capsys.readouterr().out
    )


def test_a_trace_without_a_state_is_renamed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "whole.jsonl", tmp_path / "small.jsonl"
    with path.open("wb") as file:
        simulate("small_hours", load("small_hours", ("days=1",)), 3, trace=file)
    break_at(monkeypatch, CallerHungUp, lambda state, _: bool(state.listeners))
    assert shrink(path, out=out) == 0
    assert read(out).snapshot is None
    assert "line-1" in said_in(out)
    assert not {"night-1", "on-call-1"} & said_in(out)
