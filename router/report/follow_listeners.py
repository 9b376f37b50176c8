"""Listeners in a journal: on duty or not, rung, in a talk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from router.core import commands, events
from router.core.command import Command
from router.core.floor import State
from router.report.clock import on_the_clock
from router.report.facts import DutyFact, Facts, RingFact, TalkFact

DutyEvent = events.ListenerCameOn | events.ListenerPaused | events.ListenerWentOff


class ListenersSoFar:
    """Follows every listener through the journal."""

    def __init__(self, facts: Facts, state: State) -> None:
        self.follow: dict[type[Command], Callable[[Any, float], None]] = {
            commands.ReportOffer: self._offer_over,
        }
        self._facts = facts
        self._state = state
        self._on_since: dict[str, float] = {}
        self._rung_at: dict[str, float] = {}
        self._talking_since: dict[str, float] = {}
        self.look_at_duties(None, facts.began)
        self.look_at_talks(None, facts.began)

    def look_at(self, event: DutyEvent, now: float) -> None:
        """Note what a listener has said of themselves, or the shift."""
        found = self._state.listeners.get(event.listener)
        self._note_duty(event.listener, now, is_on=found is not None and found.duty == "on")

    def look_at_duties(self, _: object, now: float) -> None:
        """Note who is on duty, and of which pool everybody is."""
        here = self._state.listeners
        self._facts.pools.update((name, one.pool) for name, one in here.items())
        for name, one in here.items():
            self._note_duty(name, now, is_on=one.duty == "on")
        for name in self._on_since.keys() - here.keys():
            self._note_duty(name, now, is_on=False)

    def talk_began(self, event: events.TalkStarted, now: float) -> None:
        """Note that a listener and somebody are together."""
        offer = self._state.offers.get(event.offer)
        if offer is not None and offer.state == "talking":
            self._talking_since.setdefault(event.offer, now)

    def look_at_talks(self, _: object, now: float) -> None:
        """Note who is in a talk."""
        for name, offer in self._state.offers.items():
            if offer.state == "talking":
                self._talking_since.setdefault(name, now)

    def go_on(self, state: State) -> None:
        """Take who is there from another state: what is not in it has ended, and nobody saw how."""
        gone = {
            name
            for name in self._rung_at.keys() | self._talking_since.keys()
            if _who(state, name) is None or _who(state, name) != _who(self._state, name)
        }
        for name in gone:
            self._rung_at.pop(name, None)
            self._talking_since.pop(name, None)
        for name, offer in state.offers.items():
            if offer.result is None:
                self._rung_at.setdefault(name, offer.placed_at - state.set_back_seconds)
        self._state = state
        now = on_the_clock(state)
        self.look_at_duties(None, now)
        self.look_at_talks(None, now)

    def close(self, now: float) -> None:
        """End what goes on when the journal ends."""
        for name in list(self._on_since):
            self._note_duty(name, now, is_on=False)
        for name, began in self._talking_since.items():
            offer = self._state.offers[name]
            self._facts.talks.append(TalkFact(offer.listener, offer.line, began, now))

    def _note_duty(self, name: str, now: float, *, is_on: bool) -> None:
        if is_on:
            self._on_since.setdefault(name, now)
        elif (began := self._on_since.pop(name, None)) is not None:
            self._facts.duties.append(DutyFact(name, began, now))

    def rung(self, order: commands.RingListener, now: float) -> None:
        """Note that a phone rings."""
        self._rung_at[order.offer] = now

    def _offer_over(self, word: commands.ReportOffer, now: float) -> None:
        rung_at = self._rung_at.pop(word.offer, now)
        self._facts.rings.append(RingFact(word.listener, word.line, rung_at, word.result))
        began = self._talking_since.pop(word.offer, None)
        if began is not None:
            # Where the clock was set back meanwhile, nobody talked for less than no time.
            ended = max(began, now)
            self._facts.talks.append(TalkFact(word.listener, word.line, began, ended))


def _who(state: State, name: str) -> tuple[str, str] | None:
    """Say whom an offer rings, and for which call."""
    offer = state.offers.get(name)
    return (offer.listener, offer.call) if offer is not None else None
