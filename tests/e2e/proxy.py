"""A wire between the daemon and Asterisk that can be cut, silenced and written on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STARTS_SECONDS = 30.0
"""And ends: both are a matter of milliseconds."""


class Wire:
    """A TCP proxy in a thread of its own. What it does may be changed at any moment."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.connections = 0
        self._target_port = target_port
        self._silent = False
        self._cut_inside_next = False
        self._silent_after: bytes | None = None
        self._to_daemon: asyncio.StreamWriter | None = None
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(STARTS_SECONDS)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STARTS_SECONDS)

    def silence(self) -> None:
        """Let no byte through any more, and keep the connection open: half-open."""
        self._silent = True

    def silence_after(self, action: str) -> None:
        """Let no byte through any more once the daemon's next action of this name has passed."""
        self._silent_after = f"Action: {action}\r\n".encode()

    @property
    def is_silent(self) -> bool:
        return self._silent

    def speak(self) -> None:
        self._silent = False

    def cut_inside_next_message(self) -> None:
        """Let half of the next message from Asterisk through, and cut the connection there."""
        self._cut_inside_next = True

    def inject(self, messages: list[bytes]) -> None:
        """Write these to the daemon, as if Asterisk had, between two of its own messages."""
        self._loop.call_soon_threadsafe(self._write_now, messages)

    def _write_now(self, messages: list[bytes]) -> None:
        assert self._to_daemon is not None
        self._to_daemon.write(b"".join(messages))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()

    async def _connected(
        self, from_daemon: asyncio.StreamReader, to_daemon: asyncio.StreamWriter
    ) -> None:
        if self._silent:
            return
        try:
            from_pbx, to_pbx = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            to_daemon.close()
            return
        self.connections += 1
        self._to_daemon = to_daemon
        upward = asyncio.create_task(self._up(from_daemon, to_pbx))
        try:
            await self._down(from_pbx, to_daemon)
        finally:
            upward.cancel()
            to_daemon.close()
            to_pbx.close()

    async def _up(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            if not self._silent:
                to.write(data)
            if self._silent_after is not None and self._silent_after in data:
                self._silent, self._silent_after = True, None
        to.close()

    async def _down(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        await self._forward(await source.readuntil(b"\r\n"), to)
        while True:
            try:
                message = await source.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            if self._cut_inside_next:
                self._cut_inside_next = False
                to.write(message[: len(message) // 2])
                return
            await self._forward(message, to)

    async def _forward(self, message: bytes, to: asyncio.StreamWriter) -> None:
        if not self._silent:
            to.write(message)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """Give a wire to this port of 127.0.0.1."""
    wire = Wire(port)
    wire.start()
    try:
        yield wire
    finally:
        wire.stop()
