"""Makes the records of a run from what the engine says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast, get_args

from msgspec import Struct

from router.config.ladder import ladder_of
from router.core import commands
from router.core.commands import AnyCommand, Outcome
from router.core.events import AnyEvent, CallArrived, CallerAskedFor, FallbackBegan
from simulations.records import (
    CallRecord,
    ListenerRecord,
    OfferRecord,
    table_of_calls,
    table_of_offers,
)
from simulations.scenario.shape import Scenario
from simulations.watch import InvariantBroken
from simulations.world.caller import Caller
from simulations.world.world import World

_KINDS = frozenset(get_args(AnyEvent))
_OF_CALL = frozenset(kind for kind in _KINDS if "call" in kind.__struct_fields__)
_OF_OFFER = frozenset(kind for kind in _KINDS - _OF_CALL if "offer" in kind.__struct_fields__)
_NO_RING = (0.0, "")


class _Known(Struct, eq=False):
    """What is known of a call so far."""

    events: int = 0
    offers: int = 0
    listener: str | None = None
    known_listener: str | None = None
    fallback_at: tuple[float, ...] = ()
    could_have_known: bool = False


CanTake = Callable[[str, str], bool]
"""Whether a listener is free and somebody whom a line asks for at first: given both names."""


class Recorder:
    """Listens to the engine, and to the world for what the engine could not hear."""

    def __init__(
        self, scenario: Scenario, world: World, can_take: Callable[[str, str], bool]
    ) -> None:
        self.calls = table_of_calls()
        self.offers = table_of_offers()
        self._world = world
        self._callers = world.pbx.callers
        self._short_call_seconds = {
            name: line.short_call_seconds for name, line in scenario.lines.items()
        }
        self._same_listener_seconds = {
            name: line.same_listener_seconds for name, line in scenario.lines.items()
        }
        self._can_take = can_take
        self._known: dict[str, _Known] = {}
        self._left: dict[str, Caller] = {}
        """Callers who have left and whose end the engine is about to tell."""
        self._rings: dict[str, tuple[float, str]] = {}
        """Offer to when it was made, and for which call."""
        self._last_listener: dict[str, str] = {}
        self._asked = {
            name: tuple(sorted(ladder_of(line)[0].skills.items()))
            for name, line in scenario.lines.items()
        }
        self._has = {
            name: tuple(sorted(group.skills.items())) for name, group in scenario.listeners.items()
        }
        self._follow: dict[type[AnyCommand], Callable[[Any, float], None]] = {
            commands.RingListener: self._begin_offer,
            commands.ReportOffer: self._end_offer,
            commands.ReportAnswer: self._acquaint,
            commands.ReportOutcome: self._end_call,
        }
        world.when_gone = self._gone

    def heard(self, event: AnyEvent) -> None:
        """Note an event that the engine is about to take."""
        told, kind = cast(Any, event), type(event)
        if kind in _OF_CALL:
            call = told.call
        elif kind in _OF_OFFER:
            _, call = self._rings.get(told.offer, _NO_RING)
        else:
            return
        about = self._known.get(call)
        if about is None:
            if call not in self._callers and call not in self._left:
                return
            about = self._known[call] = _Known()
        about.events += 1
        if kind is CallArrived or kind is CallerAskedFor:
            self._note_known(event, call, about)
        if kind is FallbackBegan and self._world.clock.now not in about.fallback_at:
            about.fallback_at += (self._world.clock.now,)

    def note(self, command: AnyCommand, now: float) -> None:
        """Note what the engine says."""
        follow = self._follow.get(type(command))
        if follow is not None:
            follow(command, now)

    def miss_nobody(self) -> None:
        """Have every caller who has left in the records, once all is over.

        Raises
        ------
        InvariantBroken
            if the engine never told the end of some.

        """
        if self._left:
            raise InvariantBroken(
                *(f"call {name} has left, and nobody told its end" for name in self._left)
            )

    def listeners(self) -> tuple[ListenerRecord, ...]:
        """Give what each listener did."""
        return tuple(
            ListenerRecord(
                name=home.name,
                skills=self._has[home.group],
                on_duty_seconds=home.on_duty_seconds,
                talking_seconds=home.talking_seconds,
                calls=home.calls,
            )
            for home in self._world.homes.values()
        )

    def _note_known(self, event: AnyEvent, call: str, about: _Known) -> None:
        """Note whether the listener whom a caller knows could take this call."""
        caller = self._callers.get(call)
        if caller is None:
            return
        if isinstance(event, CallerAskedFor):
            known: str | None = event.listener
        else:
            known = None if caller.shown is None else self._last_listener.get(caller.shown)
        line = caller.attempt.line
        if known is not None and self._can_take(known, line):
            ceiling_seconds = self._same_listener_seconds[line]
            seconds = self._world.takes_after_seconds(known)
            about.could_have_known = seconds is not None and seconds <= ceiling_seconds

    def _about(self, call: str) -> _Known:
        found = self._known.get(call)
        if found is None:
            found = self._known[call] = _Known()
        return found

    def _begin_offer(self, order: commands.RingListener, now: float) -> None:
        self._rings[order.offer] = (now, order.call)
        self._about(order.call).offers += 1

    def _acquaint(self, answer: commands.ReportAnswer, _: float) -> None:
        caller = self._callers.get(answer.call)
        if caller is not None and answer.listener is not None:
            about, person = self._about(answer.call), caller.attempt.person.name
            about.listener = answer.listener
            about.known_listener = self._last_listener.get(person)
            self._last_listener[person] = answer.listener

    def _end_offer(self, report: commands.ReportOffer, now: float) -> None:
        at, call = self._rings.pop(report.offer, (now, report.call))
        self.offers.append(
            OfferRecord(
                offer=report.offer,
                call=call,
                line=report.line,
                listener=report.listener,
                at=at,
                ended=now,
                result=report.result,
            )
        )

    def _gone(self, caller: Caller) -> None:
        """Record a call as the world saw it, if the engine could not see all of it."""
        if not caller.unheard:
            self._left[caller.name] = caller
            return
        answered = caller.answered_at is not None
        now = self._world.clock.now
        until = caller.answered_at if caller.answered_at is not None else now
        waited_seconds = until - caller.arrived
        outcome: Outcome = "lost"
        if answered:
            outcome = "answered" if caller.answered_by is not None else "fallback_answered"
        elif waited_seconds < self._short_call_seconds[caller.attempt.line]:
            outcome = "left_early"
        talked_seconds = caller.attempt.talk_seconds - caller.talk_left_seconds
        self._record(caller, outcome, waited_seconds, talked_seconds)

    def _end_call(self, report: commands.ReportOutcome, _: float) -> None:
        caller = self._left.pop(report.call, None)
        if caller is not None:
            self._record(caller, report.outcome, report.waited_seconds, report.talked_seconds)
        elif report.call not in self._callers:
            self._known.pop(report.call, None)

    def _record(
        self, caller: Caller, outcome: Outcome, waited_seconds: float, talked_seconds: float
    ) -> None:
        about = self._known.pop(caller.name, None) or _Known()
        person, line = caller.attempt.person, caller.attempt.line
        listener = caller.answered_by if caller.unheard else about.listener
        known_listener = about.known_listener
        if listener is None:
            known_listener = self._last_listener.get(person.name)
        self.calls.append(
            CallRecord(
                call=caller.name,
                line=line,
                person=person.name,
                withheld=person.withheld,
                skills=self._asked[line],
                arrived=caller.arrived,
                ended=self._world.clock.now,
                outcome=outcome,
                waited_seconds=waited_seconds,
                talked_seconds=talked_seconds,
                listener=listener,
                known_listener=known_listener,
                offers=about.offers,
                events=about.events,
                could_have_known=about.could_have_known,
                fallback_at=about.fallback_at,
            )
        )
