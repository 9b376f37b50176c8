"""The part of the daemon that keeps numbers and promises, made and wired."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from router.ami.call_back import CallBacks
from router.ami.translate import CallerHasher, Translator
from router.config import Settings
from router.core.events import AnyEvent
from router.core.floor import State
from router.core.promise import Promise
from router.core.promise_terms import terms_held
from router.numbers.call_back import CallBackNumbers
from router.observe.metrics import Metrics
from router.runtime.asked_numbers import AskedNumbers
from router.runtime.asked_terms import Judge
from router.runtime.inbox import Inbox
from router.runtime.intake import Intake
from router.runtime.number_writer import NumberWriter
from router.runtime.promise_counter import PromiseCounter
from router.runtime.promise_desk import PromiseDesk
from router.runtime.promise_watch import PromiseWatch
from router.runtime.store_name import StoreName
from router.runtime.talked_before import talked_before
from router.store.data_keys import DataKeys, keys_folder
from router.store.lease import Lease
from router.store.master_keys import MasterKeys
from router.store.number_vault import NumberVault
from router.store.promise_store import PromiseStore


class PromisePart:
    """The desk, its writer, and the watch over faults.

    Raises
    ------
    StoreError
        if the folder of the data keys cannot be used.

    """

    def __init__(
        self,
        settings: Settings,
        masters: MasterKeys,
        lease: Lease,
        *,
        tell: Callable[[AnyEvent], None],
        metrics: Metrics,
        clock: Callable[[], float],
    ) -> None:
        keys = DataKeys(keys_folder(settings.store.state_dir), masters)
        keys.prepare()
        vault = NumberVault(keys)
        store = PromiseStore(lease.url, settings.store.replicas_acknowledge, lease)
        self._lease = lease
        self._writer = NumberWriter(vault, store, metrics)
        self.desk = PromiseDesk(
            vault=vault,
            writer=self._writer,
            numbers=_numbers(settings),
            tell=tell,
            metrics=metrics,
            clock=clock,
        )
        self._asked = AskedNumbers(vault, self._writer, self.desk, metrics)
        name = StoreName(keys, self._writer)
        self._writer.standing = lambda: self.desk.standing() | name.row()
        self.watch = PromiseWatch(
            desk=self.desk,
            store=store,
            vault=vault,
            tell=tell,
            clock=clock,
            talked=partial(talked_before, lease.url),
            fits=name.fits,
        )
        self._opened = asyncio.Event()
        self._settings = settings
        self._clock = clock
        self._metrics = metrics
        self.take(settings)

    def take(self, settings: Settings) -> None:
        """Go by these settings from now on."""
        self._settings = settings
        self.desk.take_rules(settings.lines_that_call_back(), _numbers(settings))
        self.watch.take_rules(settings.policy)

    def serve(self, translator: Translator, call_backs: CallBacks, intake: Intake) -> None:
        """Take the numbers that Asterisk tells, and give those that it is to ring."""
        intake.life.keep_in(self._settings.store.state_dir)
        intake.tell_held = self.watch.asterisk_holds
        self.desk.live.life = intake.life.word
        translator.keep_number = self.desk.keep_number
        translator.typed_numbers.take = self.desk.typed.take
        call_backs.number_of = self.number_of
        call_backs.epoch = lambda: self._lease.epoch or 0
        call_backs.chosen = self.desk.live.chosen

    def counter(
        self,
        inbox: Inbox,
        hash_caller: CallerHasher,
        promises: Callable[[], Mapping[str, Promise]],
    ) -> PromiseCounter:
        """Give the counter at which promises are asked for. `promises` gives the engine's."""
        self.desk.closed.watch(promises)
        return PromiseCounter(
            judge=lambda: Judge(self._settings, _numbers(self._settings), hash_caller),
            numbers=self._asked,
            desk=self.desk,
            inbox=inbox,
            promises=promises,
            clock=self._clock,
        )

    async def write(self) -> None:
        """Write what is to be written, until `finish`."""
        await self._writer.run()

    async def open(self, state: Callable[[], State], *, journal_lost: bool) -> None:
        """Take up what an earlier daemon has left. `state` gives the engine's."""
        await self.watch.open(
            lambda: terms_held(state()),
            lambda: {name for name, one in state().promises.items() if one.number_lost},
            journal_lost=journal_lost,
        )
        without_number = self._metrics.promises_without_number
        without_number.set_function(
            lambda: sum(not self.desk.holds(name) for name in state().promises)
        )
        self._opened.set()

    async def number_of(self, promise: str) -> str | None:
        """Give the number to ring, once what an earlier daemon has left is taken up.

        With the store away it is given all the same: Asterisk knows by our epoch who is newer.

        Raises
        ------
        Superseded
            if a newer daemon is there: it alone dials.

        """
        await self._opened.wait()
        number = await self.desk.number_of(promise)
        await self._lease.confirm()
        return number

    async def finish(self) -> None:
        """Have all that has come written, and leave."""
        await self._writer.finish()


def _numbers(settings: Settings) -> CallBackNumbers:
    own = [line.number for line in settings.lines.values()]
    own += [line.caller_id for line in settings.lines.values() if line.caller_id is not None]
    return CallBackNumbers(own, international=settings.call_back.international)
