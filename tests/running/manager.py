"""What systemd is to the daemon: the unit's words carried out, and an ear on the notify socket."""

from __future__ import annotations

import asyncio
import ctypes
import os
import resource
import shlex
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from router.store.embedded import EmbeddedStore
from tests.running.unit import Unit

DEADLINE_SECONDS = 60.0
"""For a word of the daemon; on a loaded machine it starts within some seconds."""
LOOK_SECONDS = 0.2
MICROSECONDS = 1_000_000
PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN = 65, 1
"""Linux's own MemoryDenyWriteExecute=, from 6.3 on."""


class Manager:
    """`async with Manager(folder, config, secrets) as manager` starts it; what it tells is heard.

    `program` is what the unit's own command is run by instead.
    """

    def __init__(
        self, folder: Path, config: Path, secrets: dict[str, str], program: Sequence[str] = ()
    ) -> None:
        self.unit = Unit()
        self.heard: list[str] = []
        self.log_path = folder / "log"
        self._folder = folder
        self._config = config
        self._secrets = secrets
        self._program = program or (sys.executable, "-m", "router")
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._news = asyncio.Condition()
        self._process: Process | None = None
        self._hearing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        address = str(self._folder / "notify")
        self._ear.bind(address)
        self._hearing = asyncio.create_task(self._hear())
        with self.log_path.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("/bin/sh", "-c", 'WATCHDOG_PID=$$ exec "$@"', "sh"),
                *self._command(self.unit.of("ExecStart")),
                stdout=log,
                stderr=log,
                cwd=Path(__file__).parents[2],
                env=self._environment(address),
                preexec_fn=_confine,
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.end(signal.SIGTERM)
        if self._hearing is not None:
            self._hearing.cancel()
        self._ear.close()
        await self._end_store()

    async def end(self, how: signal.Signals) -> int:
        """Send that, and give what it ends with."""
        self.send(how)
        return await self.ended()

    def send(self, what: signal.Signals) -> None:
        assert self._process is not None, "entered before"
        self._process.send_signal(what)

    async def ended(self) -> int:
        assert self._process is not None, "entered before"
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await self._process.wait()

    async def reload(self) -> bool:
        """Carry out each ExecReload= in its order, to one that fails; say whether none did."""
        assert self._process is not None, "entered before"
        for line in self.unit.all_of("ExecReload"):
            words = self._command(line.replace("$MAINPID", str(self._process.pid)))
            process = await asyncio.create_subprocess_exec(*words)
            if await process.wait():
                return False
        return True

    async def until_told(self, begin: str, times: int = 1) -> None:
        """Wait until it has told something that begins so, so many times since it was started."""

        def holds() -> bool:
            return sum(one.startswith(begin) for one in self.heard) >= times

        try:
            async with asyncio.timeout(DEADLINE_SECONDS), self._news:
                await self._news.wait_for(holds)
        except TimeoutError:
            said = self.log()[-3000:]
            raise AssertionError(f"no {begin} {times} times: {self.heard}; log: {said}") from None

    async def until_logged(self, words: str) -> None:
        """Wait until that is in its log."""
        async with asyncio.timeout(DEADLINE_SECONDS), self._news:
            while words not in self.log():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._until_more_than(len(self.heard)), LOOK_SECONDS)

    async def until_silent(self, seconds: float, after: str) -> None:
        """Wait until it has told nothing for so long, with this in its log from before that on."""
        silent_seconds = 0.0
        async with asyncio.timeout(DEADLINE_SECONDS), self._news:
            while silent_seconds < seconds:
                try:
                    await asyncio.wait_for(self._until_more_than(len(self.heard)), LOOK_SECONDS)
                except TimeoutError:
                    silent_seconds += LOOK_SECONDS if after in self.log() else 0.0
                else:
                    silent_seconds = 0.0

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    async def _until_more_than(self, told: int) -> None:
        await self._news.wait_for(lambda: len(self.heard) > told)

    async def _hear(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            words = (await loop.sock_recv(self._ear, 4096)).decode().split("\n")
            async with self._news:
                self.heard += words
                self._news.notify_all()

    async def _end_store(self) -> None:
        """End what a daemon that was killed has left; systemd ends a service whole."""
        if self._process is not None and (self._process.returncode or 0) < 0:
            store = EmbeddedStore(self._folder / "state")
            await store.start()
            await store.stop()

    def _command(self, line: str) -> list[str]:
        """Give a command of the unit, of this very tree and on this config."""
        words = shlex.split(line)
        if words[0].endswith("/decroche"):
            words[:1] = self._program
        return [word.replace("/etc/decroche/decroche.toml", str(self._config)) for word in words]

    def _environment(self, address: str) -> dict[str, str]:
        """Give what systemd gives, and nothing of ours."""
        credentials = self._folder / "credentials"
        credentials.mkdir()
        for name in self.unit.all_of("LoadCredential"):
            if (secret := self._secrets.get(name)) is not None:
                path = credentials / name
                path.write_text(secret)
                path.chmod(0o440)
        assert self._secrets.keys() <= set(self.unit.all_of("LoadCredential"))
        watchdog = self.unit.seconds("WatchdogSec") * MICROSECONDS
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "NOTIFY_SOCKET": address,
            "WATCHDOG_USEC": f"{watchdog:.0f}",
            "CREDENTIALS_DIRECTORY": str(credentials),
            "STATE_DIRECTORY": str(self._folder / "state"),
        }


def _confine() -> None:
    """Hold the daemon, and its store, to what the unit allows and a test can ask of the kernel."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
