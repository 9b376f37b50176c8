from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from router.core import calls, offers
from router.core import engine as engine_module
from router.core.call import Call
from router.core.commands import ReportOutcome
from router.core.entry import Entry, decode
from router.core.event import Event
from router.core.events import CallArrived, CallerHungUp
from router.core.floor import Floor
from router.core.offer import Offer
from router.errors import DecrocheError
from simulations.run import RunFailed, simulate
from simulations.scenario import load
from simulations.shrink.attempt import attempt
from simulations.shrink.command import shrink
from simulations.shrink.ddmin import ddmin
from simulations.shrink.shrink import Shrinker


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Run into the breakage that a test has put into the engine."""
    path = tmp_path / "broken.trace.jsonl"
    with path.open("wb") as file, pytest.raises(RunFailed):
        simulate("small_hours", load("small_hours", ("days=2",)), 3, trace=file)
    return path


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break a rule: a listener who declines stays reserved though the offer is gone."""

    def end(floor: Floor, offer: Offer, *_: object) -> None:
        del floor.state.offers[offer.name]
        floor.touched_listeners[offer.listener] = floor.state.listeners[offer.listener]

    monkeypatch.setattr(offers, "end", end)


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the engine: it fails at the second caller who hangs up while another is there."""
    handlers: dict[type[Event], Any] = dict(engine_module._HANDLERS)
    whole = handlers[CallerHungUp]

    def hung_up(floor: Floor, event: CallerHungUp, now: float) -> None:
        whole(floor, event, now)
        if floor.state.calls:
            raise ZeroDivisionError

    monkeypatch.setattr(engine_module, "_HANDLERS", handlers | {CallerHungUp: hung_up})


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break a rule: a caller who leaves is forgotten without a word."""
    whole = calls.end

    def end(floor: Floor, call: Call, now: float) -> None:
        whole(floor, call, now)
        floor.commands[:] = [one for one in floor.commands if type(one) is not ReportOutcome]

    monkeypatch.setattr(calls, "end", end)


def entries_of(path: Path) -> list[Entry]:
    return [decode(line) for line in path.read_bytes().splitlines()]


def each_without_one(entries: list[Entry]) -> Iterator[list[Entry]]:
    return (entries[:index] + entries[index + 1 :] for index in range(len(entries)))


@pytest.mark.usefixtures("forgetful")
def test_a_long_trace_becomes_a_few_events_that_break_the_same_rule(
    trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shrink(trace) == 0
    small = entries_of(trace.with_name("broken.trace.small.jsonl"))
    before, after = attempt(entries_of(trace)).breakage, attempt(small).breakage
    assert before is not None
    assert after is not None
    assert after.is_like(before)
    assert len(small) < 15
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(small) + 3
    assert "is held by an offer that is gone" in told[-3]


@pytest.mark.usefixtures("silent")
def test_a_trace_in_which_the_engine_forgets_a_call_is_cut_down_to_that_call(
    trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shrink(trace) == 0
    small = entries_of(trace.with_name("broken.trace.small.jsonl"))
    assert [type(entry.event) for entry in small[-2:]] == [CallArrived, CallerHungUp]
    assert "is gone without an outcome" in capsys.readouterr().out


@pytest.mark.usefixtures("forgetful")
def test_no_event_of_the_small_trace_can_be_left_out(trace: Path) -> None:
    shrinker = Shrinker(entries_of(trace))
    shrinker.shrink()
    wanted, small = shrinker.breakage, shrinker.smallest
    assert wanted is not None
    for fewer in each_without_one(small.stepped):
        for couples in (None, small.couples):
            found = attempt(fewer, couples=couples).breakage
            assert found is None or not found.is_like(wanted)


@pytest.mark.usefixtures("fragile")
def test_an_exception_out_of_the_engine_is_looked_for_too(
    trace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shrink(trace, out=tmp_path / "out.jsonl") == 0
    kinds = [type(entry.event).__name__ for entry in entries_of(tmp_path / "out.jsonl")]
    assert kinds[-1] == "CallerHungUp"
    assert len(kinds) == 3, kinds
    assert "broken: ZeroDivisionError in test_shrink.py, hung_up" in capsys.readouterr().out


def test_a_trace_that_breaks_nothing_is_said_to_be_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "good.jsonl"
    with path.open("wb") as file:
        simulate("small_hours", load("small_hours", ("days=1",)), 3, trace=file)
    assert shrink(path) == 1
    assert "none breaks anything" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("forgetful")
def test_somebody_who_loses_patience_gets_the_smallest_trace_so_far(
    trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(it: Shrinker) -> None:
        it._cut_along_time()
        raise KeyboardInterrupt

    monkeypatch.setattr(Shrinker, "shrink", interrupted)
    assert shrink(trace) == 0
    small = entries_of(trace.with_name("broken.trace.small.jsonl"))
    assert 0 < len(small) < len(entries_of(trace))
    assert attempt(small).breakage is not None


@pytest.mark.usefixtures("forgetful")
def test_a_file_that_cannot_be_written_is_named(trace: Path, tmp_path: Path) -> None:
    with pytest.raises(DecrocheError, match=r"nowhere/x: cannot be written"):
        shrink(trace, out=tmp_path / "nowhere" / "x")


def test_the_parts_that_matter_are_found_wherever_they_are() -> None:
    tries: list[list[int]] = []

    def shows(kept: list[int]) -> bool:
        tries.append(kept)
        return {3, 41, 99} <= set(kept)

    assert ddmin(range(100), shows) == [3, 41, 99]
    assert len(tries) < 200
    assert ddmin(range(100), lambda _: True) == []
    assert ddmin([7], bool) == [7]
