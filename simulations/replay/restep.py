"""The journal told once more to today's engine: whose phone each offer rang, and how calls ended.

A journal holds no decision, only what happened. Whom an offer rang is what the engine decides again
from the same events, which is right as long as it decides as the one that wrote the journal did.
Where it does not, the journal soon speaks of offers that are never made: that is how it shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from router.core.commands import AnyCommand, Outcome, ReportAnswer, ReportOutcome, RingListener
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, PbxResynced
from router.core.floor import State
from router.core.machine import EventRefused
from router.errors import DecrocheError
from router.past.journal import Journal, Waymark
from router.past.telling import begin, begun_anew, stretches, tells_all

PICKED_UP = ("answered", "fallback_answered")


class Ended(Struct, frozen=True):
    """How a call ended."""

    outcome: Outcome
    waited_seconds: float
    talked_seconds: float
    listener: str | None
    """Who answered; None where nobody did, or somebody of the fallback group."""
    offers: int

    @property
    def picked_up(self) -> bool:
        """Say whether the caller spoke with a human."""
        return self.outcome in PICKED_UP


class Ends:
    """Gathers how calls end from what an engine reports."""

    def __init__(self) -> None:
        self.by_call: dict[str, Ended] = {}
        self._answers: dict[str, ReportAnswer] = {}

    def note(self, command: AnyCommand) -> None:
        """Note a command, if it is a report."""
        if isinstance(command, ReportAnswer):
            self._answers[command.call] = command
        elif isinstance(command, ReportOutcome):
            answer = self._answers.pop(command.call, None)
            self.by_call[command.call] = Ended(
                outcome=command.outcome,
                waited_seconds=command.waited_seconds,
                talked_seconds=command.talked_seconds,
                listener=answer.listener if answer is not None else None,
                offers=command.offers,
            )


class Step(Struct):
    """One entry of the journal, and what today's engine says to it."""

    line: int
    at: float
    """In the engine's own time, which never goes back."""
    event: AnyEvent
    said: list[AnyCommand]
    refused: bool = False
    """It did not fit what the engine held, and has changed nothing."""


class Anew(Struct):
    """A state that the journal has not led to, and with which it is told on."""

    line: int
    at: float
    tells_all: bool
    """Nothing is missing before it, as far as is known: it says the same in other words."""


class Restep:
    """Steps a journal through an engine of its own, anew from each state that it has not led to.

    Raises
    ------
    DecrocheError
        if the state that it begins with is of another version.

    """

    def __init__(self, journal: Journal) -> None:
        self.engine, self._journal = begin(journal)
        self.strange_lines: list[int] = []
        """Lines that speak of offers that today's engine did not make."""
        self._strange_before = 0
        self._offers = set(self.engine.state.offers)
        self._ends = Ends()

    @property
    def ended(self) -> dict[str, Ended]:
        """Give how each call ended, as today's engine reports it."""
        return self._ends.by_call

    @property
    def state(self) -> State:
        """Give what the engine holds."""
        return self.engine.state

    def steps(self) -> Iterator[Step | Anew]:
        """Step the whole journal.

        Raises
        ------
        DecrocheError
            with the line at which the engine itself failed.

        """
        told = 0
        for mark, entries in stretches(self._journal):
            line = self._journal.line_of(told)
            if mark is not None and (engine := begun_anew(self.engine, mark)) is not None:
                yield self._go_on(engine, mark, line)
            yield from self._stretch(entries, line)
            told += len(entries)

    def _go_on(self, engine: Engine, mark: Waymark, line: int) -> Anew:
        strange = len(self.strange_lines) > self._strange_before
        whole = not strange and tells_all(self.state, mark, engine.state)
        self.engine, self._strange_before = engine, len(self.strange_lines)
        self._offers.update(engine.state.offers)
        at = max(engine.state.now, mark.at + engine.state.set_back_seconds)
        return Anew(line, at, whole)

    def _stretch(self, entries: Sequence[Entry], first_line: int) -> Iterator[Step]:
        for line, entry in enumerate(entries, first_line):
            self._look_at_offers(line, entry.event)
            said = self._step(line, entry.event, entry.at)
            for command in said or ():
                self._note(command)
            at = max(self.state.now, entry.at + self.state.set_back_seconds)
            yield Step(line, at, entry.event, said or [], refused=said is None)

    def _step(self, line: int, event: AnyEvent, at: float) -> list[AnyCommand] | None:
        """Give what the engine says to an event; None where it refuses it."""
        try:
            return self.engine.step(event, at)
        except EventRefused:
            return None
        except Exception as error:
            # The engine is what is being tried; a journal that it fails at is for `shrink`.
            raise DecrocheError(
                f"{self._journal.source}, line {line}: today's engine fails at this entry"
                f" ({type(error).__name__}): see `decroche shrink`"
            ) from error

    def _note(self, command: AnyCommand) -> None:
        if isinstance(command, RingListener):
            self._offers.add(command.offer)
        self._ends.note(command)

    def _look_at_offers(self, line: int, event: AnyEvent) -> None:
        if isinstance(event, PbxResynced):
            self._offers.update(seen.offer for seen in event.offers)
        named = getattr(event, "offer", None)
        if named is not None and named not in self._offers:
            self.strange_lines.append(line)
