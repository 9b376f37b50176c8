"""The desk for promises: it keeps numbers, notes promises on disk, and forgets what is over.

All of it goes on beside the loop; what comes of it is told as events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import structlog

from router.ami.mirror import CallerLeg, is_call_back
from router.core import commands, promise_commands
from router.core.commands import AnyCommand
from router.core.events import AnyEvent, CallerHungUp
from router.core.promise_events import PromiseNoted, PromiseNotNoted, WhyNotNoted
from router.errors import StoreError
from router.numbers.call_back import CallBackNumbers
from router.observe.metrics import Metrics
from router.runtime.called_back import CalledBack
from router.runtime.closed_promises import ClosedPromises
from router.runtime.joined_terms import JoinedTerms
from router.runtime.kept_promises import noted
from router.runtime.live_numbers import HeldNumber, LiveNumbers
from router.runtime.number_change import NumberChanges
from router.runtime.number_writer import NumberWriter
from router.runtime.typed_numbers import TypedNumbers
from router.store.kept_numbers import LIVE, PROMISES, TAKEN, Changes, OwedNumber, encode
from router.store.number_vault import NumberVault

NOTING_SECONDS: Final = 2.0
"""Longer than this nobody is left without an answer to whether they will be called back."""

log = structlog.get_logger(__name__)


@dataclass
class _Note:
    """A promise on its way to disk."""

    terms: promise_commands.NotePromise
    held: HeldNumber
    record: OwedNumber | None = None
    is_answered: bool = False
    """Whether the engine was told that it was not noted in time."""


class PromiseDesk:
    """Carries out what the engine commands about numbers. `tell` takes the events."""

    def __init__(
        self,
        *,
        vault: NumberVault,
        writer: NumberWriter,
        numbers: CallBackNumbers,
        tell: Callable[[AnyEvent], None],
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        self.live = LiveNumbers(vault, writer, numbers, clock)
        self.closed = ClosedPromises(writer)
        self._vault = vault
        self._writer = writer
        self._tell = tell
        self._metrics = metrics
        self._owed: dict[str, OwedNumber] = {}
        self.typed = TypedNumbers(vault, writer, self.live, metrics)
        self._changes = NumberChanges(
            vault=vault,
            writer=writer,
            live=self.live,
            typed=self.typed,
            owed=self._owed,
            tell=tell,
            metrics=metrics,
        )
        self.called_back = CalledBack(self.live, self.typed, self._owed)
        self.joined = JoinedTerms(writer, self._owed)
        self._is_opening = True
        """It is not known yet what an earlier daemon has left."""
        self._newly_taken: set[str] = set()
        """Promises that the engine has taken, and its journal may not hold yet."""
        self._over: set[str] = set()
        self._over_elsewhere: set[str] = set()
        """Calls that have ended meanwhile, and of whose number we did not know."""

    def take_rules(self, lines: Container[str], numbers: CallBackNumbers) -> None:
        """Go by these rules from now on: of the lines that call back, and of numbers."""
        self.live.lines = lines
        self.live.numbers = numbers

    def keep_number(self, call: str, leg: CallerLeg, number: str) -> None:
        """Keep, sealed, the number that a call shows."""
        self.live.keep(call, leg, number)

    async def number_of(self, promise: str) -> str | None:
        """Give the E.164 number to ring, only for this instant; None where it is not to be had."""
        owed = self._owed.get(promise)
        if owed is None:
            return None
        try:
            return await asyncio.to_thread(self._vault.open, owed.number)
        except StoreError as error:
            log.error("number_unreadable", promise=promise, problem=str(error))
            return None

    def carry_out(self, command: AnyCommand) -> None:
        """Do what a command says about a number."""
        self.closed.carry_out(command)
        self.live.wrap_ups.follow(command)
        match command:
            case promise_commands.NotePromise():
                self._note(command)
            case promise_commands.ChangeNumber():
                self._changes.carry_out(command)
            case promise_commands.CloseNumber():
                self._close(command)
            case commands.ReportAnswer():
                self.live.answered(command.call, command.listener)
            case commands.ReportOutcome():
                self._end(command.call)
            case promise_commands.ReportPromise(result="kept") if command.listener is not None:
                self.called_back.kept(command.promise, command.listener)
            case _:
                pass

    def hear(self, event: AnyEvent, *, stored: bool = True) -> None:
        """Note that the engine has taken an event; `stored`: its journal holds all of them by now.

        One that is marked as taken and in no journal would count as kept: it would be lost.
        """
        self.live.wrap_ups.hear(event)
        match event:
            case PromiseNoted():
                self._newly_taken.add(event.promise)
            case CallerHungUp() if is_call_back(event.call):
                self._leg_left(event.call)
            case _:
                pass
        if stored and self._newly_taken:
            marks: Changes = {(TAKEN, one): b"1" for one in self._newly_taken if one in self._owed}
            self._newly_taken.clear()
            if marks:
                self._writer.insist(lambda: marks)

    def take_up(self, owed: Mapping[str, OwedNumber]) -> None:
        """Hold promises that an earlier daemon has left in the store."""
        for promise, one in owed.items():
            self._owed.setdefault(promise, one)

    def over_by_now(self, seen: Collection[str]) -> set[str]:
        """Name the promises and calls that have ended while nobody knew yet what was left of them.

        `seen` are the calls that Asterisk held at the last resync. The engine ends all others with
        it too, but whether they are owed anything is not for it to say. To be asked once, just
        before `take_up`.
        """
        self._is_opening = False
        return self._over | self._over_elsewhere.intersection(seen)

    def hold(self, promise: str, owed: OwedNumber) -> None:
        """Hold a number that has come without a call, and is on disk."""
        self._owed[promise] = owed

    def holds(self, promise: str) -> bool:
        """Say whether there is a number for a promise."""
        return promise in self._owed

    def standing(self) -> Changes:
        """Give what the store is to hold now. Marks of what was taken are for the next start."""
        owed: Changes = {(PROMISES, name): encode(one) for name, one in self._owed.items()}
        return owed | self.live.rows()

    def forget(self, keys: Collection[str], changes: Changes) -> None:
        """Erase what an earlier daemon has left behind and nobody needs."""
        self._writer.insist(lambda: self._forgotten(keys, changes))

    def owe(self, name: str, call: str, promise: Callable[[], OwedNumber | None]) -> None:
        """Note a promise to whom a fault has cut off, however long it takes until it is on disk.

        `promise` is asked once the number has come to rest; None: there is none.
        """
        found: list[OwedNumber] = []

        def work() -> Changes:
            one = promise()
            if one is None:
                return {(LIVE, call): None}
            found[:] = [one]
            return {(PROMISES, name): encode(one), (LIVE, call): None}

        def then() -> None:
            for one in found:
                self._owed[name] = one
                log.warning("cut_off_caller_owed", call=call, promise=name, origin=one.origin)
                self._tell(noted(name, one))

        self._writer.insist(work, then)

    def _note(self, terms: promise_commands.NotePromise) -> None:
        held = self._number_for(terms)
        if held is None:
            self._refuse(terms, "no_number")
            return
        note = _Note(terms, held)
        timer = asyncio.get_running_loop().call_later(NOTING_SECONDS, self._give_up, note)

        def done(stored: bool) -> None:  # noqa: FBT001 - the writer's answer
            timer.cancel()
            self._put_away(note, stored=stored)

        self._writer.add(lambda: self._put_down(note), done)

    def _number_for(self, terms: promise_commands.NotePromise) -> HeldNumber | None:
        held = self.typed.of(terms.call, terms.caller) or self.live.of(terms.call)
        if terms.origin != "key":
            return held or self.called_back.number_on(terms.call)
        # Who asks to be called there is not to be called elsewhere.
        return held if held is not None and held.caller == terms.caller else None

    def _give_up(self, note: _Note) -> None:
        note.is_answered = True
        self._refuse(note.terms, "too_slow")

    def _put_down(self, note: _Note) -> Changes:
        """Seal the caller's number once more, for the promise alone (in the writer's thread)."""
        number = self._vault.open(note.held.number) if note.held.number is not None else None
        if number is None:
            raise StoreError("the number of this call could not be kept")
        terms = note.terms
        note.record = OwedNumber(
            line=terms.line,
            caller=note.held.caller,
            origin=terms.origin,
            place_at=terms.place_at,
            not_before=terms.not_before,
            due_by=terms.due_by,
            number=self._vault.seal(number),
            call=terms.call,
            usual=terms.usual,
            by_senior=terms.by_senior,
        )
        return {(PROMISES, terms.promise): encode(note.record)}

    def _put_away(self, note: _Note, *, stored: bool) -> None:
        """Tell whether it is on disk. What comes too late is as if it had never been."""
        name = note.terms.promise
        if stored and not note.is_answered and note.record is not None:
            self._owed[name] = note.record
            self.typed.stands(note.terms.call, note.held)
            self._tell(noted(name, note.record))
            return
        if note.record is not None:
            self.forget([note.record.number.key], {(PROMISES, name): None})
        if not note.is_answered:
            self._refuse(note.terms, "store")

    def _refuse(
        self, terms: promise_commands.NotePromise, reason: Literal["no_number", "too_slow", "store"]
    ) -> None:
        refusal = self.live.refusal(terms.call) if reason == "no_number" else None
        self._metrics.promises_not_noted.labels(refusal or reason).inc()
        log.error("promise_not_noted", call=terms.call, reason=refusal or reason)
        why: WhyNotNoted = "number_unknown" if reason == "no_number" else "store"
        self._tell(PromiseNotNoted(terms.promise, terms.call, why))

    def _end(self, call: str) -> None:
        if self._is_opening:
            (self._over_elsewhere if self.live.of(call) is None else self._over).add(call)
        self.live.ended(call)
        self.typed.ended(call)

    def _close(self, order: promise_commands.CloseNumber) -> None:
        promise = order.promise
        if self._is_opening:
            self._over.add(promise)
        elif order.joined is not None and self.joined.hand_on(promise, order.joined):
            self._newly_taken.add(order.joined.promise)
            self.called_back.close(promise)
            return
        keys = self.called_back.close(promise)
        forget = partial(self.forget, keys, {(PROMISES, promise): None, (TAKEN, promise): None})
        if order.joined is None:
            forget()
        else:
            self.joined.put_down(order.joined, forget)

    def _leg_left(self, leg: str) -> None:
        if self._is_opening:
            self._over.add(leg)
        self.called_back.left(leg)

    def _forgotten(self, keys: Collection[str], changes: Changes) -> Changes:
        self._vault.erase(keys)
        return changes
