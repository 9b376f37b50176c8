"""Reads from a journal what the people in it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from router.core import commands, events
from router.core.commands import AnyCommand
from router.core.events import AnyEvent, SeenCall
from simulations.replay.journal import Journal
from simulations.replay.past import SILENCE, Duty, DutyChange, FirstWord, Past
from simulations.replay.past_calls import CallsSoFar
from simulations.replay.past_rings import RingsSoFar
from simulations.replay.pauses import take_out_pauses
from simulations.replay.restep import Restep, Step

Handler = Callable[[Any, float], None]


def read_past(journal: Journal) -> tuple[Past, Restep]:
    """Step a journal once more, and give what it tells of the people.

    Raises
    ------
    DecrocheError
        if today's engine fails at an entry.

    """
    restep = Restep(journal)
    historian = Historian(journal, restep)
    for step in restep.steps():
        historian.hear(step)
    return historian.past(), restep


class Historian:
    """Listens to a journal as it is stepped."""

    def __init__(self, journal: Journal, restep: Restep) -> None:
        self._journal = journal
        self._state = restep.state
        self._calls = CallsSoFar(set(self._state.calls))
        self._rings = RingsSoFar()
        self._duties: list[DutyChange] = []
        self._daemon: list[tuple[float, AnyEvent | None]] = []
        self._began = self._at = journal.entries[0].at
        self._linked = self._state.pbx_up
        self._line = journal.first_line
        self._back_at_work: dict[str, str] = {}
        """Legs that were there at the start, to the listeners who are ready once they are gone."""
        if journal.snapshot is not None:
            self._set_the_scene()
        self._handlers = self._handlers_of_all()

    def hear(self, step: Step) -> None:
        """Take one entry and what the engine says to it."""
        self._line = step.line
        handler = self._handlers.get(type(step.event))
        if handler is not None:
            handler(step.event, step.at)
        for command in step.said:
            self._note(command, step.at)
        self._at = step.at

    def past(self) -> Past:
        """Give all that was told."""
        rings = [
            ring
            for ring in self._rings.by_offer.values()
            if ring.call not in self._calls.already_there
        ]
        return Past(
            source=self._journal.source,
            began=self._began,
            ended=self._at,
            calls=self._calls.by_name,
            already_there=len(self._calls.already_there),
            rings=rings,
            rounds=self._calls.rounds,
            duties=take_out_pauses(sorted(self._duties, key=lambda one: one.at), rings),
            daemon=self._daemon,
            memory=self._journal.snapshot,
        )

    def _handlers_of_all(self) -> dict[type[AnyEvent], Handler]:
        calls, rings = self._calls, self._rings
        return {
            events.EngineStarted: self._started,
            events.PolicyLoaded: self._loaded,
            events.PbxLost: self._lost,
            events.PbxResynced: self._resynced,
            events.ListenerCameOn: lambda it, at: self._duty(it.listener, "on", at),
            events.ListenerPaused: lambda it, at: self._duty(it.listener, "paused", at),
            events.ListenerWentOff: lambda it, at: self._duty(it.listener, "off", at),
            events.CallArrived: self._enter,
            events.CallWaiting: self._waits,
            events.FallbackBegan: self._falls_back,
            events.CallerInShock: calls.presses,
            events.CallerAskedFor: calls.presses,
            events.CallerChoseSkills: calls.presses,
            events.CallerChose: calls.presses,
            events.CallerHungUp: lambda it, at: calls.leaves(it.call, at),
            events.FallbackAnswered: lambda it, at: calls.taken_by_fallback(it.call, at),
            events.TalkStarted: lambda it, at: self._talk(it.call, it.offer, at),
            events.ConnectFailed: rings.not_connected,
            events.ListenerLegEnded: self._leg_ended,
            events.ListenerRang: rings.acted,
            events.ListenerPickedUp: rings.acted,
            events.OfferAccepted: rings.acted,
            events.OfferDeclined: rings.acted,
            events.OfferFailed: rings.acted,
        }

    def _set_the_scene(self) -> None:
        """Begin with what the snapshot holds: who is on duty, and who is ready only later."""
        self._daemon += [
            (self._began, events.EngineStarted("replay")),
            (self._began, events.PolicyLoaded(self._state.policy)),
            (self._began, events.PbxResynced((), ())),
        ]
        for one in sorted(self._state.listeners.values(), key=lambda one: one.idle_order):
            if one.offer is not None and one.duty == "on":
                self._back_at_work[one.offer] = one.name
            else:
                rests_until = one.deadline if one.activity != "free" else None
                ready_at = max(rests_until or self._began, self._began)
                self._duty(one.name, _duty_of(str(one.duty)), ready_at)

    def _note(self, command: AnyCommand, at: float) -> None:
        if isinstance(command, commands.RingListener):
            self._rings.placed(command, at)
            if command.call in self._calls.by_name:
                self._calls.by_name[command.call].offers += 1
        elif isinstance(command, commands.DismissListener):
            self._rings.dismissed(command, at)
        elif isinstance(command, commands.SendToFallback):
            self._calls.asks_fallback(command.call)

    def _started(self, event: events.EngineStarted, at: float) -> None:
        if self._linked:
            self._daemon.append((self._at, SILENCE))
        self._linked = False
        self._daemon.append((at, event))

    def _loaded(self, event: events.PolicyLoaded, at: float) -> None:
        self._daemon.append((at, event))

    def _lost(self, event: events.PbxLost, at: float) -> None:
        if self._linked:
            self._daemon.append((at, SILENCE))
        self._linked = False
        self._daemon.append((at, event))

    def _resynced(self, event: events.PbxResynced, at: float) -> None:
        self._linked = True
        self._daemon.append((at, event))
        here = {seen.call for seen in event.calls}
        for name in self._calls.open_names():
            if name not in here:
                self._calls.leaves(name, at)
        legs = {seen.offer for seen in event.offers}
        for offer in self._rings.open_offers():
            if offer not in legs:
                ring = self._rings.vanished(offer, at)
                if self._calls.is_with(ring.call, ring.listener):
                    self._calls.cut(ring.call, "network", at)
        for leg in event.offers:
            self._rings.seen(leg, at)
        for call in event.calls:
            self._see(call, at)

    def _see(self, seen: SeenCall, at: float) -> None:
        self._enter(events.CallWaiting(seen.call, seen.line, seen.caller, seen.arrived), at)
        place = self._calls.place_of(seen.call)
        if seen.place == "waiting":
            self._calls.waits(seen.call, at)
        elif seen.place == "fallback" and place != "fallback":
            self._calls.begins_fallback(seen.call, at)
        elif seen.place == "talking" and place != "talking":
            if seen.offer is None:
                self._calls.taken_by_fallback(seen.call, at)
            else:
                self._talk(seen.call, seen.offer, at)

    def _enter(self, word: FirstWord, at: float) -> None:
        arrived = min(word.arrived + self._state.set_back_seconds, at)
        if arrived < self._began and not isinstance(word, events.CallArrived):
            self._calls.already_there.add(word.call)
        self._calls.enter(word, at, arrived, self._line)

    def _waits(self, event: events.CallWaiting, at: float) -> None:
        self._enter(event, at)
        self._calls.waits(event.call, at)

    def _falls_back(self, event: events.FallbackBegan, at: float) -> None:
        self._enter(event, at)
        self._calls.begins_fallback(event.call, at)

    def _talk(self, call: str, offer: str, at: float) -> None:
        ring = self._rings.connected(offer, at)
        self._calls.talks(call, ring.listener if ring is not None else None, at)

    def _leg_ended(self, event: events.ListenerLegEnded, at: float) -> None:
        ring = self._rings.by_offer.get(event.offer)
        self._rings.acted(event, at)
        if ring is not None and self._calls.is_with(ring.call, ring.listener):
            self._calls.cut(ring.call, event.how, at)
        if event.offer in self._back_at_work:
            self._duty(self._back_at_work.pop(event.offer), "on", at)

    def _duty(self, listener: str, duty: Duty, at: float) -> None:
        self._duties.append(DutyChange(at, listener, duty, self._line))


def _duty_of(word: str) -> Duty:
    return "on" if word == "on" else "paused" if word == "paused" else "off"
