"""A real mosquitto with our own configuration, on a free port, with certificates of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from simulations.demo import broker
from simulations.demo.broker_files import MAIN_FILE, SAMPLE, find, write_broker_files
from simulations.demo.certificates import AUTHORITY
from simulations.demo.ports import HERE
from tests.testbed.need import require_program
from tests.testbed.testbed import free_port

CONFIG, HOST, ROUTER = SAMPLE, HERE, broker.ROUTER
PATIENCE_SECONDS = 60.0
"""For all that is waited for with a broker: only what never comes takes so long."""
LOOK_AGAIN_SECONDS = 0.02


def password_of(user: str) -> str:
    return f"the password of {user}"


def require_mosquitto() -> None:
    require_program("mosquitto")


class Broker:
    """`with Broker(folder, users) as broker`. `rules` are put to those that we ship."""

    def __init__(self, folder: Path, users: Iterable[str], rules: str = "") -> None:
        self._folder = folder
        self._log = folder / "mosquitto.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.ca_file = folder / AUTHORITY
        passwords = {user: password_of(user) for user in (ROUTER, *users)}
        write_broker_files(folder, self.port, passwords)
        with (folder / "acl").open("a", encoding="utf-8") as rights:
            rights.write(f"\n{rules}\n")
        with (folder / MAIN_FILE).open("a", encoding="utf-8") as config:
            config.write("connection_messages true\nlog_type notice\n")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        program = find("mosquitto")
        assert program is not None, "looked for before"
        words = [program, "-c", str(self._folder / MAIN_FILE)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(words, stderr=log)
        self._wait_until(self._listens, "listen")

    def kill(self) -> None:
        """End it at once: it keeps nothing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def parting_of(self, user: str) -> str:
        """Wait until this client is gone, and give how the broker tells of it."""
        gone = re.compile(rf"Client {user} (.+)\.$", re.MULTILINE)
        self._wait_until(lambda: gone.search(self._said()), f"tell that {user} is gone")
        *_, parting = gone.findall(self._said())
        return str(parting)

    def _wait_until(self, holds: Callable[[], object], what: str) -> None:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        again = threading.Event()
        while not holds():
            assert self._process is not None, "started before"
            assert self._process.poll() is None, f"mosquitto has ended: {self._said()}"
            assert time.monotonic() < give_up_at, f"mosquitto does not {what}: {self._said()}"
            again.wait(LOOK_AGAIN_SECONDS)

    def _said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def _end(self, by: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(by)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def _listens(self) -> bool:
        listening = f"0100007F:{self.port:04X} 00000000:0000 0A"
        return listening in Path("/proc/net/tcp").read_text(encoding="ascii")
