"""The counter at which promises are asked for, looked at and given up, by ops and by the site."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final, Literal

from msgspec.structs import replace

from router.core.events import AnyEvent
from router.core.promise import PROMISE_TABLE, Promise, PromiseInput
from router.core.promise_commands import CloseNumber
from router.core.promise_events import PromiseCancelled, PromiseGiven
from router.errors import StoreError
from router.runtime.asked_numbers import AskedNumbers
from router.runtime.asked_terms import Judge, Terms
from router.runtime.closed_promises import standing_of
from router.runtime.errands import LATE, UNDONE_BY_RESTART, done, send
from router.runtime.inbox import Inbox
from router.runtime.kept_promises import noted
from router.runtime.promise_desk import PromiseDesk
from router.store.kept_numbers import OwedNumber
from router.web.counter import AsAsked, Asked, NoSuchPromise, Standing

ID_BYTES: Final = 12
"""Nobody comes upon a promise by trying."""

MOST_JOINS: Final = 10
"""One promise that became one with another, and that with a third: so far it is followed."""


class PromiseCounter:
    """Stands before the engine, whose promises, by name, `promises` gives.

    `judge` gives who judges by the rules of this moment.
    """

    def __init__(
        self,
        *,
        judge: Callable[[], Judge],
        numbers: AskedNumbers,
        desk: PromiseDesk,
        inbox: Inbox,
        promises: Callable[[], Mapping[str, Promise]],
        clock: Callable[[], float],
    ) -> None:
        self._judge = judge
        self._numbers = numbers
        self._desk = desk
        self._inbox = inbox
        self._promises = promises
        self._clock = clock

    async def add(self, asked: Asked) -> Standing:
        """Note a promise, and give how it stands once it is on durable storage.

        Raises
        ------
        PromiseRefused
            if it is not to be had; nothing is kept of it then.
        StoreError
            if it could not be put on durable storage in time; nothing is promised then.

        """
        terms = self._judge().terms(asked, self._clock())
        name = f"p-{secrets.token_hex(ID_BYTES)}"
        taken = []

        def tell(owed: OwedNumber) -> None:
            taken.append(send(self._inbox, noted(name, owed)))

        await self._numbers.put_down(name, terms, tell)
        try:
            await done(taken[0])
        except TimeoutError:
            # It is on disk: the loop takes it as soon as it turns, be it after a restart.
            return _as_asked(name, terms, self._clock())
        return replace(self._as_taken(name, terms), asked=_asked(name, terms))

    async def cancel(self, promise: str, by: Literal["caller", "senior"]) -> None:
        """Close a promise. Raises NoSuchPromise, or StoreError if it is not done for good."""
        name = self._able(promise, "cancelled").name
        await self._carry(PromiseCancelled(name, by))
        closed = self._desk.closed.find(name)
        if closed is None or closed.state != "cancelled":
            raise _not_now("cancelled")

    async def give(self, promise: str) -> None:
        """Have a promise tried anew, now. Raises NoSuchPromise, or StoreError."""
        one = self._able(promise, "given_anew")
        if one.number_lost:
            raise NoSuchPromise("its number is lost: ask for the call-back anew, with the number")
        before = _given(one)
        await self._carry(PromiseGiven(one.name))
        if _given(one) == before:
            raise _not_now("given_anew")

    def find(self, promise: str) -> Standing | None:
        """Give how a promise stands, or how it ended, if lately; None: there is none.

        One that has become one with another is given under its own name as that one stands.
        """
        name = promise
        for _ in range(MOST_JOINS):
            one = self._promises().get(name)
            found = standing_of(one) if one is not None else self._desk.closed.find(name)
            if found is None or found.joined is None:
                break
            name = found.joined
        if found is None or name == promise:
            return found
        return replace(found, promise=promise, joined=name)

    def all(self) -> list[Standing]:
        """Give all that are open."""
        return [standing_of(one) for one in self._promises().values()]

    def _as_taken(self, name: str, terms: Terms) -> Standing:
        """Give how a promise stands that the engine was told of, or the one it became one with."""
        promises = self._promises()
        one = promises.get(name)
        if one is None:
            theirs = (one for one in promises.values() if one.caller == terms.caller)
            here = (one for one in theirs if one.line == terms.line)
            alike = (
                one for one in here if (one.by_senior if terms.by_senior else not one.stands_apart)
            )
            one = next(alike, None)
        if one is None:
            self._desk.carry_out(CloseNumber(name))
            raise StoreError("the daemon has not taken it: nothing is promised")
        return standing_of(one)

    def _able(self, promise: str, what: PromiseInput) -> Promise:
        found = self.find(promise)
        one = self._promises().get(found.joined or promise) if found is not None else None
        if one is None:
            raise NoSuchPromise("there is no open promise of this name")
        if what not in PROMISE_TABLE[one.state]:
            raise _not_now(what)
        return one

    async def _carry(self, event: AnyEvent) -> None:
        try:
            stored = await done(send(self._inbox, event))
        except TimeoutError:
            raise StoreError(LATE) from None
        if not stored:
            raise StoreError(UNDONE_BY_RESTART)


def _given(promise: Promise) -> int:
    return sum(what == "given_anew" for _, what, _ in promise.history)


def _not_now(what: PromiseInput) -> NoSuchPromise:
    if what == "cancelled":
        return NoSuchPromise("it cannot be cancelled: the caller talks with somebody")
    return NoSuchPromise("it cannot be tried anew now: the caller is being rung, or on the line")


def _as_asked(name: str, terms: Terms, now: float) -> Standing:
    return Standing(
        promise=name,
        line=terms.line,
        state="waiting",
        origin=terms.origin,
        noted_at=now,
        not_before=terms.not_before,
        due_by=terms.due_by,
        attempts=0,
        next_at=terms.not_before,
        usual=terms.usual,
        by_senior=terms.by_senior,
        history=((now, "noted", terms.origin),),
        asked=_asked(name, terms),
    )


def _asked(name: str, terms: Terms) -> AsAsked:
    return AsAsked(name, terms.line, terms.not_before, terms.due_by)
