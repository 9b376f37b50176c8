"""One call watched while a journal is told to the engine once more."""

from __future__ import annotations

from msgspec import Struct

from router.core.commands import ReportOffer, ReportOutcome, RingListener
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, CallArrived, CallWaiting, PbxResynced
from router.core.explain import Decision
from router.core.machine import EventRefused
from router.past.asked import UnknownCallError
from router.past.fit import Fit
from router.past.journal import Journal, Waymark
from router.past.telling import begin, begun_anew, stretches, tells_all

Report = ReportOffer | ReportOutcome


class Gap(Struct, frozen=True):
    """Where the journal lacks something, as far as that touches the call."""

    at: float
    is_over: bool
    """From here on the journal tells all again; else from here on, at the latest, it does not."""


class Story(Struct, frozen=True):
    """What was decided about a call, and what came of each offer."""

    call: str
    decisions: list[Decision]
    reports: list[Report]
    gaps: list[Gap]


def tell_story(journal: Journal, call: str) -> Story:
    """Tell a journal to an engine, anew after each gap in it, and watch one call.

    Raises
    ------
    UnknownCallError
        if no entry names it.
    DecrocheError
        if the state that the journal begins with is of another version.

    """
    watch = _Watch(journal, call)
    watch.run()
    if not watch.seen and not watch.story.decisions:
        raise UnknownCallError(
            f"call {call}: not in the journal; expected the caller's unique id as the log shows it "
            "(`call_ended ... call=1700000000.17`), and not older than store.journal_days"
        )
    return watch.story


class _Watch:
    """Listens to an engine."""

    def __init__(self, journal: Journal, call: str) -> None:
        self.story = Story(call, [], [], [])
        self.seen = False
        self._engine, self._journal = begin(journal)
        self._fit = Fit(self._engine.state)
        self._look_through(self._engine)

    def run(self) -> None:
        """Tell all of it."""
        for mark, entries in stretches(self._journal):
            if mark is not None and (anew := begun_anew(self._engine, mark)) is not None:
                self._go_on(anew, mark)
            for entry in entries:
                self._tell(entry)
        self._note_decisions()

    @property
    def _is_there(self) -> bool:
        return self.story.call in self._engine.state.calls

    def _look_through(self, engine: Engine) -> None:
        self._engine, self._decisions = engine, engine.watch(self.story.call)
        self._misfit_at: float | None = None
        self._told_in_full = 0
        self.seen = self.seen or self._is_there

    def _go_on(self, engine: Engine, mark: Waymark) -> None:
        self._note_decisions()
        was_there, misfit = self._is_there, self._misfit_at is not None
        whole = not misfit and tells_all(self._engine.state, mark, engine.state)
        self._look_through(engine)
        self._fit.go_on(engine.state)
        if not whole and (was_there or self._is_there):
            self.story.gaps.append(Gap(mark.at, is_over=True))

    def _note_decisions(self) -> None:
        """Take over what was decided; of what came after a misfit it is doubtful whether it was."""
        if self._misfit_at is not None and len(self._decisions) > self._told_in_full:
            self.story.gaps.append(Gap(self._misfit_at, is_over=False))
        self.story.decisions.extend(self._decisions)

    def _tell(self, entry: Entry) -> None:
        self.seen = self.seen or _names(entry.event, self.story.call)
        try:
            said = self._engine.step(entry.event, entry.at)
        except EventRefused:
            self._look_at_refusal(entry)
            return
        if isinstance(entry.event, PbxResynced):
            self._fit.seen(entry.event)
            self.seen = self.seen or self._is_there
        for one in said:
            if isinstance(one, RingListener):
                self._fit.rung(one)
            elif isinstance(one, ReportOffer | ReportOutcome) and one.call == self.story.call:
                self.story.reports.append(one)

    def _look_at_refusal(self, entry: Entry) -> None:
        if self._misfit_at is None and self._fit.is_misfit(entry.event):
            self._misfit_at, self._told_in_full = entry.at, len(self._decisions)


def _names(event: AnyEvent, call: str) -> bool:
    return isinstance(event, CallArrived | CallWaiting) and event.call == call
