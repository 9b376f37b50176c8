"""Faults and promises: what an earlier daemon has left, and callers whom Asterisk's end cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Container, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from router.core.events import AnyEvent
from router.core.hours import terms
from router.core.policy import CallBack, Policy
from router.core.promise_commands import PromiseTerms
from router.core.promise_events import NumberChanged, NumberLost, PromiseOrigin
from router.errors import StoreError
from router.runtime.kept_promises import SortedOut, sort_out
from router.runtime.live_numbers import HeldNumber
from router.runtime.promise_desk import PromiseDesk
from router.store.kept_numbers import Kept, LiveNumber, OwedNumber
from router.store.number_vault import NumberVault
from router.store.promise_store import PromiseStore

READ_AGAIN_SECONDS: Final = 1.0
"""Between two attempts to read a store that is away at the start."""

JUST_BOOTED_SECONDS: Final = 1.0
"""For an Asterisk whose clock is ahead of ours. On one clock nothing need be added: it counts since
before it loaded what takes calls, and in whole seconds, so that we take its start for up to one
later. Who comes in so soon and leaves unseen is called back for nothing: better than to be lost."""

AWAKE_SECONDS: Final = 7_200.0
"""Who called no longer ago, and was cut off, is rung at once by night too."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Held:
    """What Asterisk held at the last resync, since when it runs, and in which life it is."""

    calls: frozenset[str]
    up_since: float | None
    life: str | None


class PromiseWatch:
    """Sees to it that a promise outlives the daemon, and that a fault of ours becomes one.

    `vault` is asked for the keys that are there as the daemon starts; `talked` gives those calls by
    which somebody has talked with us before that; `fits` says whether a store of this name is that
    of these keys.
    """

    def __init__(
        self,
        *,
        desk: PromiseDesk,
        store: PromiseStore,
        vault: NumberVault,
        tell: Callable[[AnyEvent], None],
        clock: Callable[[], float],
        talked: Callable[[Mapping[str, LiveNumber]], Awaitable[set[str]]],
        fits: Callable[[str | None], bool],
    ) -> None:
        self._desk = desk
        self._talked = talked
        self._fits = fits
        self._store = store
        self._vault = vault
        self._older_keys = vault.held()
        self._tell = tell
        self._clock = clock
        self._policy: Callable[[], Policy] = lambda: Policy(lines={}, listeners={})
        self._held: Held | None = None
        self._talked_unseen: set[str] = set()
        """Calls by which somebody has talked with others while no daemon looked."""

    def take_rules(self, policy: Callable[[], Policy]) -> None:
        """Go from now on by the rules that this gives at each moment."""
        self._policy = policy

    async def open(
        self,
        known: Callable[[], Mapping[str, PromiseTerms]],
        lost: Callable[[], Container[str]],
        *,
        journal_lost: bool,
    ) -> None:
        """Take up what the store keeps, as soon as it can be read.

        `known` gives by what the promises stand that the engine holds; `lost` those of them that it
        takes to have no number.
        """
        kept = await self._read()
        await self._check()
        talked = await self._talked(kept.live)
        keys = await asyncio.to_thread(self._vault.held)
        held = known()
        ended = self._desk.over_by_now(self._held.calls if self._held is not None else ())
        found = sort_out(
            kept,
            keys,
            older=self._older_keys,
            known=held,
            over=ended | self._kept_unseen(kept, held),
            journal_lost=journal_lost,
            fits=self._fits(kept.name),
        )
        before = self._desk.live.calls() | self._desk.typed.calls()
        self._take_up(found)
        self._desk.live.all_taken_up(talked)
        self._desk.closed.take_up(kept.closed)
        self._compare(held, found.owed, lost())
        if self._held is not None:
            self._owe_missing(self._held, before)

    def _kept_unseen(self, kept: Kept, known: Container[str]) -> set[str]:
        """Name the promises that a talk has kept before the engine has heard of them at all.

        Each was on disk, and the daemon died before it knew: whoever still waited talked then.
        """
        unknown = {name: one for name, one in kept.promises.items() if name not in known}
        return {name for name, one in unknown.items() if one.call in self._talked_unseen}

    async def _read(self) -> Kept:
        while True:
            try:
                return await self._store.read()
            except StoreError as error:
                log.error("promises_unread", problem=str(error))
                await asyncio.sleep(READ_AGAIN_SECONDS)

    async def _check(self) -> None:
        """Say at the start, before a caller hears it, that this store cannot hold a promise."""
        try:
            await self._store.check()
        except StoreError as error:
            log.error("promises_not_durable", problem=str(error), effect="nothing is promised")

    def asterisk_holds(
        self,
        calls: Collection[str],
        up_since: float | None,
        talked: Collection[str] = (),
        life: str | None = None,
    ) -> None:
        """Owe a call-back to those of our callers whom Asterisk, up since then, does not hold.

        `talked` have talked with somebody while nobody looked. `life` is the word for the life of
        Asterisk's that it is in.
        """
        for call in talked:
            self._desk.live.answered(call, None)
        self._talked_unseen.update(talked)
        self._held = Held(frozenset(calls), up_since, life)
        self._owe_missing(self._held, ())

    def _take_up(self, found: SortedOut) -> None:
        self._desk.take_up(found.owed)
        for call, one in found.live.items():
            self._desk.live.take_up(call, one)
        for call, one in found.over.items():
            self._desk.live.take_up_over(call, one)
        if found.keys_to_erase or found.changes:
            self._desk.forget(found.keys_to_erase, found.changes)
        for event in found.told_again:
            log.warning("promise_told_again", promise=event.promise)
            self._tell(event)

    def _compare(
        self,
        known: Mapping[str, PromiseTerms],
        owed: Mapping[str, OwedNumber],
        lost: Container[str],
    ) -> None:
        """Tell the engine, the store, and ops, where these know otherwise of a promise."""
        for name, stands in known.items():
            if not self._desk.holds(name):
                log.error("promise_without_number", promise=name)
                if name not in lost:
                    self._tell(NumberLost(name))
            elif name in owed:
                self._desk.joined.mend(stands)
                if name in lost or owed[name].caller != stands.caller:
                    # Found again; or the daemon died between changing it and telling of that.
                    self._tell(NumberChanged(name, owed[name].call or "", owed[name].caller))

    def _owe_missing(self, held: Held, newer: Collection[str]) -> None:
        there = {*held.calls, *newer}
        self._desk.live.seen(held.calls, held.life)
        self._desk.called_back.keep_only(there)
        missing = self._desk.live.take_missing(there)
        if not missing:
            return
        policy = self._policy()
        for call, number in missing.items():
            line = policy.lines.get(number.line)
            rules = line.call_back if line is not None else None
            origin = _origin(number, rules, held) if rules is not None else None
            if rules is None or origin is None:
                self._desk.live.let_go(call, number)
                continue
            now = self._clock()
            asked = origin if now - number.arrived < AWAKE_SECONDS else "hang_up"
            not_before, due_by = terms(asked, now, rules, policy.utc_offset_at)
            # One call, one name: found twice, it is still one promise.
            name = f"p-cut-{call}"
            self._desk.owe(name, call, partial(_promise, call, number, origin, not_before, due_by))


def _origin(number: HeldNumber, rules: CallBack, held: Held) -> PromiseOrigin | None:
    """Say why somebody who is gone is owed a call-back; None where they are not."""
    if _was_cut_off(number, held):
        return "crash"
    # Asterisk was there all the time: they hung up while we did not look.
    return "hang_up" if rules.on_hang_up and not number.answered else None


def _was_cut_off(number: HeldNumber, held: Held) -> bool:
    """Say whether Asterisk has died since; by the clocks only where nothing better is known."""
    if number.life is not None and held.life is not None:
        return number.life != held.life
    return held.up_since is not None and number.arrived <= held.up_since + JUST_BOOTED_SECONDS


def _promise(
    call: str, number: HeldNumber, origin: PromiseOrigin, not_before: float, due_by: float
) -> OwedNumber | None:
    if number.number is None:
        return None
    return OwedNumber(
        line=number.line,
        caller=number.caller,
        origin=origin,
        place_at=number.arrived,
        not_before=not_before,
        due_by=due_by,
        number=number.number,
        call=call,
        usual=number.listener,
    )
