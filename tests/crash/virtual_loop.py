"""An event loop in which time passes only when nothing else is left to be done.

Sockets are real: those within this process are read at once, and for the store, which is a process
of its own, time stands still. A thread's work is done in the loop itself, after a while that is
drawn, so that a run is its seed's. What belongs to a life that is over is never run.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import socket
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import Context
from random import Random
from typing import Any, Final, TypeVar

from tests.crash.life import LIFE, Killed, Life

STORE_SILENT_SECONDS: Final = 120.0
"""Real ones. The store is on this machine: by then it is dead, and so is the run."""

T = TypeVar("T")

THREAD_SECONDS: Final = (0.0005, 0.02)
"""How long a thread's work takes."""


class NothingLeftError(Exception):
    """Nothing can happen any more."""


class _Selector(selectors.EpollSelector):
    """Gives what is there; first what is of this process, then the store's, and then time."""

    def __init__(self) -> None:
        super().__init__()
        self.now_seconds = 0.0
        self.stores: set[int] = set()
        """File descriptors."""
        self.asked_of_store = 0

    def select(self, rest_seconds: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        own = [one for one in found if one[0].fd not in self.stores]
        if own or (rest_seconds is not None and rest_seconds <= 0):
            return own
        if self.asked_of_store:
            if not (found := found or super().select(STORE_SILENT_SECONDS)):
                raise NothingLeftError("the store is silent")
            return found
        os.sched_yield()
        if found := found or super().select(0):
            return found
        if rest_seconds is None:
            raise NothingLeftError("nobody has anything more to do")
        self.now_seconds += rest_seconds
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop of one run."""

    def __init__(self, chance: Random) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self._chance = chance
        self._ends_of_lives: list[tuple[Life, asyncio.Transport]] = []
        self._listeners_of_lives: list[tuple[Life, asyncio.AbstractServer]] = []
        self.set_exception_handler(_tell_unless_killed)
        self.broken: list[str] = []

    def time(self) -> float:
        """Give the time of this world, in seconds since it began."""
        return self._virtual.now_seconds

    def cut(self, life: Life) -> None:
        """Close what a life has open, as the kernel does; what it asked of the store is its own."""
        self._virtual.asked_of_store = 0
        for owner, server in self._listeners_of_lives:
            if owner is life:
                Context().run(server.close)
        for owner, transport in self._ends_of_lives:
            if owner is life:
                transport.set_protocol(asyncio.Protocol())
                Context().run(transport.abort)

    @contextmanager
    def store_asked(self) -> Generator[None]:
        """Let time stand still until the store has answered."""
        self._virtual.asked_of_store += 1
        life = LIFE.get()
        try:
            yield
        finally:
            if life is None or not life.dead:
                self._virtual.asked_of_store -= 1

    def call_soon(  # type: ignore[override]  # typed more loosely
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Have it run, unless whoever wants it is dead by then."""
        return super().call_soon(_if_alive(callback, context), *args, context=context)

    def call_at(  # type: ignore[override]  # typed more loosely
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Have it run then, unless whoever wants it is dead by then."""
        return super().call_at(when, _if_alive(callback, context), *args, context=context)

    def run_in_executor(  # type: ignore[override]  # of what is asked of it here
        self, executor: object, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Do a thread's work, a while later."""
        del executor
        done: asyncio.Future[Any] = self.create_future()
        self.call_later(self._chance.uniform(*THREAD_SECONDS), _work, done, func, args)
        return done

    async def create_server(self, *args: Any, **options: Any) -> asyncio.Server:
        """Listen, for as long as whoever does lives."""
        server = await super().create_server(*args, **options)
        self._own(self._listeners_of_lives, server)
        return server

    def _make_socket_transport(
        self, sock: socket.socket, *args: Any, **options: Any
    ) -> asyncio.Transport:
        make = super()._make_socket_transport  # type: ignore[misc]
        transport: asyncio.Transport = make(sock, *args, **options)
        if sock.family == socket.AF_UNIX:
            self._virtual.stores.add(sock.fileno())
        else:
            self._virtual.stores.discard(sock.fileno())
        self._own(self._ends_of_lives, transport)
        return transport

    @staticmethod
    def _own(things: list[tuple[Life, Any]], thing: object) -> None:
        life = LIFE.get()
        if life is not None:
            things.append((life, thing))


def played(scene: Coroutine[Any, Any, T]) -> T:
    """Play a scene in which nobody dies; however slow the machine is, nothing comes late in it."""
    by_chance = Random(1)  # noqa: S311 - how long a thread takes, no secret
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(by_chance)) as runner:
        return runner.run(scene)


def _if_alive(callback: Callable[..., object], context: Context | None) -> Callable[..., object]:
    life = LIFE.get() if context is None else context.get(LIFE)
    if life is None:
        return callback

    def run(*args: object) -> None:
        if not life.dead:
            callback(*args)

    return run


def _work(done: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        done.set_result(func(*args))
    except Exception as error:  # noqa: BLE001 - as an executor does, it is handed on
        done.set_exception(error)


def _tell_unless_killed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    if error is None or isinstance(error, Killed):
        return
    assert isinstance(loop, VirtualLoop)
    loop.broken.append(f"{context.get('message')}: {error!r}")
