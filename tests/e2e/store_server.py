"""A Redis of the site's own, as `redis_url` names it, and a wire to it that can be slow."""

from __future__ import annotations

import asyncio
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import BusyLoadingError
from redis.retry import Retry

from router.store.embedded import find_server
from tests.testbed.testbed import free_port

CONFIG = Path(__file__).parents[2] / "config/redis/redis.conf"
THERE = "/var/lib/redis/decroche"
LOOK_AGAIN_SECONDS = 0.05
LOOKS = 600
STARTS_SECONDS = 30.0
"""And ends: both are a matter of milliseconds for a wire."""


class StoreServer:
    """A server by config/redis, on a port of its own; its files outlive its process."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return url_of(self.port)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        config = self._folder / "redis.conf"
        text = CONFIG.read_text(encoding="utf-8").replace(THERE, str(self._folder))
        # A port, for wires that can be slow; the socket's folder is another machine's.
        text = re.sub(r"(?m)^unixsocket.*\n", "", text).replace("port 0", f"port {self.port}", 1)
        config.write_text(text, encoding="utf-8")
        self._process = subprocess.Popen([find_server(), config], stdout=subprocess.DEVNULL)
        with self._client() as client:
            client.ping()

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def set_room(self, octets: int) -> None:
        """Take no more than this into memory (0: as much as there is)."""
        with self._client() as client:
            client.config_set("maxmemory", octets)

    def _client(self) -> Redis:
        patience = Retry(ConstantBackoff(LOOK_AGAIN_SECONDS), LOOKS)
        loading: list[type[Exception]] = [BusyLoadingError]
        return Redis(host="127.0.0.1", port=self.port, retry=patience, retry_on_error=loading)


def url_of(port: int) -> str:
    """Give the address of a store on this port of 127.0.0.1."""
    return f"redis://127.0.0.1:{port}/0"


@contextmanager
def store_server(folder: Path) -> Iterator[StoreServer]:
    """Give a server that runs, and end it."""
    folder.mkdir()
    server = StoreServer(folder)
    server.start()
    try:
        yield server
    finally:
        with suppress(AssertionError):
            server.kill()


class SlowWire:
    """A TCP proxy in a thread of its own, which delivers replies late, or not at all."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.delay_seconds: float | None = 0.0
        """Of each reply; None: none comes. May be changed at any moment."""
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slow wire", daemon=True)

    @property
    def url(self) -> str:
        return url_of(self.port)

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(STARTS_SECONDS)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STARTS_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.run_forever()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()

    async def _connected(self, asks: asyncio.StreamReader, told: asyncio.StreamWriter) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        upward = asyncio.create_task(self._up(asks, writer))
        try:
            while reply := await reader.read(65536):
                if self.delay_seconds is not None:
                    # Not awaited: one late reply is not to make the next one later still.
                    self._loop.call_later(self.delay_seconds, _deliver, told, reply)
        except ConnectionResetError:
            pass
        finally:
            upward.cancel()
            told.close()
            writer.close()

    async def _up(self, asks: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await asks.read(65536):
            writer.write(asked)
        writer.close()


def _deliver(told: asyncio.StreamWriter, reply: bytes) -> None:
    if not told.is_closing():
        told.write(reply)


@contextmanager
def slow_wire_to(port: int) -> Iterator[SlowWire]:
    """Give a wire to this port of 127.0.0.1."""
    wire = SlowWire(port)
    wire.start()
    try:
        yield wire
    finally:
        wire.stop()
