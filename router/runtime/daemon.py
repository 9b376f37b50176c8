"""The daemon: every part made, wired and started, in the order in which they need each other."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from router.ami.act import Actor
from router.ami.contract import Seal
from router.ami.link import Account, AmiLink
from router.ami.menu import MenuDesk
from router.ami.mirror import Mirror
from router.ami.reconnect import Reconnect
from router.ami.translate import Translator
from router.ami.wake import WakeDesk
from router.config import Settings, load, pin_matches
from router.core.engine import Engine
from router.core.events import EngineStarted, PbxLost
from router.errors import ConfigError, ControlError
from router.observe.metrics import Metrics
from router.runtime.errands import Errands
from router.runtime.inbox import Inbox, LinkUp
from router.runtime.intake import Intake
from router.runtime.key_book import key_book
from router.runtime.loop import Loop
from router.runtime.number_book import number_book
from router.runtime.phone_book import doors, phones, phones_to_wake
from router.runtime.pulse import Pulse
from router.runtime.recorder import Recorder
from router.runtime.recovery import rebuild
from router.runtime.rota import Openings, Rota, on_duty_before
from router.runtime.said_wait import SaidWaits
from router.runtime.secrets import load_secrets
from router.runtime.storage import Storage, open_storage
from router.runtime.wake import WakeBook, Waker
from router.store.vault import CallerHash
from router.version import VERSION
from router.web.control import ControlServer
from router.web.server import Readiness, WebServer

log = structlog.get_logger(__name__)


class Daemon:
    """One running decroche. `run` returns after `stop`."""

    def __init__(self, settings: Settings) -> None:
        own_secrets = load_secrets(settings)
        self._settings = settings
        self._metrics = Metrics(VERSION)
        self._inbox = Inbox()
        self._mirror = Mirror()
        self._actor = Actor(self._mirror, phones(settings), self._inbox.put)
        seal = Seal(own_secrets.dialplan)
        self._menu = MenuDesk(seal, pin_matches)
        hash_caller = CallerHash(own_secrets.caller).hash
        self._translator = Translator(self._mirror, seal, hash_caller)
        self._take_keys(settings)
        self._intake = Intake(
            inbox=self._inbox,
            mirror=self._mirror,
            translator=self._translator,
            menu=self._menu,
            wake_desk=WakeDesk(seal, self._actor.wake_calls),
            actor=self._actor,
            hash_caller=hash_caller,
            metrics=self._metrics,
            clock=time.time,
        )
        state_dir, wake_calls = settings.store.state_dir, self._actor.wake_calls
        self._waker = Waker(phones_to_wake(settings), wake_calls, WakeBook(state_dir))
        self._said_waits = SaidWaits(self._actor.tell_wait)
        self._said_waits.lines = settings.lines_that_say_the_wait()
        self._recorder = Recorder(self._metrics, self._waker.wake, self._said_waits)
        self._control = ControlServer(state_dir, Errands(self._inbox, hash_caller).commands)
        self._reconnect = Reconnect(
            _account(settings, own_secrets.ami),
            on_event=self._inbox.put,
            on_up=self._link_up,
            on_down=self._link_down,
            jitter=random.random,
        )
        self._loop: Loop | None = None
        self._openings = Openings(settings, tell=self._inbox.put, clock=time.time)
        self._rota: Rota | None = None
        self._failure: BaseException | None = None
        self._generation = 0

    async def run(self) -> None:
        """Serve until `stop`.

        Raises
        ------
        ConfigError, StoreError
            if the daemon cannot start; nothing is left running then.

        """
        storage = await open_storage(self._settings.store, self._snapshot, self._metrics)
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
        try:
            settings = load(self._settings.path)
        except ConfigError as error:
            log.error(
                "config_refused", problems=str(error).splitlines(), effect="the old one stays"
            )
            return
        self._settings = settings
        self._actor.phones = phones(settings)
        self._waker.phones = phones_to_wake(settings)
        self._said_waits.lines = settings.lines_that_say_the_wait()
        self._take_keys(settings)
        self._load_policy()
        if self._rota is not None:
            self._rota.take(settings.shifts())
        log.info("config_loaded", generation=self._generation)

    async def _serve(self, storage: Storage) -> None:
        engine = rebuild(await storage.journal.read_back())
        self._loop = loop = self._make_loop(engine, storage)
        # The next start begins here, whatever it was that this one read.
        await storage.journal.save_snapshot(engine.snapshot())
        web = WebServer(
            self._settings.web.port,
            since_turn_seconds=lambda: time.time() - loop.turned_at,
            readiness=lambda: self._readiness(storage),
            render_metrics=lambda: self._render_metrics(loop),
        )
        port = await web.start()
        await self._open_control()
        log.info("started", version=VERSION, web_port=port)
        self._inbox.put(EngineStarted(secrets.token_hex(4)))
        self._load_policy()
        self._rota = self._make_rota(engine)
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
        ]
        self._reconnect.start()
        try:
            await loop.run()
        finally:
            for task in beside:
                task.cancel()
            self._intake.close()
            await self._reconnect.stop()
            await self._control.stop()
            await web.stop()
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
        )

    def _take_keys(self, settings: Settings) -> None:
        self._menu.doors = doors(settings)
        self._translator.keypad.book = key_book(settings)
        orientations = number_book(settings, self._menu.orientations)
        self._menu.orientations = self._translator.wrap_up.orientations = orientations

    async def _open_control(self) -> None:
        """Let ops ask for things; without it calls are routed all the same."""
        try:
            await self._control.start()
        except ControlError as error:
            log.error("control_closed", problem=str(error))

    def _load_policy(self) -> None:
        self._generation += 1
        self._metrics.config_generation.set(self._generation)
        self._openings.take(self._settings)

    def _make_rota(self, engine: Engine) -> Rota:
        shifts, known = self._settings.shifts(), engine.state.listeners
        return Rota(
            shifts,
            on_duty=on_duty_before(shifts, engine.state.now, known),
            tell=self._inbox.put,
            clock=time.time,
        )

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
        self._metrics.ami_connected.set(1)
        self._inbox.put(LinkUp(link))

    def _link_down(self, _reason: Exception) -> None:
        self._metrics.ami_connected.set(0)
        self._inbox.put(PbxLost())

    def _snapshot(self) -> bytes:
        assert self._loop is not None, "the journal asks only while the loop runs"
        return self._loop.engine.snapshot()

    def _readiness(self, storage: Storage) -> Readiness:
        up = self._loop is not None and self._loop.engine.state.pbx_up
        return Readiness(
            reasons=() if up else ("no link to Asterisk: the dialplan's fallback takes the calls",),
            warnings=("journal down: a restart would forget",) if storage.journal.degraded else (),
        )

    def _render_metrics(self, loop: Loop) -> bytes:
        self._recorder.set_gauges(loop.engine.state, time.time())
        return self._metrics.render()


def _account(settings: Settings, secret: str) -> Account:
    asterisk = settings.asterisk
    return Account(asterisk.host, asterisk.port, asterisk.username, secret)
