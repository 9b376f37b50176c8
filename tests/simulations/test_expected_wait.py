"""The estimated wait against the waits that callers of made worlds really have."""

from __future__ import annotations

import pytest

from router.core.call import Call
from router.core.events import AnyEvent
from router.core.expected_wait import WaitRange, expected_wait
from router.core.pace import PRIOR_TALK_SECONDS
from simulations.run import Run
from simulations.scenario.load import load

pytestmark = pytest.mark.slow

FIRST_TOLD_SECONDS = 6.0
"""After the welcome."""
TOLD_EVERY_SECONDS = 15.0

STATED_SHARE = 0.7
"""Of what is expected, at least so much holds; the range itself aims at four in five."""


class Told(Run):
    """A run in which each waiting caller is told now and then how much longer it takes."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, load(name), seed, None)
        self.held: list[bool] = []
        """Of each thing said to a caller who was then answered, whether it was true."""
        self._told: dict[str, list[tuple[float, WaitRange]]] = {}
        self._tell_at: dict[str, float] = {}

    def _step(self, event: AnyEvent) -> None:
        super()._step(event)
        state = self.engine.state
        for call in state.calls.values():
            due = self._tell_at.setdefault(call.name, call.arrived + FIRST_TOLD_SECONDS)
            if call.answered_at is not None:
                self._compare(call.answered_at, self._told.pop(call.name, []))
            elif call.state == "searching" and state.now >= due:
                self._tell_at[call.name] = state.now + TOLD_EVERY_SECONDS
                self._tell(call, state.now)

    def _tell(self, call: Call, now: float) -> None:
        expected = expected_wait(self.engine.state, call, now, PRIOR_TALK_SECONDS)
        if expected is not None:
            self._told.setdefault(call.name, []).append((now, expected))

    def _compare(self, answered_at: float, told: list[tuple[float, WaitRange]]) -> None:
        for at, said in told:
            self.held.append(said.from_seconds <= answered_at - at <= said.to_seconds)


def test_what_is_expected_in_an_ordinary_week_mostly_holds() -> None:
    held = [one for seed in range(1, 5) for one in _held("ordinary_week", seed)]
    assert len(held) > 200
    assert sum(held) / len(held) >= STATED_SHARE


def test_what_is_expected_in_a_crisis_mostly_holds() -> None:
    held = _held("crisis_x10", 1)
    assert len(held) > 200
    assert sum(held) / len(held) >= STATED_SHARE


def _held(name: str, seed: int) -> list[bool]:
    run = Told(name, seed)
    run.run()
    return run.held
