"""A daemon in a house of its own: config, secrets and journal in a folder that goes with it."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from router.config import hash_pin
from router.errors import DecrocheError
from simulations.demo.team import Listener
from simulations.pbx.people import Manner
from simulations.pbx.phones import TRUNK
from simulations.pbx.site import Site

READY_SECONDS = 20.0
"""A start takes a second or two, the store's included; a slow machine gets ten times that."""

LEAVE_SECONDS = 10.0
"""The daemon writes a last snapshot and ends its store: well under a second."""

LOOK_AGAIN_SECONDS = 0.05

PR_SET_PDEATHSIG = 1
"""Linux's prctl(2): the signal to be sent when the parent ends."""

ACCOUNT = "decroche"
SECRETS = ("ami", "caller", "dialplan")


class HouseError(DecrocheError):
    """The daemon did not do what a demo needs."""


class House:
    """`async with House(...)` writes the config and the secrets; `start` starts the daemon."""

    def __init__(
        self,
        listeners: Sequence[Listener],
        lines: Mapping[str, Mapping[str, object]],
        care: Mapping[str, object],
        *,
        core: int | None = None,
    ) -> None:
        """Take who is on duty and the lines' rules; the daemon stays on that core, if given."""
        self.secrets = {name: secrets.token_hex(32) for name in SECRETS}
        self._listeners = listeners
        self._lines = lines
        self._care = care
        self._core = core
        self._pin = f"{secrets.randbelow(10_000):04}"
        """Everybody's: one for all spares a hash each."""
        self._folder = Path()
        self._web_port = 0
        self._process: Process | None = None
        self._client: aiohttp.ClientSession | None = None

    @property
    def log(self) -> Path:
        """Where the daemon's log is."""
        return self._folder / "decroche.log"

    @property
    def pid(self) -> int:
        """The daemon's process."""
        assert self._process is not None, "started before"
        return self._process.pid

    def site(self, phones: dict[str, Manner], fallback: tuple[str, ...] = ()) -> Site:
        """Give the settings of a PBX that this daemon can log in to."""
        return Site(ACCOUNT, self.secrets["ami"], self.secrets["dialplan"], phones, fallback)

    def menu_keys(self, listener: str) -> tuple[str, str]:
        """Give what this listener keys to be let into the menu: number and PIN."""
        number = next(at for at, one in enumerate(self._listeners) if one.name == listener)
        return _login(number), self._pin

    async def start(self, ami_port: int) -> None:
        """Start the daemon, and wait until it routes calls.

        Raises
        ------
        HouseError
            if it ends, or is not ready in time.

        """
        self._write(ami_port)
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "router", "run", "--config", str(self._folder / "c.toml")),
                stdout=log,
                stderr=log,
                cwd=Path(__file__).parents[2],
                # Ctrl-C is for us: we end the daemon in our own time.
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        if self._core is not None:
            os.sched_setaffinity(self._process.pid, {self._core})
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await self._ready():  # noqa: ASYNC110 - a page gives no sign
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        except TimeoutError:
            raise HouseError(f"the daemon was not ready within {READY_SECONDS} s") from None

    async def metrics(self) -> str:
        """Give what Prometheus would read; empty if the daemon does not answer now."""
        return await self._page("metrics") or ""

    async def __aenter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="decroche-demo-"))
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self._client is not None:
                await self._client.close()
            await self._stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _ready(self) -> bool:
        assert self._process is not None, "started before"
        if self._process.returncode is not None:
            said = self.log.read_text(errors="replace")[-1000:]
            raise HouseError(f"the daemon ended at its start: {said}")
        return await self._page("readyz") is not None

    async def _page(self, name: str) -> str | None:
        assert self._client is not None, "entered before"
        try:
            async with self._client.get(f"http://127.0.0.1:{self._web_port}/{name}") as page:
                return await page.text() if page.ok else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    def _write(self, ami_port: int) -> None:
        for name, secret in self.secrets.items():
            path = self._folder / f"{name}.secret"
            path.touch(mode=0o600)
            path.write_text(secret)
        self._web_port = _free_port()
        tables: dict[str, Mapping[str, object]] = {
            "asterisk": {"port": ami_port, "username": ACCOUNT, "secret_file": "ami.secret"},
            "store": {"state_dir": str(self._folder / "state")},
            "secrets": {
                "caller_hash_file": "caller.secret",
                "dialplan_file": "dialplan.secret",
            },
            "web": {"port": self._web_port},
            "log": {"format": "json"},
            "care": self._care,
            "pools": {"team": "Équipe de démonstration"},
            **{f"lines.{name}": line for name, line in self._lines.items()},
        }
        head = 'listeners_file = "listeners.toml"\n'
        (self._folder / "c.toml").write_text(head + _toml(tables))
        (self._folder / "listeners.toml").write_text(_toml(self._listeners_tables()))

    def _listeners_tables(self) -> dict[str, Mapping[str, object]]:
        pin_hash = hash_pin(self._pin)
        return {
            f"listeners.{one.name}": {
                "name": one.name.capitalize(),
                "endpoint": f"PJSIP/{one.name}@{TRUNK}",
                "login": _login(number),
                "pin_hash": pin_hash,
                "skills": one.skills,
                "pool": "team",
                "shifts": "always",
            }
            for number, one in enumerate(self._listeners)
        }


def _login(number: int) -> str:
    return str(10_000 + number)


def _end_with_parent() -> None:
    """Have the kernel send SIGTERM to the process that this is in as soon as its parent is gone.

    Whoever is killed ends nothing in its own time; told so, the daemon ends its store, too.
    """
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _toml(tables: Mapping[str, Mapping[str, object]]) -> str:
    parts = []
    for name, table in tables.items():
        lines = [f"{key} = {_value(value)}" for key, value in table.items()]
        parts.append("\n".join([f"[{name}]", *lines]) + "\n")
    return "\n".join(parts)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
