"""All looks at once, taken at an engine after each of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.events import AnyEvent
from simulations.swarm.looks.fit import early_climbs, misfits
from simulations.swarm.looks.idle import left_silent
from simulations.swarm.looks.order import passed_over
from simulations.swarm.looks.step import Step, stood
from simulations.swarm.looks.waits import Waits


class Looks:
    """Looks at an engine after each step."""

    def __init__(self, engine: Engine) -> None:
        self._state = engine.state
        self._before = {name: stood(call) for name, call in self._state.calls.items()}
        self._waits = Waits()

    def look(self, event: AnyEvent, said: Sequence[AnyCommand]) -> Iterator[str]:
        """Name what the last step shows that the rules do not allow.

        Parameters
        ----------
        event
            what the engine was told, and did not refuse.
        said
            what it said to that.

        """
        step = Step(event, said, self._before, self._state)
        yield from misfits(step)
        yield from early_climbs(step)
        yield from passed_over(step)
        yield from left_silent(step)
        yield from self._waits.look(step)
        self._before = {name: stood(call) for name, call in self._state.calls.items()}
