"""A daemon in a house of its own: config, secrets and journal in a folder that goes with it."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
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
from simulations.demo import children
from simulations.demo.ports import free_port
from simulations.demo.team import Listener
from simulations.demo.toml import Tables, toml
from simulations.pbx.people import Manner
from simulations.pbx.phones import TRUNK
from simulations.pbx.site import Site

READY_SECONDS = 60.0
"""A start takes a second or two, the store's included; a busy machine gets many times that."""
ANSWER_SECONDS = 10.0
"""For a page of the daemon's, which takes it milliseconds where the machine lets it run."""

LOOK_AGAIN_SECONDS = 0.05

ACCOUNT = "decroche"
SECRETS = ("ami", "caller", "dialplan", "vault")


class HouseError(DecrocheError):
    """The daemon did not do what a demo needs."""


class House:
    """`async with House(...)` writes the config and the secrets; `start` starts the daemon."""

    def __init__(
        self,
        listeners: Sequence[Listener],
        lines: Tables,
        care: Mapping[str, object],
        *,
        more: Tables | None = None,
        core: int | None = None,
    ) -> None:
        """Take who is on duty, the lines' rules, and what more is to stand in the config.

        The daemon stays on that core, if given.
        """
        self.secrets = {name: secrets.token_hex(32) for name in SECRETS}
        self._listeners = listeners
        self._lines = lines
        self._care = care
        self._more = more or {}
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
    def wallboard(self) -> str:
        """Where the daemon's wallboard is."""
        return f"http://127.0.0.1:{self._web_port}/"

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
                preexec_fn=children.end_with_parent,
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
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
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
            await children.end(self._process)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

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
        self._web_port = free_port()
        tables: dict[str, Mapping[str, object]] = {
            "asterisk": {
                "port": ami_port,
                "username": ACCOUNT,
                "secret_file": "ami.secret",
                "callers_endpoint": f"PJSIP/{{digits}}@{TRUNK}",
            },
            "store": {"state_dir": str(self._folder / "state")},
            "secrets": {
                "caller_hash_file": "caller.secret",
                "dialplan_file": "dialplan.secret",
                "vault_file": "vault.secret",
            },
            "web": {"port": self._web_port},
            "log": {"format": "json"},
            "care": self._care,
            "pools": {"team": "Équipe de démonstration"},
            **{f"lines.{name}": line for name, line in self._lines.items()},
            **self._more,
        }
        head = 'listeners_file = "listeners.toml"\n'
        (self._folder / "c.toml").write_text(head + toml(tables))
        (self._folder / "listeners.toml").write_text(toml(self._listeners_tables()))

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
