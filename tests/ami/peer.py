"""A TCP peer that does what a test tells it, for what a real Asterisk cannot be made to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from router.ami.link import Account

T = TypeVar("T")

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
BOOTED = b"Event: FullyBooted\r\nPrivilege: system,all\r\n\r\n"

Heard = dict[str, str]
"""An action as it came over the wire; of a doubled field the last, which no test wants."""

Answer = Callable[[Heard], bytes]


class Seen(Generic[T]):
    """A list that can be waited on."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._more = asyncio.Event()

    def add(self, item: T) -> None:
        self.items.append(item)
        self._more.set()

    async def until(self, condition: Callable[[list[T]], bool]) -> list[T]:
        while not condition(self.items):
            self._more.clear()
            await self._more.wait()
        return self.items

    async def count(self, wanted: int) -> list[T]:
        return await self.until(lambda items: len(items) >= wanted)


def success(action: Heard) -> bytes:
    return f"Response: Success\r\nActionID: {action['ActionID']}\r\nMessage: ok\r\n\r\n".encode()


def error(action: Heard) -> bytes:
    return f"Response: Error\r\nActionID: {action['ActionID']}\r\nMessage: no\r\n\r\n".encode()


def nothing(_: Heard) -> bytes:
    return b""


class Peer:
    """Lets anybody in, says yes to everything and boots at once, until it is told otherwise."""

    def __init__(self) -> None:
        self.banner = [BANNER]
        """The first words, in the reads that they come in."""
        self.answers: dict[str, Answer] = {"Login": lambda action: success(action) + BOOTED}
        """How each action is answered; the others get `usual_answer`."""
        self.usual_answer: Answer = success
        self.heard: Seen[Heard] = Seen()
        self.connections: Seen[asyncio.StreamWriter] = Seen()
        self.hung_up: Seen[asyncio.StreamWriter] = Seen()
        """The connections that have ended."""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await self.hung_up.count(len(self.connections.items))

    @property
    def account(self) -> Account:
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return Account(host, port, "decroche", "a secret of no worth")

    async def say(self, *reads: bytes) -> None:
        """Write to the newest connection, each piece as a read of its own."""
        writer = self.connections.items[-1]
        for read in reads:
            writer.write(read)
            await writer.drain()
            await _let_the_other_side_read()

    def cut(self) -> None:
        """Cut all connections, in the middle of whatever they are in."""
        for writer in self.connections.items:
            writer.transport.abort()

    async def heard_of(self, action: str, count: int = 1) -> list[Heard]:
        """Wait until an action has come so many times, and give each."""
        await self.heard.until(lambda items: len(_named(items, action)) >= count)
        return _named(self.heard.items, action)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.add(writer)
        try:
            await self.say(*self.banner)
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
                action = dict(line.split(": ", 1) for line in lines)
                self.heard.add(action)
                writer.write(self.answers.get(action["Action"], self.usual_answer)(action))
        except (asyncio.IncompleteReadError, ConnectionError):
            self.hung_up.add(writer)
        finally:
            writer.close()


def _named(actions: list[Heard], name: str) -> list[Heard]:
    return [action for action in actions if action["Action"] == name]


async def _let_the_other_side_read() -> None:
    # Both sides share one event loop: after a round of it, what was written has been read.
    loop = asyncio.get_running_loop()
    for _ in range(3):
        turn = loop.create_future()
        loop.call_soon(turn.set_result, None)
        await turn
