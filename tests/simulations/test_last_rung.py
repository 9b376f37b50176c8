"""Whether everybody is rung for whoever waits where everybody is to ring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from router.core import events
from router.core.commands import ReportRung
from router.core.engine import Engine
from router.core.policy import EVERYBODY, Line, Listener, Policy, Rung
from simulations.figures import figures
from simulations.last_rung import LastRung
from simulations.run import simulate
from simulations.scenario import load

SMALL = str(Path(__file__).with_name("small.toml"))


def engine_with_a_call_at_the_last_rung() -> tuple[Engine, LastRung]:
    """Have a call pass the first rung at once, which asks for what nobody has."""
    ladder = (Rung(0.0, {"rare": 1}), Rung(30.0, {}, EVERYBODY))
    lines = {"one": Line("one", ladder)}
    people = {name: Listener(name, {"talk": 1}) for name in ("anne", "bea")}
    engine = Engine()
    looks = LastRung(engine)
    for event in (
        events.EngineStarted("x"),
        events.PolicyLoaded(Policy(lines, people)),
        events.PbxResynced((), ()),
        events.ListenerCameOn("anne"),
        events.CallArrived("1.1", "one", None, 0.0),
    ):
        for command in engine.step(event, 0.0):
            if isinstance(command, ReportRung):
                looks.note(command, 0.0)
        looks.look()
    return engine, looks


def test_a_call_for_which_all_who_are_free_are_rung_is_found_in_order() -> None:
    engine, looks = engine_with_a_call_at_the_last_rung()
    assert len(engine.state.calls["1.1"].offers) == 1
    assert looks.leave("1.1") is False


def test_a_free_phone_that_is_not_rung_is_found() -> None:
    engine, looks = engine_with_a_call_at_the_last_rung()
    engine.state.listeners["bea"].duty = "on"
    looks.look()
    assert looks.leave("1.1") is True


def test_a_call_that_never_came_there_is_not_counted() -> None:
    _, looks = engine_with_a_call_at_the_last_rung()
    assert looks.leave("2.2") is None


@pytest.mark.parametrize(("probability", "there"), [(0, True), (1, False)])
def test_a_run_counts_the_calls_that_waited_there(probability: int, there: bool) -> None:  # noqa: FBT001 - given by pytest
    changes = (
        f"listeners.all.pick_up.probability=[{probability}]",
        'bursts=[{line="one", hour=10, calls=1}]',
    )
    found: Any = figures([simulate("small", load(SMALL, changes), 1)])
    assert found["total"]["at_last_rung"] == there
    assert found["total"]["silent_at_last_rung"] == 0
