from __future__ import annotations

import pytest

from router.core import events
from router.core.engine import Engine
from router.core.floor import State
from simulations import watch
from simulations.oracle.plain_queue import policy

STEPS = 50_000
CALM = events.TimeReached()
"""A step that touches nobody."""


@pytest.mark.parametrize(("listeners", "looks"), [(0, 50), (100, 25), (1_000, 4)])
def test_the_more_there_are_the_more_steps_lie_between_two_looks_at_everybody(
    listeners: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine()
    for event in (events.EngineStarted("x"), events.PolicyLoaded(policy(listeners)), CALM):
        engine.step(event, 0.0)
    seen: list[State] = []

    def look(state: State) -> list[str]:
        seen.append(state)
        return []

    monkeypatch.setattr(watch, "violations", look)
    watching = watch.Watch(engine)
    for _ in range(STEPS):
        watching.look(CALM, [])
    assert looks <= len(seen) <= looks + 1


def engine_with_a_call() -> tuple[Engine, watch.Watch]:
    engine = Engine()
    watching = watch.Watch(engine)
    for event in (
        events.EngineStarted("x"),
        events.PolicyLoaded(policy(1)),
        events.CallArrived("1.1", "plain", None, 0.0),
    ):
        watching.look(event, engine.step(event, 0.0))
    return engine, watching


def test_a_call_that_the_engine_forgets_is_found_at_once() -> None:
    engine, watching = engine_with_a_call()
    del engine.state.calls["1.1"]
    with pytest.raises(watch.InvariantBroken, match=r"call 1\.1 is gone without an outcome"):
        watching.look(CALM, [])


def test_a_call_that_is_given_two_outcomes_is_found_at_once() -> None:
    engine, watching = engine_with_a_call()
    gone = events.CallerHungUp("1.1")
    said = engine.step(gone, 1.0)
    with pytest.raises(watch.InvariantBroken, match=r"call 1\.1 is given an outcome and was not"):
        watching.look(gone, [*said, *said])


def test_a_call_that_the_engine_does_not_take_in_is_found_at_once() -> None:
    _, watching = engine_with_a_call()
    with pytest.raises(watch.InvariantBroken, match=r"call 2\.2 has arrived and is not there"):
        watching.look(events.CallArrived("2.2", "plain", None, 0.0), [])
