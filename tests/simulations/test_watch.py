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
        watching.look()
    assert looks <= len(seen) <= looks + 1
