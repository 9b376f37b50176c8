"""The scenario in the simulator: as it is, and with every step a little late by chance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from simulations.records import RunRecord
from simulations.run import Run
from simulations.scenario import Scenario
from simulations.world.streams import stream
from tests.sim_vs_real.fate import FALLBACK, Fate

Draw = tuple[float, int]
"""From which second on lateness is drawn, and by which seed."""


def simulated(scenario: Scenario, seed: int) -> list[Fate]:
    """Give every call's fate, exactly as `decroche simulate` has it."""
    return _fates(Run("sim-vs-real", scenario, seed, None).run())


def with_late_steps(
    scenario: Scenario, seed: int, late_seconds: float, draws: Sequence[Draw]
) -> list[Fate]:
    """Give every call's fate where each step of people and network comes late by chance.

    The people, and what they mean to do, are the same as ever. By how much a step is late, at most
    `late_seconds`, is drawn by the last of the `draws` that has begun; the first begins at 0.
    """
    run = Run("sim-vs-real", scenario, seed, None)
    clock = run._world.clock
    in_time = clock.call_at
    chances = [(since, stream(by, "lateness")) for since, by in draws]

    def late(at: float, act: Callable[..., None], *args: object) -> None:
        while len(chances) > 1 and chances[1][0] <= clock.now:
            del chances[0]
        # The play begins with everybody in their place: no step lies before that.
        by_seconds = chances[0][1].uniform(0.0, late_seconds) if at > 0.0 else 0.0
        in_time(at + by_seconds, act, *args)

    def end_of_a_ring(seconds: float, act: Callable[..., None], *args: object) -> None:
        # Of two phones that stop ringing at the same instant, either may be free first.
        clock.call_in(seconds, act, *args)

    clock.call_at = late  # type: ignore[method-assign]
    run._world.pbx.legs._after = end_of_a_ring  # type: ignore[method-assign]
    return _fates(run.run())


def _fates(record: RunRecord) -> list[Fate]:
    rung: defaultdict[str, list[str]] = defaultdict(list)
    for offer in sorted(record.offers, key=lambda one: one.at):
        rung[offer.call].append(offer.listener)
    return [
        Fate(
            number=number,
            line=call.line,
            arrived_seconds=call.arrived,
            outcome=call.outcome,
            listener=FALLBACK if call.outcome == "fallback_answered" else call.listener,
            waited_seconds=call.waited_seconds,
            rung=tuple(rung[call.call]),
        )
        for number, call in enumerate(sorted(record.calls, key=lambda one: one.arrived))
    ]
