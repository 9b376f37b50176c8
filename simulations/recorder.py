"""Makes the records of a run from what the engine says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, cast, get_args

from msgspec import Struct

from router.config.ladder import ladder_of
from router.core import commands
from router.core.commands import AnyCommand, Outcome
from router.core.events import AnyEvent, CallArrived, CallerAskedFor, FallbackBegan
from router.core.policy import Preference
from simulations.last_rung import LastRung
from simulations.promise_book import PromiseBook
from simulations.records import (
    CallRecord,
    ListenerRecord,
    OfferRecord,
    table_of_calls,
    table_of_offers,
)
from simulations.same_listener import CanTake, LastListeners
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
    help_asked: int = 0
    escalations: int = 0
    help_waited_seconds: float = 0.0


class Recorder:
    """Listens to the engine, and to the world for what the engine could not hear."""

    def __init__(
        self, scenario: Scenario, world: World, can_take: CanTake, last_rung: LastRung
    ) -> None:
        self.calls = table_of_calls()
        self.offers = table_of_offers()
        self.bendings: dict[str, Counter[Preference]] = defaultdict(Counter)
        self._world = world
        self._promises = PromiseBook(world.pbx)
        self.promises = self._promises.records
        self._callers = world.pbx.callers
        self._short_call_seconds = {
            name: line.short_call_seconds for name, line in scenario.lines.items()
        }
        self._last_listeners = LastListeners(scenario, world, can_take)
        self._last_rung = last_rung
        self._known: dict[str, _Known] = {}
        self._left: dict[str, Caller] = {}
        """Callers who have left and whose end the engine is about to tell."""
        self._rings: dict[str, tuple[float, str]] = {}
        """Offer to when it was made, and for which call."""
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
            commands.ReportRung: last_rung.note,
            commands.ReportBending: self._bend,
            commands.ReportHelp: self._note_help,
            **self._promises.follow,
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
        if (kind is CallArrived or kind is CallerAskedFor) and call in self._callers:
            about.could_have_known |= self._last_listeners.could_take(self._callers[call], told)
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

    def _about(self, call: str) -> _Known:
        found = self._known.get(call)
        if found is None:
            found = self._known[call] = _Known()
        return found

    def _note_help(self, report: commands.ReportHelp, _: float) -> None:
        about = self._about(report.call)
        about.help_asked += 1
        if report.result == "found":
            about.escalations += 1
            about.help_waited_seconds += report.waited_seconds

    def _begin_offer(self, order: commands.RingListener, now: float) -> None:
        self._rings[order.offer] = (now, order.call)
        if not order.to_help:
            self._about(order.call).offers += 1

    def _acquaint(self, answer: commands.ReportAnswer, _: float) -> None:
        caller = self._callers.get(answer.call)
        if caller is not None and answer.listener is not None:
            about, person = self._about(answer.call), caller.attempt.person.name
            about.listener = answer.listener
            about.known_listener = self._last_listeners.of(person)
            self._last_listeners.remember(person, answer.listener)

    def _bend(self, report: commands.ReportBending, _: float) -> None:
        self.bendings[report.line][report.kind] += 1

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
        if caller.called_back:
            self._known.pop(caller.name, None)
            return
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
            self._record(
                caller,
                report.outcome,
                report.waited_seconds,
                report.talked_seconds,
                promise=report.promise,
            )
        elif report.call not in self._callers:
            self._known.pop(report.call, None)

    def _record(
        self,
        caller: Caller,
        outcome: Outcome,
        waited_seconds: float,
        talked_seconds: float,
        *,
        promise: str | None = None,
    ) -> None:
        about = self._known.pop(caller.name, None) or _Known()
        person, line = caller.attempt.person, caller.attempt.line
        left_silent = self._last_rung.leave(caller.name)
        listener = caller.answered_by if caller.unheard else about.listener
        known_listener = about.known_listener
        if listener is None:
            known_listener = self._last_listeners.of(person.name)
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
                promise=promise,
                help_asked=about.help_asked,
                escalations=about.escalations,
                help_waited_seconds=about.help_waited_seconds,
                fallback_at=about.fallback_at,
                at_last_rung=left_silent is not None,
                phone_left_silent=bool(left_silent),
            )
        )
