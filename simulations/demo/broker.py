"""A real mosquitto for the listeners' apps, as `config/mosquitto` has it, where it is installed."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import ssl
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from aiomqtt import Client, ProtocolVersion, Will

from router.errors import DecrocheError
from simulations.demo import children
from simulations.demo.broker_files import MAIN_FILE, find, write_broker_files
from simulations.demo.certificates import AUTHORITY
from simulations.demo.ports import HERE, free_port
from simulations.demo.toml import Tables

ROUTER = "decroche"
PASSWORD = "router.secret"  # noqa: S105 - the name of a file
READY_SECONDS = 60.0
"""It listens at once; so does a slow machine's."""
LOOK_AGAIN_SECONDS = 0.02
KEEPALIVE_SECONDS = 8
"""As apps have it: docs/mqtt.md."""

PROGRAMS = ("mosquitto", "mosquitto_passwd")


class BrokerError(DecrocheError):
    """The broker did not come up."""


def lacking() -> str:
    """Say what there cannot be without a broker, and how to get one; nothing where there is one."""
    missing = [name for name in PROGRAMS if find(name) is None]
    if not missing:
        return ""
    return f"No listener has an app: there is no {missing[0]} here; apt install mosquitto"


class Broker:
    """`async with Broker(listeners)`: each of them may log in, and the daemon."""

    def __init__(self, listeners: Iterable[str]) -> None:
        self._passwords = {user: secrets.token_urlsafe() for user in (ROUTER, *listeners)}
        self._port = free_port()
        self._folder = Path()
        self._process: Process | None = None

    @property
    def tables(self) -> Tables:
        """Give what the daemon's config is to say of it."""
        password, authority = (self._folder / name for name in (PASSWORD, AUTHORITY))
        files = {"password_file": str(password), "ca_file": str(authority)}
        return {"mqtt": {"host": HERE, "port": self._port, "username": ROUTER, **files}}

    def client(self, listener: str, will: Will) -> Client:
        """Give what a listener's app speaks with it by."""
        return Client(
            HERE,
            self._port,
            username=listener,
            password=self._passwords[listener],
            identifier=listener,
            protocol=ProtocolVersion.V5,
            keepalive=KEEPALIVE_SECONDS,
            tls_context=ssl.create_default_context(cafile=self._folder / AUTHORITY),
            will=will,
        )

    async def __aenter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="decroche-demo-broker-"))
        try:
            await self._start()
        except BaseException:
            await self._end()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._end()

    async def _start(self) -> None:
        program = find("mosquitto")
        if program is None:
            raise BrokerError(lacking())
        await asyncio.to_thread(write_broker_files, self._folder, self._port, self._passwords)
        password = self._folder / PASSWORD
        password.touch(mode=0o600)
        password.write_text(self._passwords[ROUTER])
        with (self._folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(program, "-c", str(self._folder / MAIN_FILE)),
                stdout=log,
                stderr=log,
                # Ctrl-C is for us: it ends after those who speak by it.
                start_new_session=True,
                preexec_fn=children.end_with_parent,
            )
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await self._listens():  # noqa: ASYNC110 - a port gives no sign
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        except TimeoutError:
            raise BrokerError(f"mosquitto did not listen within {READY_SECONDS} s") from None

    async def _listens(self) -> bool:
        assert self._process is not None, "started before"
        if self._process.returncode is not None:
            said = (self._folder / "log").read_text(errors="replace")[-1000:]
            raise BrokerError(f"mosquitto ended at its start: {said}")
        try:
            _, writer = await asyncio.open_connection(HERE, self._port)
        except OSError:
            return False
        writer.close()
        return True

    async def _end(self) -> None:
        try:
            await children.end(self._process)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
