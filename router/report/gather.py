"""Gathers facts from a journal, by telling it once more to an engine.

A journal holds no decision, only what happened. What came of it, whom an offer rang and how a call
ended, is what the engine says again to the same events: its own word, by its own definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from router.core import commands, events
from router.core.command import Command
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.event import Event
from router.core.machine import EventRefused
from router.past.fit import Fit
from router.past.journal import Journal, Waymark
from router.past.telling import begin, begun_anew, stretches
from router.report.clock import on_the_clock
from router.report.facts import CallFact, DisposedFact, Facts, GapFact, HelpFact
from router.report.follow_listeners import ListenersSoFar
from router.report.follow_promises import PromisesSoFar

_Handler = Callable[[Any, float], None]


def gather(journal: Journal, until: float = -inf) -> Facts:
    """Tell a journal to an engine, and note what it says.

    Parameters
    ----------
    journal
        what is told.
    until
        the epoch second up to which it tells everything, where that is after its last entry.

    Raises
    ------
    DecrocheError
        if the state that the journal begins with is of another version.

    """
    return _Gatherer(journal).run(until)


class _Gatherer:
    """Listens to an engine."""

    def __init__(self, journal: Journal) -> None:
        self._engine, self._journal = begin(journal)
        began = self._journal.entries[0].at
        self._facts = facts = Facts(began, began)
        self._answers: dict[str, str | None] = {}
        self._last_listener: dict[str, str] = {}
        self._arrived: dict[str, tuple[str, float]] = {}
        self._unlinked_since: float | None = None
        self._misfits = 0
        self._misfit_since = began
        state = self._engine.state
        self._fit = Fit(state)
        self._was_linked = state.pbx_up
        self._listeners = ListenersSoFar(facts, state)
        self._promises = PromisesSoFar(facts, state)
        for name in state.calls:
            self._enter(commands.AcknowledgeCall(name), facts.began)
        self._link_handlers()

    def _link_handlers(self) -> None:
        self._after: dict[type[Event], _Handler] = {
            events.PolicyLoaded: self._listeners.look_at_duties,
            events.ListenerCameOn: self._listeners.look_at,
            events.ListenerPaused: self._listeners.look_at,
            events.ListenerWentOff: self._listeners.look_at,
            events.TalkStarted: self._listeners.talk_began,
            events.PbxResynced: self._resynced,
            events.PbxLost: self._lost,
            events.EngineStarted: self._lost,
            events.FallbackBegan: self._fallback_began,
        }
        self._follow: dict[type[Command], _Handler] = {
            commands.AcknowledgeCall: self._enter,
            commands.RingListener: self._ring,
            commands.ReportAnswer: self._answer,
            commands.ReportOutcome: self._end,
            commands.ReportHelp: self._help,
            commands.ReportDisposition: self._disposed,
            **self._listeners.follow,
            **self._promises.follow,
        }

    def run(self, until: float) -> Facts:
        """Step the whole journal, anew from each state that it has not led to."""
        for mark, entries in stretches(self._journal):
            if mark is not None and (engine := begun_anew(self._engine, mark)) is not None:
                self._go_on(engine, mark)
            self._tell(entries)
        self._close(max(on_the_clock(self._engine.state), until))
        return self._facts

    def _tell(self, entries: Sequence[Entry]) -> None:
        step, state = self._engine.step, self._engine.state
        after, follow = self._after.get, self._follow.get
        for entry in entries:
            event = entry.event
            try:
                said = step(event, entry.at)
            except EventRefused:
                self._note_misfit(entry)
                continue
            except Exception:  # noqa: BLE001 - a bug at one entry must not cost a year's figures
                self._facts.failed_entries += 1
                continue
            if said:
                now = on_the_clock(state)
                for command in said:
                    if (note := follow(type(command))) is not None:
                        note(command, now)
            if (look := after(type(event))) is not None:
                look(event, on_the_clock(state))

    def _note_misfit(self, entry: Entry) -> None:
        if self._fit.is_misfit(entry.event):
            if not self._misfits:
                self._misfit_since = entry.at
            self._misfits += 1

    def _go_on(self, engine: Engine, mark: Waymark) -> None:
        """Go on with another engine; of the calls and promises that both have, all is kept."""
        last, state = self._engine.state, engine.state
        self._engine = engine
        gone = [name for name in self._arrived if name not in state.calls]
        for name in gone:
            del self._arrived[name]
        unheard_calls = state.calls_entered != last.calls_entered
        if self._misfits or gone or mark.begins or unheard_calls:
            began = min(self._misfit_since if self._misfits else on_the_clock(last), mark.at)
            self._facts.gaps.append(GapFact(began, mark.at, self._misfits, len(gone)))
        self._misfits = 0
        self._fit.go_on(state)
        self._listeners.go_on(state)
        self._promises.go_on(state)
        now = on_the_clock(state)
        self._look_at_link(now, is_linked=state.pbx_up)
        # What was held as over has not been, if it is there now.
        over = state.calls.keys() - self._arrived.keys()
        self._facts.calls = [call for call in self._facts.calls if call.call not in over]
        for name in state.calls:
            self._enter(commands.AcknowledgeCall(name), now)

    def _close(self, now: float) -> None:
        facts = self._facts
        facts.ended = now
        facts.open_calls = {name: arrived for name, (_, arrived) in self._arrived.items()}
        facts.lines.update(self._engine.state.policy.lines)
        self._listeners.close(now)
        if self._unlinked_since is not None:
            facts.unlinked.append((self._unlinked_since, now))
        if self._misfits:
            facts.gaps.append(GapFact(self._misfit_since, now, self._misfits, 0))

    def _ring(self, order: commands.RingListener, now: float) -> None:
        self._fit.rung(order)
        self._listeners.rung(order, now)

    def _enter(self, word: commands.AcknowledgeCall, _: float) -> None:
        call = self._engine.state.calls.get(word.call)
        if call is None or call.called_back or call.help_wanted is not None:
            return
        if word.call in self._arrived or not (call.has_leg or call.state == "noting"):
            return
        back = self._engine.state.set_back_seconds
        self._arrived[word.call] = (call.line.name, call.arrived - back)
        self._facts.callers[word.call] = call.caller
        self._facts.lines.add(call.line.name)

    def _answer(self, word: commands.ReportAnswer, _: float) -> None:
        self._answers[word.call] = word.listener

    def _end(self, word: commands.ReportOutcome, now: float) -> None:
        line, arrived = self._arrived.pop(word.call, (word.line, now - word.waited_seconds))
        caller = self._facts.callers.get(word.call)
        listener = self._answers.pop(word.call, None)
        known = self._last_listener.get(caller) if caller is not None else None
        if caller is not None and listener is not None:
            self._last_listener[caller] = listener
        self._facts.calls.append(
            CallFact(
                call=word.call,
                line=line,
                caller=caller,
                arrived=arrived,
                outcome=word.outcome,
                waited_seconds=word.waited_seconds if word.begin_seen else None,
                talked_seconds=word.talked_seconds,
                offers=word.offers,
                listener=listener,
                known_listener=known,
                promise=word.promise,
            )
        )

    def _help(self, word: commands.ReportHelp, now: float) -> None:
        self._facts.helps.append(
            HelpFact(word.call, word.line, word.kind, word.result, now, word.waited_seconds)
        )

    def _disposed(self, word: commands.ReportDisposition, now: float) -> None:
        self._facts.disposed.append(
            DisposedFact(word.call, word.line, word.disposition, word.orientation, now)
        )

    def _fallback_began(self, event: events.FallbackBegan, now: float) -> None:
        self._facts.fallbacks.setdefault(event.call, now)

    def _lost(self, _: events.PbxLost | events.EngineStarted, now: float) -> None:
        self._look_at_link(now, is_linked=False)

    def _resynced(self, event: events.PbxResynced, now: float) -> None:
        self._fit.seen(event)
        self._listeners.look_at_talks(event, now)
        self._look_at_link(now, is_linked=True)

    def _look_at_link(self, now: float, *, is_linked: bool) -> None:
        if not is_linked:
            if self._was_linked and self._unlinked_since is None:
                self._unlinked_since = now
            return
        self._was_linked = True
        if self._unlinked_since is not None:
            self._facts.unlinked.append((self._unlinked_since, now))
            self._unlinked_since = None
