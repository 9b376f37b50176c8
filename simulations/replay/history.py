"""Reads from a journal what the people in it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from router.core import commands, events
from router.core.commands import AnyCommand
from router.core.events import AnyEvent
from router.core.floor import State
from router.core.presence_events import DutyWord
from router.core.seen import SeenCall
from router.past.journal import Journal
from simulations.replay.past import SILENCE, Duty, DutyChange, FirstWord, Gap, Past
from simulations.replay.past_calls import CallsSoFar
from simulations.replay.past_rings import RingsSoFar
from simulations.replay.pauses import take_out_pauses
from simulations.replay.restep import Anew, Restep, Step

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
        if isinstance(step, Anew):
            historian.go_on(step)
        else:
            historian.hear(step)
    return historian.past(), restep


class Historian:
    """Listens to a journal as it is stepped."""

    def __init__(self, journal: Journal, restep: Restep) -> None:
        self._journal = journal
        self._restep = restep
        self._gaps: list[Gap] = []
        self._calls = CallsSoFar(set(self._state.calls))
        self._rings = RingsSoFar()
        self._duties: list[DutyChange] = []
        self._daemon: list[tuple[float, AnyEvent | None]] = []
        self._began = self._whole_since = self._at = journal.entries[0].at
        self._linked = self._state.pbx_up
        self._line = journal.first_line
        self._is_refused = False
        self._back_at_work: dict[str, str] = {}
        """Legs from before the start, or a gap, to the listeners who are ready after them."""
        if journal.snapshot is not None:
            self._set_the_scene()
        self._handlers = self._handlers_of_all()

    @property
    def _state(self) -> State:
        return self._restep.state

    def hear(self, step: Step) -> None:
        """Take one entry and what the engine says to it."""
        self._line, self._is_refused = step.line, step.refused
        handler = self._handlers.get(type(step.event))
        if handler is not None:
            handler(step.event, step.at)
        for command in step.said:
            self._note(command, step.at)
        self._at = step.at

    def go_on(self, anew: Anew) -> None:
        """Take a state that the journal has not led to: who is there, and who is on duty."""
        self._line, self._at = anew.line, anew.at
        if anew.tells_all:
            return
        self._whole_since = anew.at
        there = (call for call in self._state.calls.values() if call.has_leg)
        cut = self._calls.cut_off(call.name for call in there if not call.called_back)
        self._gaps.append(Gap(anew.line, cut))
        self._rings.cut_off()
        self._look_at_daemon(anew.at)
        self._look_at_duties(anew.at)

    def past(self) -> Past:
        """Give all that was told."""
        rings = [
            ring for ring in self._rings.by_offer.values() if not self._calls.is_in_part(ring.call)
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
            gaps=tuple(self._gaps),
        )

    def _handlers_of_all(self) -> dict[type[AnyEvent], Handler]:
        calls, rings = self._calls, self._rings
        return {
            events.EngineStarted: self._started,
            events.PolicyLoaded: self._loaded,
            events.PbxLost: self._lost,
            events.PbxResynced: self._resynced,
            events.ListenerCameOn: self._word,
            events.ListenerPaused: self._word,
            events.ListenerWentOff: self._word,
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
                self._duty(one.name, one.duty, ready_at)

    def _look_at_daemon(self, at: float) -> None:
        """Take the rules and the link as they are after a gap."""
        heard = [one for _, one in self._daemon if isinstance(one, events.PolicyLoaded)]
        now = events.PolicyLoaded(self._state.policy)
        if heard[-1:] != [now]:
            self._daemon.append((at, now))
        if self._state.pbx_up and not self._linked:
            self._resynced(events.PbxResynced((), ()), at)
        elif self._linked and not self._state.pbx_up:
            self._lost(events.PbxLost(), at)

    def _look_at_duties(self, at: float) -> None:
        """Take it that who is on duty after a gap, and who talks then, does so from now on."""
        before = {one.listener: one.duty for one in self._duties}
        self._back_at_work.clear()
        for one in self._state.listeners.values():
            duty = one.duty
            if one.offer is not None and duty == "on":
                self._back_at_work[one.offer], duty = one.name, "paused"
            if before.get(one.name, "off") != duty:
                self._duty(one.name, duty, at)

    def _note(self, command: AnyCommand, at: float) -> None:
        if isinstance(command, commands.RingListener):
            self._rings.placed(command, at)
            if command.call in self._calls.by_name:
                self._calls.by_name[command.call].offers += 1
        elif isinstance(command, commands.DismissListener):
            self._rings.dismissed(command, at)
        elif isinstance(command, commands.SendToFallback):
            self._calls.asks_fallback(command.call)
        elif isinstance(command, commands.ReportOutcome) and command.outcome == "promised":
            self._calls.ends_promised(command.call)

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
        for name in event.talked:
            # Of whom the engine had given nobody, the fallback group has had. For how long, no
            # journal tells.
            ring = self._rings.accepted_for(name)
            if ring is not None and self._calls.place_of(name) == "waiting":
                self._talk(name, ring.offer, at)
            else:
                self._calls.taken_by_fallback(name, at)
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
        if arrived < self._whole_since and not isinstance(word, events.CallArrived):
            self._calls.came_unheard(word.call, after_a_gap=arrived >= self._began)
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

    def _word(self, event: DutyWord, at: float) -> None:
        """Note a listener's word, or the shift's, by which the engine goes."""
        if not self._is_refused:
            self._duty(event.listener, self._state.listeners[event.listener].duty, at)

    def _duty(self, listener: str, duty: Duty, at: float) -> None:
        self._duties.append(DutyChange(at, listener, duty, self._line))
