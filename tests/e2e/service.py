"""The daemon as ops run it: a process of its own, config files, and a testbed beside it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from router.config import hash_pin
from router.store.embedded import EmbeddedStore
from tests.e2e import config_files
from tests.e2e.config_files import Person
from tests.testbed import Testbed
from tests.testbed.testbed import free_port

READY_DEADLINE_SECONDS = 60.0
LEAVE_DEADLINE_SECONDS = 60.0
HANGS_SECONDS = 30.0
"""A deadline ends a test that fails: none is shorter, on a machine that is busy."""
LOOK_AGAIN_SECONDS = 0.1
"""Another process's log and pages give no sign when they change."""
PIN = "2580"

ONE_PHONE = [{"after_seconds": 0, "ring_at_once": 1}]
"""One phone a caller: who is answered by whom is then known beforehand."""

LINES: dict[str, dict[str, Any]] = {
    "health": {"number": "0805232336", "skills": {"health": 2, "fr": 1}, "ladder": ONE_PHONE},
    "police": {"number": "0199000003", "skills": {"police": 2, "fr": 1}, "ladder": ONE_PHONE},
}


class Service:
    """One installation of decroche: its folder outlives the daemon's process."""

    def __init__(
        self, bed: Testbed, folder: Path, people: Mapping[str, Person], lines: Sequence[str]
    ) -> None:
        self.folder = folder
        self.people = dict(people)
        self.environment: dict[str, str] = {}
        """What its process has besides our own."""
        self.partners: dict[str, dict[str, Any]] = {}
        self.tables: dict[str, dict[str, Any]] = {}
        """Of the main file, besides those that all have."""
        self.lines = {name: dict(LINES[name]) for name in lines}
        self.care = {"wrap_up_seconds": 0.0, "missed_rest_seconds": [20.0, 60.0]}
        self.web_port = free_port()
        self.ami_port = bed.pbx.manager.port
        self._bed = bed
        self._process: subprocess.Popen[bytes] | None = None
        self._look_again = threading.Event()
        self._pin_hash = hash_pin(PIN)
        folder.mkdir(parents=True, exist_ok=True)
        self._write_secrets()

    @property
    def config(self) -> Path:
        return self.folder / "decroche.toml"

    @property
    def log_path(self) -> Path:
        return self.folder / "decroche.log"

    def start(self, *, wait: bool = True) -> None:
        """Start the daemon, and wait until it says that it is ready."""
        self.write_config()
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "router", "run", "--config", str(self.config)],
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
            )
        if wait:
            self.wait_until(self.ready, READY_DEADLINE_SECONDS, "the daemon to be ready")

    def kill(self) -> None:
        """End the daemon as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def reread(self) -> None:
        """Have the daemon read its config again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """Ask the daemon to leave, as systemd does; give its exit code."""
        if self._process is None:
            return 0
        self._process.terminate()
        code = self._process.wait(LEAVE_DEADLINE_SECONDS)
        self._process = None
        return code

    def exit_code(self, deadline_seconds: float) -> int:
        """Wait until the daemon has ended by itself; give its exit code."""
        assert self._process is not None
        code = self._process.wait(max(deadline_seconds, HANGS_SECONDS))
        self._process = None
        return code

    @property
    def running(self) -> bool:
        return self._process is not None

    def ready(self) -> bool:
        try:
            self.page("readyz")
        except OSError:
            return False
        return True

    def page(self, name: str) -> str:
        """Give what the daemon's web port serves under this name."""
        with urllib.request.urlopen(self._url(name), timeout=HANGS_SECONDS) as page:  # noqa: S310 - ours
            return str(page.read().decode())

    def metric(self, name: str, where: str = "") -> float:
        """Give the sum of a metric over all its labels, or over those that hold `where`."""
        lines = self.page("metrics").splitlines()
        ours = [line for line in lines if line.startswith((f"{name} ", f"{name}{{"))]
        return sum(float(line.rpartition(" ")[2]) for line in ours if where in line)

    def held(self) -> float:
        """Count the listeners who are ringing or talking, as the daemon believes."""
        busy = ('state="offered"', 'state="talking"')
        return sum(self.metric("decroche_listeners", state) for state in busy)

    def log_lines(self, message: str) -> list[dict[str, Any]]:
        """Give the log's lines of one kind."""
        return [line for line in self._log() if line.get("message") == message]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `decroche WORDS` on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "router", *words, "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "COLUMNS": "160"},
        )

    async def until(self, holds: Callable[[], bool], deadline_seconds: float, what: str) -> None:
        """Wait for a condition while other tasks go on."""
        await asyncio.to_thread(self.wait_until, holds, deadline_seconds, what)

    def wait_until(self, holds: Callable[[], bool], deadline_seconds: float, what: str) -> None:
        """Wait for a condition."""
        deadline_seconds = max(deadline_seconds, HANGS_SECONDS)
        give_up_at = time.monotonic() + deadline_seconds
        while not holds():
            if self._process is not None and self._process.poll() is not None:
                raise AssertionError(f"the daemon ended: {self.log_path.read_text()[-3000:]}")
            if time.monotonic() > give_up_at:
                tail = self.log_path.read_text()[-3000:]
                raise AssertionError(f"waited {deadline_seconds} s for {what}; log: {tail}")
            self._look_again.wait(LOOK_AGAIN_SECONDS)

    def write_config(self) -> None:
        """Write the config files as they should now be."""
        config_files.write_main(
            self.config,
            {
                "asterisk": {
                    "port": self.ami_port,
                    "username": self._bed.pbx.manager.username,
                    "secret_file": "ami.secret",
                    "callers_endpoint": "PJSIP/{number}@trunk",
                },
                "store": {"state_dir": str(self.folder / "state")},
                "secrets": {
                    "caller_hash_file": "caller.secret",
                    "dialplan_file": "dialplan.secret",
                    "vault_file": "vault.secret",
                },
                "web": {"port": self.web_port},
                "log": {"format": "json"},
                "care": self.care,
                **{f"lines.{name}": line for name, line in self.lines.items()},
                **self.tables,
            },
            pools=self._pools(),
        )
        config_files.write_listeners(
            self.folder / "listeners.toml", self.people, self._pin_hash, self.partners
        )

    def _pools(self) -> list[str]:
        own = [person.pool for person in self.people.values()]
        return [*dict.fromkeys([*own, *(one["pool"] for one in self.partners.values())])]

    def _write_secrets(self) -> None:
        for name, secret in {
            "ami.secret": self._bed.pbx.manager.secret,
            "caller.secret": "x" * 48,
            "dialplan.secret": self._bed.pbx.secret,
            "vault.secret": "v" * 48,
        }.items():
            path = self.folder / name
            path.write_text(secret)
            path.chmod(0o600)

    def _log(self) -> Iterator[dict[str, Any]]:
        for line in self.log_path.read_text().splitlines(keepends=True):
            # The last one may be only half written.
            if line.startswith("{") and line.endswith("\n"):
                yield cast("dict[str, Any]", json.loads(line))

    def _url(self, page: str) -> str:
        return f"http://127.0.0.1:{self.web_port}/{page}"


@contextmanager
def installed(
    bed: Testbed, folder: Path, people: Mapping[str, Person], lines: Sequence[str] = ("health",)
) -> Iterator[Service]:
    """Give an installation, and end its daemon and its store at the end."""
    service = Service(bed, folder, people, lines)
    try:
        yield service
    finally:
        service.stop()
        if (folder / "state").exists():
            asyncio.run(_end_store(folder / "state"))


async def _end_store(state_dir: Path) -> None:
    """End the server that a killed daemon has left."""
    store = EmbeddedStore(state_dir)
    await store.start()
    await store.stop()


def team(names: Sequence[str], **skills: int) -> dict[str, Person]:
    """Make listeners who all can do the same."""
    return {name: Person(skills=dict(skills)) for name in names}
