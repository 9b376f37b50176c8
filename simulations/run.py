"""One replication: the daemon's own engine in a made world, in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import BinaryIO

from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.entry import Entry, encode
from router.core.events import AnyEvent, TimeReached
from router.core.machine import EventRefused
from router.core.matching import fits
from simulations.last_rung import LastRung
from simulations.recorder import Recorder
from simulations.records import RunRecord
from simulations.scenario.shape import Scenario
from simulations.shrink.breakage import of_error
from simulations.watch import InvariantBroken, Watch
from simulations.world.world import World

Progress = Callable[[float, int], bool]
"""Told of the simulated seconds and the calls that have ended; False ends the run early."""

TELL_EVERY_ROUNDS = 2_000
"""Between two words of progress: some tens of milliseconds."""


class RunFailed(Exception):  # noqa: N818 - it says what happened to the run
    """An invariant was broken, or the engine failed; `seed` reproduces it."""

    def __init__(self, seed: int, words: str) -> None:
        super().__init__(seed, words)
        self.seed = seed
        self.words = words


class EngineFailed(Exception):  # noqa: N818 - it says what happened to the run
    """The engine raised what it must never raise; the message says what, and where."""


def simulate(
    name: str,
    scenario: Scenario,
    seed: int,
    *,
    trace: BinaryIO | None = None,
    progress: Progress | None = None,
) -> RunRecord:
    """Run a scenario once, to the end of its last call.

    Parameters
    ----------
    name
        the scenario's name, for the record.
    scenario
        what is run.
    seed
        of everything that is drawn: the same seed gives the same run.
    trace
        where each event goes as it happens, as a line of the journal's own form.
    progress
        told now and then how far the run is.

    Raises
    ------
    RunFailed
        if an invariant of the engine was broken, or the engine failed.

    """
    try:
        return Run(name, scenario, seed, trace).run(progress)
    except InvariantBroken as broken:
        words = f"An invariant of the engine was broken with seed {seed}: {broken}"
        raise RunFailed(seed, words) from broken
    except EngineFailed as failed:
        raise RunFailed(seed, f"The engine failed with seed {seed}: {failed}") from failed


class Run:
    """Where world and engine meet."""

    def __init__(self, name: str, scenario: Scenario, seed: int, trace: BinaryIO | None) -> None:
        self.refused_events = 0
        """Events that did not fit what the engine held, which the daemon also drops."""
        self._name = name
        self._seed = seed
        self._trace = trace
        self._events = 0
        self._ended_early = False
        self._world = World(scenario, seed)
        self._clock = self._world.clock
        self._wire = self._world.wire
        self.engine = Engine()
        self._watch = Watch(self.engine)
        self._last_rung = LastRung(self.engine)
        self._recorder = Recorder(scenario, self._world, self._can_take, self._last_rung)

    def run(self, progress: Progress | None = None) -> RunRecord:
        """Let everything happen."""
        began = perf_counter()
        self._world.open()
        self._wire.hand_over(self._step)
        rounds = 0
        while not self._world.is_over and self._go_on():
            rounds += 1
            if rounds % TELL_EVERY_ROUNDS == 0 and not self._is_wanted(progress):
                self._ended_early = True
                break
        self._watch.look_at_all()
        if self._world.is_over:
            self._recorder.miss_nobody()
        self._world.close()
        return self._record(perf_counter() - began)

    @property
    def left_open(self) -> list[str]:
        """Name the calls and offers that the engine still holds."""
        state = self.engine.state
        calls = (name for name, call in state.calls.items() if call.has_leg)
        return [*calls, *state.offers]

    def _can_take(self, listener: str, line: str) -> bool:
        """Say whether a listener is free, and somebody whom a line asks for at first."""
        state = self.engine.state
        known, rules = state.listeners.get(listener), state.policy.lines.get(line)
        if known is None or rules is None or not known.available:
            return False
        return fits(known, rules.ladder[0])

    def _is_wanted(self, progress: Progress | None) -> bool:
        return progress is None or progress(self._clock.now, len(self._recorder.calls))

    def _go_on(self) -> bool:
        """Let the next thing happen: what the engine waits for goes before what the world does."""
        clock = self._clock
        due = self.engine.next_deadline() if self._wire.linked else None
        next_at = clock.next_at()
        if due is not None and (next_at is None or due <= next_at):
            clock.now = max(clock.now, due)
            self._step(TimeReached())
        elif next_at is not None:
            clock.run_next()
        else:
            return False
        self._wire.hand_over(self._step)
        return True

    def _step(self, event: AnyEvent) -> None:
        now = self._clock.now
        self._events += 1
        self._recorder.heard(event)
        if self._trace is not None:
            self._trace.write(encode(Entry(now, event)) + b"\n")
        said = self._said_to(event, now)
        self._watch.look(event, said)
        for command in said:
            self._recorder.note(command, now)
            self._world.carry_out(command)
        self._last_rung.look()

    def _said_to(self, event: AnyEvent, now: float) -> list[AnyCommand]:
        try:
            return self.engine.step(event, now)
        except EventRefused:
            self.refused_events += 1
            return []
        except Exception as error:
            # The engine is what is being tried: what it fails with is what came of it.
            raise EngineFailed(of_error(error).words) from error

    def _record(self, wall_seconds: float) -> RunRecord:
        recorder = self._recorder
        return RunRecord(
            scenario=self._name,
            seed=self._seed,
            simulated_seconds=self._clock.now,
            wall_seconds=wall_seconds,
            events=self._events,
            invariant_violations=0,
            calls=recorder.calls,
            offers=recorder.offers,
            listeners=recorder.listeners(),
            bendings=dict(recorder.bendings),
            promises=recorder.promises,
            never_reached=self._world.never_reached,
            ended_early=self._ended_early,
        )
