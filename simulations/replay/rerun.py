"""Another run of what a journal tells of: the same people, in virtual time, under some rules."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from msgspec import Struct

from router.core import commands
from router.core.commands import AnyCommand
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, EngineStarted, PbxResynced, PolicyLoaded, TimeReached
from router.core.machine import EventRefused
from router.core.policy import Policy
from simulations.clock import Clock
from simulations.replay.book import Book
from simulations.replay.callers import Callers
from simulations.replay.duties import Duties
from simulations.replay.legs import Legs
from simulations.replay.memory import remembered
from simulations.replay.past import SILENCE, DutyChange, Past
from simulations.replay.restep import Ended, Ends
from simulations.replay.scripts import Scripts
from simulations.replay.wire import Wire
from simulations.watch import InvariantBroken, Watch


class RerunFailed(Exception):  # noqa: N818 - it says what happened to the run
    """An invariant was broken; `entries` are what led to it."""

    def __init__(self, words: str, entries: list[Entry]) -> None:
        super().__init__(words)
        self.entries = entries


class Ring(Struct):
    """A listener rung in the other run, and held until the ring, or the talk after it, was over."""

    listener: str
    call: str
    at: float
    until: float = inf


class Rerun:
    """Where the people of a journal meet an engine.

    Parameters
    ----------
    past
        what they did.
    policy
        the rules; None for those of the journal, each as and when it was loaded.
    seed
        of what is drawn where nothing is known.
    more_duties
        of listeners whom the journal does not know.

    """

    def __init__(
        self,
        past: Past,
        policy: Policy | None,
        seed: int,
        more_duties: Iterable[DutyChange] = (),
    ) -> None:
        self.engine = Engine(remembered(past.memory))
        self.entries: list[Entry] = []
        self.rings: list[Ring] = []
        self._policy = policy
        self._watch = Watch(self.engine)
        self._clock = Clock()
        self._wire = Wire()
        self._daemon = list(reversed(past.daemon))
        scripts = Scripts(past, seed)
        duties = Duties(self._clock, self._wire, scripts)
        self._legs = Legs(self._clock, self._wire, scripts, duties)
        self._callers = Callers(self._clock, self._wire, Book(past, seed), scripts, self._legs)
        duties.plan(past.duties)
        duties.plan(more_duties)
        self._callers.plan(past.calls.values())
        self._ends = Ends()
        self._open_rings: dict[str, Ring] = {}

    def run(self) -> None:
        """Let everything happen, to the end of the last call.

        Raises
        ------
        RerunFailed
            if an invariant of the engine was broken.

        """
        try:
            while not self._is_over and self._go_on():
                self._wire.hand_over(self._step)
            self._watch.look_at_all()
        except InvariantBroken as broken:
            raise RerunFailed(str(broken), self.entries) from broken

    @property
    def ended(self) -> dict[str, Ended]:
        """Give how each call ended."""
        return self._ends.by_call

    @property
    def _is_over(self) -> bool:
        """Say whether everybody is gone, and the engine has heard of it where it ever will."""
        if self._callers.expected or self._callers.by_name or self._legs.by_name:
            return False
        return self._wire.linked or not self._daemon

    def _go_on(self) -> bool:
        """Let the next thing happen.

        What the engine waits for goes first. At one instant a daemon starts before people act, and
        a link is lost or back after it: what a resync showed had happened by then.
        """
        due = self.engine.next_deadline() if self._wire.linked else None
        due_at = inf if due is None else due
        next_at = self._clock.next_at()
        people_at = inf if next_at is None else next_at
        daemon_at = self._daemon[-1][0] if self._daemon else inf
        if due_at == people_at == daemon_at == inf:
            return False
        if due_at <= people_at and due_at <= daemon_at:
            self._clock.now = max(self._clock.now, due_at)
            self._step(TimeReached())
        elif people_at < daemon_at or (people_at == daemon_at and self._daemon_is_last()):
            self._clock.run_next()
        else:
            at, event = self._daemon.pop()
            self._clock.now = max(self._clock.now, at)
            self._hear_daemon(event)
        return True

    def _daemon_is_last(self) -> bool:
        return not isinstance(self._daemon[-1][1], EngineStarted | PolicyLoaded)

    def _hear_daemon(self, event: AnyEvent | None) -> None:
        if event is SILENCE:
            self._wire.linked = False
        elif isinstance(event, PbxResynced):
            self._wire.say(self._callers.truth())
            self._wire.mend()
        elif isinstance(event, PolicyLoaded) and self._policy is not None:
            self._wire.say(PolicyLoaded(self._policy))
        else:
            self._wire.say(event)

    def _step(self, event: AnyEvent) -> None:
        now = self._clock.now
        self.entries.append(Entry(now, event))
        try:
            said = self.engine.step(event, now)
        except EventRefused:
            return
        except Exception as error:
            # The engine is what is being tried: what it fails with is what came of it.
            raise RerunFailed(f"{type(error).__name__}: {error}", self.entries) from error
        self._watch.look(event, said)
        for command in said:
            self._note(command, now)
            self._callers.carry_out(command)

    def _note(self, command: AnyCommand, now: float) -> None:
        if isinstance(command, commands.RingListener):
            ring = self._open_rings[command.offer] = Ring(command.listener, command.call, now)
            self.rings.append(ring)
        elif isinstance(command, commands.ReportOffer) and command.offer in self._open_rings:
            self._open_rings.pop(command.offer).until = now
        self._ends.note(command)
