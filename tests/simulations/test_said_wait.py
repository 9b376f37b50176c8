"""What the daemon has callers told of their wait, against the waits that they really have."""

from __future__ import annotations

import pytest

from router.ami.spoken_wait import SPOKEN, Spoken
from router.core.events import AnyEvent
from router.core.pace import PRIOR_TALK_SECONDS
from router.runtime.said_wait import SaidWaits
from simulations.run import Run
from simulations.scenario.load import load

LOOK_EVERY_SECONDS = 1.0
STATED_SHARE = 0.9
"""Of what is told, at least so much holds: nine in ten are expected to be answered by its end."""
RANGES = {one.prompt: one for one in SPOKEN}


NOBODY_CALLS_BACK = ("callers.asks_call_back=0",)
"""Who asks for a call-back is told when that will be, and nothing more of their wait."""


class Told(Run):
    """A run in which callers are told as the daemon has them told."""

    def __init__(self, name: str, seed: int) -> None:
        super().__init__(name, load(name, NOBODY_CALLS_BACK), seed, None)
        self.ranges: dict[str, list[tuple[float, Spoken]]] = {}
        """Of each caller, what was told and when."""
        self.answered: dict[str, float] = {}
        self._looked_at = 0.0
        self._waits = SaidWaits(self._tell)

    def _step(self, event: AnyEvent) -> None:
        super()._step(event)
        state = self.engine.state
        self._waits.lines = state.policy.lines
        for call in state.calls.values():
            if call.answered_at is not None:
                self.answered.setdefault(call.name, call.answered_at)
        if state.now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = state.now
            self._waits.look(state, state.now, PRIOR_TALK_SECONDS)

    def _tell(self, call: str, prompt: str) -> None:
        if prompt:
            self.ranges.setdefault(call, []).append((self.engine.state.now, RANGES[prompt]))


@pytest.fixture(scope="module")
def crisis() -> Told:
    run = Told("crisis_x10", 1)
    run.run()
    return run


def test_in_a_crisis_what_is_told_holds_for_nearly_all_who_are_answered(crisis: Told) -> None:
    held = [
        one.from_seconds <= crisis.answered[call] - at <= one.to_seconds
        for call, told in crisis.ranges.items()
        if call in crisis.answered
        for at, one in told
        if at < crisis.answered[call]
    ]
    assert len(held) > 100
    assert sum(held) / len(held) >= STATED_SHARE


def test_in_a_crisis_nobody_is_told_of_a_longer_wait_than_before(crisis: Told) -> None:
    for told in crisis.ranges.values():
        ends = [one.to_seconds for _, one in told]
        assert ends == sorted(ends, reverse=True)
