"""Another number for a promise: from one write on it is the one to ring, and the old one is gone.

At each instant, a crash included, exactly one of the two stands: the new one has a data key of its
own, its record takes the old one's place in one write, and only then is the old key destroyed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, MutableMapping
from dataclasses import dataclass
from typing import Final

import structlog
from msgspec.structs import replace

from router.core.events import AnyEvent
from router.core.promise_commands import ChangeNumber
from router.core.promise_events import NumberChanged, PromiseNotNoted
from router.errors import StoreError
from router.observe.metrics import Metrics
from router.runtime.live_numbers import HeldNumber, LiveNumbers
from router.runtime.number_writer import NumberWriter
from router.runtime.typed_numbers import TypedNumbers
from router.store.kept_numbers import PROMISES, Changes, OwedNumber, encode
from router.store.number_vault import NumberVault

CHANGING_SECONDS: Final = 2.0
"""As with noting: longer than this nobody is left without an answer."""

log = structlog.get_logger(__name__)


@dataclass
class _Change:
    """A change on its way to disk."""

    terms: ChangeNumber
    held: HeldNumber
    before: OwedNumber
    after: OwedNumber | None = None
    is_answered: bool = False
    """Whether the engine was told that it was not changed in time."""


class NumberChanges:
    """Carries changes out, one at a time for each promise. `owed` are the promises of the desk."""

    def __init__(
        self,
        *,
        vault: NumberVault,
        writer: NumberWriter,
        live: LiveNumbers,
        typed: TypedNumbers,
        owed: MutableMapping[str, OwedNumber],
        tell: Callable[[AnyEvent], None],
        metrics: Metrics,
    ) -> None:
        self._vault = vault
        self._writer = writer
        self._live = live
        self._typed = typed
        self._owed = owed
        self._tell = tell
        self._metrics = metrics
        self._under_way: set[str] = set()

    def carry_out(self, terms: ChangeNumber) -> None:
        """Put what was typed in a call in the place of a promise's number."""
        held, before = self._typed.of(terms.call, terms.caller), self._owed.get(terms.promise)
        if held is None or before is None or terms.promise in self._under_way:
            self._refuse(terms, "no_number" if held is None else "store")
            return
        change = _Change(terms, held, before)
        self._under_way.add(terms.promise)
        timer = asyncio.get_running_loop().call_later(CHANGING_SECONDS, self._give_up, change)

        def done(stored: bool) -> None:  # noqa: FBT001 - the writer's answer
            timer.cancel()
            self._put_away(change, stored=stored)

        self._writer.add(lambda: self._put_down(change), done)

    def _give_up(self, change: _Change) -> None:
        change.is_answered = True
        self._refuse(change.terms, "too_slow")

    def _put_down(self, change: _Change) -> Changes:
        """Seal the number for the promise alone (in the writer's thread)."""
        terms, held = change.terms, change.held
        number = self._vault.open(held.number) if held.number is not None else None
        if number is None:
            raise StoreError("the number that was typed could not be kept")
        sealed = self._vault.seal(number)
        change.after = replace(change.before, caller=held.caller, number=sealed)
        changes: Changes = {(PROMISES, terms.promise): encode(change.after)}
        if self._typed.holds(terms.call, held):
            changes |= self._live.row(terms.call, held)
        return changes

    def _put_away(self, change: _Change, *, stored: bool) -> None:
        """Tell whether it is on disk. What comes too late, or in vain, is as if it never was."""
        promise, call = change.terms.promise, change.terms.call
        is_owed = self._owed.get(promise) is change.before
        if stored and is_owed and not change.is_answered and change.after is not None:
            self._owed[promise] = change.after
            self._under_way.discard(promise)
            self._typed.stands(call, change.held)
            self._erase([change.before.number.key])
            self._tell(NumberChanged(promise, call, change.held.caller))
            return
        if not change.is_answered:
            self._refuse(change.terms, "store")
        self._writer.insist(lambda: self._as_before(promise, call), lambda: self._undone(change))

    def _as_before(self, promise: str, call: str) -> Changes:
        """Say what stands after all: it has to be on disk before the new key may go."""
        owed, held = self._owed.get(promise), self._live.of(call)
        record = encode(owed) if owed is not None else None
        changes: Changes = {(PROMISES, promise): record}
        return changes | self._live.row(call, held)

    def _undone(self, change: _Change) -> None:
        self._under_way.discard(change.terms.promise)
        if change.after is not None:
            self._erase([change.after.number.key])

    def _erase(self, keys: Collection[str]) -> None:
        self._writer.insist(lambda: self._erased(keys))

    def _erased(self, keys: Collection[str]) -> Changes:
        self._vault.erase(keys)
        return {}

    def _refuse(self, terms: ChangeNumber, reason: str) -> None:
        self._metrics.promises_not_noted.labels(reason).inc()
        log.error("number_not_changed", promise=terms.promise, call=terms.call, reason=reason)
        self._tell(PromiseNotNoted(terms.promise, terms.call, "store"))
