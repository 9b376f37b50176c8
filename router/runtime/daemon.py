"""The daemon: every part made, wired and started, in the order in which they need each other."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

import structlog

from router.ami.act import Actor
from router.ami.contract import Seal
from router.ami.link import AmiLink
from router.ami.menu import MenuDesk
from router.ami.mirror import Mirror
from router.ami.reconnect import Reconnect
from router.ami.translate import Translator
from router.config import Settings, pin_matches
from router.core.engine import Engine
from router.core.events import EngineStarted, PbxLost
from router.observe.metrics import Metrics
from router.runtime.config_file import ConfigFile
from router.runtime.errands import Errands
from router.runtime.fence import Fence
from router.runtime.inbox import Inbox, LinkUp
from router.runtime.intake import Intake
from router.runtime.key_book import key_book
from router.runtime.late_words import LateWords
from router.runtime.loop import Loop
from router.runtime.notify import Notify
from router.runtime.number_book import number_book
from router.runtime.phone_book import dialling, doors, phones, phones_to_wake
from router.runtime.ports import Ports
from router.runtime.presence_part import PresencePart
from router.runtime.promise_errands import PromiseErrands
from router.runtime.promise_part import PromisePart
from router.runtime.pulse import Pulse
from router.runtime.recorder import Recorder
from router.runtime.recovery import rebuild
from router.runtime.rota import Openings, Rota, told_before
from router.runtime.said_wait import SaidWaits
from router.runtime.secrets import account, load_secrets
from router.runtime.shift_book import ShiftBook
from router.runtime.storage import Storage, open_storage
from router.runtime.wake import WakeBook, Waker
from router.store.vault import CallerHash
from router.version import VERSION
from router.web.control import ControlServer
from router.web.server import check_port

log = structlog.get_logger(__name__)


class Daemon:
    """One running decroche. `run` returns after `stop`."""

    def __init__(self, settings: Settings, notify: Notify) -> None:
        own_secrets = load_secrets(settings)
        self._settings = settings
        self._notify = notify
        self._metrics = Metrics(VERSION)
        self._config_file = ConfigFile(settings, self._metrics)
        self._inbox = Inbox()
        self._mirror = Mirror()
        self._actor = Actor(self._mirror, phones(settings), self._inbox.put)
        seal = Seal(own_secrets.dialplan)
        self._menu = MenuDesk(seal, pin_matches)
        self._hash_caller = hash_caller = CallerHash(own_secrets.caller).hash
        self._translator = Translator(self._mirror, seal, hash_caller)
        self._intake = Intake(
            inbox=self._inbox,
            mirror=self._mirror,
            translator=self._translator,
            menu=self._menu,
            seal=seal,
            actor=self._actor,
            hash_caller=hash_caller,
            metrics=self._metrics,
            clock=time.time,
        )
        state_dir, wake_calls = settings.store.state_dir, self._actor.wake_calls
        self._waker = Waker(phones_to_wake(settings), wake_calls, WakeBook(state_dir))
        self._said_waits = SaidWaits(self._actor.tell_wait)
        self._take_keys(settings)
        put, metrics = self._inbox.put, self._metrics
        self._openings = Openings(settings, tell=put, clock=time.time)
        is_open = self._openings.is_open
        self._recorder = Recorder(metrics, self._waker.wake, self._said_waits, is_open)
        self._presence = PresencePart(settings, self._actor, put, self._waker, metrics)
        self._promise_errands = PromiseErrands()
        commands = Errands(self._inbox, hash_caller).commands | self._promise_errands.commands
        self._control = ControlServer(state_dir, commands)
        self._reconnect = Reconnect(
            account(settings, own_secrets),
            on_event=self._inbox.put,
            on_up=self._link_up,
            on_down=self._link_down,
            jitter=random.random,
        )
        self._loop: Loop | None = None
        self._rota: Rota | None = None
        self._secrets = own_secrets
        self._promises: PromisePart | None = None
        self._ports: Ports | None = None
        self._failure: BaseException | None = None
        self._generation = 0

    async def run(self) -> None:
        """Serve until `stop`.

        Raises
        ------
        ConfigError, StoreError
            if the daemon cannot start; nothing is left running then.
        Superseded
            if another one was started after it on the same store.

        """
        check_port(self._settings.web.port)
        storage = await open_storage(self._settings.store, self._snapshot, self._metrics)
        self._intake.fence = Fence(storage.lease, self._inbox.wake)
        try:
            await self._serve(storage)
        finally:
            await storage.close()

    def stop(self) -> None:
        """Have `run` journal what has come, and return. Calls in progress stay with Asterisk."""
        if self._loop is not None:
            log.info("stopping")
            self._loop.stop()

    def reload(self) -> None:
        """Read the config again. A bad one is refused and the old one stays."""
        settings = self._config_file.read_again()
        if settings is None:
            return
        self._settings = settings
        self._actor.phones = phones(settings)
        self._waker.phones = phones_to_wake(settings)
        self._take_keys(settings)
        self._presence.take(settings)
        self._load_policy()
        if self._rota is not None:
            self._rota.take(settings.shifts())
        if self._promises is not None:
            self._promises.take(settings)
        elif settings.keeps_numbers():
            log.error("promises_want_a_restart", effect="nobody is called back until then")
        if self._ports is not None:
            self._ports.take(settings)
        log.info("config_loaded", generation=self._generation)

    async def _serve(self, storage: Storage) -> None:
        engine = rebuild(await storage.journal.read_back())
        self._open_promises(storage, engine)
        self._loop = loop = self._make_loop(engine, storage)
        words = LateWords(engine, lambda: self._settings, self._inbox.put, time.time)
        storage.journal.late.take = words.take
        # The next start begins here, whatever it was that this one read.
        await storage.journal.save_snapshot(engine.snapshot())
        self._ports = ports = self._make_ports(loop, storage)
        self._inbox.put(EngineStarted(boot := secrets.token_hex(4)))
        self._load_policy()
        self._rota = self._make_rota(engine, boot)
        pulse = Pulse(
            actor=self._actor,
            loop=loop,
            metrics=self._metrics,
            inbox=self._inbox,
            intake=self._intake,
            clock=time.time,
        )
        beside = [
            self._beside(self._rota.run(), "rota"),
            self._beside(self._openings.run(), "openings"),
            self._beside(pulse.run(), "pulse"),
            self._beside(self._presence.run(engine), "presence"),
            *self._promise_tasks(engine),
        ]
        try:
            # Until it knows of this start the engine believes in the link of the daemon before.
            await loop.turn()
            await ports.open()
            self._reconnect.start()
            await loop.run()
        finally:
            await ports.close()
            await self._presence.close()
            if self._promises is not None:
                await self._promises.finish()
            for task in beside:
                task.cancel()
            self._intake.close()
            await self._reconnect.stop()
            log.info("stopped")
        if self._failure is not None:
            raise self._failure

    def _make_loop(self, engine: Engine, storage: Storage) -> Loop:
        return Loop(
            engine=engine,
            inbox=self._inbox,
            intake=self._intake,
            journal=storage.journal,
            actor=self._actor,
            recorder=self._recorder,
            metrics=self._metrics,
            clock=time.time,
            desk=self._promises.desk if self._promises is not None else None,
            presence=self._presence,
        )

    def _make_ports(self, loop: Loop, storage: Storage) -> Ports:
        return Ports(
            self._settings,
            loop=loop,
            storage=storage,
            recorder=self._recorder,
            metrics=self._metrics,
            control=self._control,
            counter=self._promise_errands.counter,
            wallboard_token=self._secrets.wallboard,
            notify=self._notify,
            form=self._intake.form,
        )

    def _open_promises(self, storage: Storage, engine: Engine) -> None:
        """Keep numbers from now on, where a line calls back."""
        if self._secrets.vault is None:
            return
        self._promises = promises = PromisePart(
            self._settings,
            self._secrets.vault,
            storage.lease,
            tell=self._inbox.put,
            metrics=self._metrics,
            clock=time.time,
        )
        promises.serve(self._translator, self._actor.call_backs, self._intake)
        self._promise_errands.counter = promises.counter(
            self._inbox, self._hash_caller, lambda: engine.state.promises
        )

    def _promise_tasks(self, engine: Engine) -> list[asyncio.Task[None]]:
        if self._promises is None:
            return []
        # Before this process has told the engine of itself, only a journal can have.
        opening = self._promises.open(lambda: engine.state, journal_lost=not engine.state.boot)
        return [
            self._beside(self._promises.write(), "numbers"),
            self._beside(opening, "promises"),
        ]

    def _take_keys(self, settings: Settings) -> None:
        self._menu.doors = doors(settings)
        self._translator.keypad.book = key_book(settings)
        orientations = number_book(settings, self._menu.orientations)
        self._menu.orientations = self._translator.wrap_up.orientations = orientations
        self._translator.wrap_up.zone = self._actor.after_talk.zone = settings.time_zone
        self._actor.call_backs.dialling = dialling(settings)
        self._said_waits.lines = settings.lines_that_say_the_wait()

    def _load_policy(self) -> None:
        self._generation += 1
        self._metrics.config_taken(self._generation)
        self._openings.take(self._settings)

    def _make_rota(self, engine: Engine, boot: str) -> Rota:
        book = ShiftBook(self._settings.store.state_dir)
        told, note = told_before(engine.state, book), partial(book.note, boot)
        shifts, tell = self._settings.shifts(), self._inbox.put
        return Rota(shifts, told=told, tell=tell, clock=time.time, note=note)

    def _beside(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._look_at_end)
        return task

    def _look_at_end(self, task: asyncio.Task[None]) -> None:
        """End the daemon with a part that has failed: systemd starts it whole again."""
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.critical("part_failed", part=task.get_name(), exc_info=failure)
            self._failure = failure
            self.stop()

    def _link_up(self, link: AmiLink) -> None:
        self._inbox.put(LinkUp(link))

    def _link_down(self, _reason: Exception) -> None:
        self._inbox.put(PbxLost())

    def _snapshot(self) -> bytes:
        assert self._loop is not None, "the journal asks only while the loop runs"
        return self._loop.engine.snapshot()
