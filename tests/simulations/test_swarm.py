from __future__ import annotations

import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from router.core import ladder, on_time, usual
from router.core.call import Call
from router.core.engine import Engine
from router.core.floor import Floor
from router.core.policy import Rung
from router.core.promise import Promise
from simulations.run import Run
from simulations.scenario.faults import Faults
from simulations.swarm.command import swarm
from simulations.swarm.draw import drawn, scenario_of
from simulations.swarm.judge import judge
from simulations.world.hold import HoldLoop

pytestmark = pytest.mark.slow

SEEDS = range(1, 31)


def test_whatever_goes_wrong_nothing_breaks_and_everybody_who_stays_is_answered() -> None:
    assert {seed: found for seed in SEEDS if (found := judge(seed))} == {}


def test_a_seed_draws_the_same_world_and_the_same_trace_each_time() -> None:
    traces = [io.BytesIO(), io.BytesIO()]
    for trace in traces:
        Run("swarm", scenario_of(3), 3, trace).run()
    assert traces[0].getvalue() == traces[1].getvalue()


def test_every_fault_is_drawn_alone_and_beside_others() -> None:
    none = Faults()
    kinds = Faults.__struct_fields__
    met = Counter[str]()
    for seed in range(1, 201):
        faults = scenario_of(seed).faults
        met.update(kind for kind in kinds if getattr(faults, kind) != getattr(none, kind))
    assert set(met) == set(kinds)
    assert all(20 < times < 180 for times in met.values())


def test_a_broken_invariant_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "violations", lambda _: ["call 1 waits for ever"])
    assert judge(1) == ("an invariant was broken: call 1 waits for ever",)


def test_a_promise_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(floor: Floor, promise: Promise, *_: object) -> None:
        promise.deadline = None
        del floor.state.promises[promise.name]

    monkeypatch.setattr(on_time, "promise_due", forget)
    found = [problem for seed in SEEDS for problem in judge(seed)]
    assert any("is gone, and was last noted" in problem for problem in found)


def test_an_engine_that_falls_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "next_deadline", lambda _: 1 / 0)
    (found,) = judge(1)
    assert "ZeroDivisionError" in found


def test_a_caller_of_whom_nobody_tells_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HoldLoop, "_turn_later", lambda *_: None)
    found = [problem for seed in SEEDS for problem in judge(seed)]
    assert any("in vain" in problem or "did not come" in problem for problem in found)


def _as_many_phones_as_one(call: Call) -> bool:
    return call.state == "searching" and not call.offers and not call.is_kept_for_usual


def _at_once(call: Call, _: Rung) -> float:
    return call.arrived


def _at_the_fallback(call: Call) -> float:
    return call.fallback_at


@pytest.mark.parametrize(
    ("there", "name", "instead", "words"),
    [
        (Call, "wants_ring", property(_as_many_phones_as_one), "is free and not rung for call"),
        (ladder, "_reached_at", _at_once, "comes to rung 1 after"),
        (usual, "next_step_at", _at_the_fallback, "and nothing is due to end that"),
    ],
    ids=["one phone only", "each rung at once", "kept for the usual listener for ever"],
)
def test_an_engine_that_does_not_keep_to_the_rules_is_found_by_what_its_steps_show(
    there: object, name: str, instead: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(there, name, instead)
    assert any(words in problem for seed in SEEDS for problem in judge(seed))


def test_the_command_says_how_to_see_again_what_went_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert swarm(2, workers=1) == 0
    monkeypatch.setattr(Engine, "violations", lambda _: ["call 1 waits for ever"])
    assert swarm(1, first=5, workers=1) == 1
    said = capsys.readouterr().out
    assert "seed 5:" in said
    assert all(f"--set '{change}'" in said for change in drawn(5))
    assert (tmp_path / "swarm-5.trace.jsonl").read_bytes()


@pytest.mark.parametrize("seeds", ["0", "-3"])
def test_a_swarm_of_nothing_is_refused_for_it_would_find_nothing(seeds: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulations.swarm", "--seeds", seeds],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "worlds" not in done.stdout
