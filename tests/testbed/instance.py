"""One Asterisk of the testbed: its folder, its process, its command line."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.testbed.ami import Account
from tests.testbed.tree import (
    BrokenTestbedError,
    asterisk_command,
    french_sounds,
    modules_folder,
    tree_folder,
)

READY_SECONDS = 60.0
"""A start takes about a second; on a machine with every core taken, many times that."""
STOP_SECONDS = 10.0
"""Asterisk leaves within a second when told to; after this it is killed."""
ANSWER_SECONDS = 60.0
"""Its command line takes a tenth of a second; likewise."""

TEMPLATES = Path(__file__).parent / "etc"


class Instance:
    """An Asterisk with a folder and ports of its own on 127.0.0.1."""

    def __init__(self, folder: Path, account: Account, sip_port: int) -> None:
        self.folder = folder
        self.admin = account
        """The tests' AMI account, which may do everything."""
        self.sip_port = sip_port
        self._tree = tree_folder()
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._ready: socket.socket | None = None
        for name in ("etc", "data", "var", "spool", "run", "log"):
            (folder / name).mkdir(parents=True)
        (folder / "data/sounds").mkdir()
        (folder / "data/sounds/fr").symlink_to(french_sounds(self._tree))
        (folder / "data/documentation").symlink_to(self._tree / "usr/share/asterisk/documentation")

    @property
    def pid(self) -> int:
        """The process id of the running Asterisk."""
        if self._process is None:
            raise BrokenTestbedError(f"{self.folder.name} is not running")
        return self._process.pid

    def configure(self, role: str, values: dict[str, str]) -> None:
        """Write the configuration: the files for both roles, then the role's own."""
        known = {
            "folder": str(self.folder),
            "modules": str(modules_folder(self._tree)),
            "sip_port": str(self.sip_port),
            "ami_port": str(self.admin.port),
            "admin": self.admin.username,
            "admin_secret": self.admin.secret,
            **values,
        }
        for template in (*TEMPLATES.glob("both/*.conf"), *TEMPLATES.glob(f"{role}/*.conf")):
            text = re.sub(r"<<(\w+)>>", lambda hole: known[hole[1]], template.read_text())
            (self.folder / "etc" / template.name).write_text(text)

    def begin(self, *, outlives: bool = False) -> None:
        """Start the process without waiting; it is killed when we end, unless it `outlives` us."""
        self._ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = f"decroche-testbed-{os.getpid()}-{self.admin.port}"
        self._ready.bind(f"\0{address}")
        with (self.folder / "log/output").open("ab") as output:
            self._process = subprocess.Popen(
                [*self._command(), "-f"],
                env={**os.environ, "NOTIFY_SOCKET": f"@{address}"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if not outlives:
            self._guard = _guard(self._process.pid)

    def wait_ready(self) -> None:
        """Wait until Asterisk itself says that it has fully booted.

        Raises
        ------
        BrokenTestbedError
            if it ends or says nothing within `READY_SECONDS`; the message tells what it said.

        """
        if self._ready is None:
            raise BrokenTestbedError(f"{self.folder.name} was not started")
        with self._ready as ready:
            ended = os.pidfd_open(self.pid)
            heard, _, _ = select.select([ready.fileno(), ended], [], [], READY_SECONDS)
            os.close(ended)
            is_ready = ready.fileno() in heard
        self._ready = None
        if not is_ready:
            said = (self.folder / "log/output").read_text(errors="replace")[-2000:]
            raise BrokenTestbedError(f"{self.folder.name} did not start: {said}")

    def start(self) -> None:
        """Start, and wait until it is ready."""
        self.begin()
        self.wait_ready()

    def stop(self) -> None:
        """Tell it to stop, and wait until it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it as a crash would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start again: same ports, same folder, no calls left."""
        self.stop()
        self.start()

    def command(self, words: str) -> str:
        """Give what Asterisk's command line answers, such as `core show channels`."""
        done = subprocess.run(
            [*self._command(), "-rx", words],
            capture_output=True,
            text=True,
            check=False,
            timeout=ANSWER_SECONDS,
        )
        return done.stdout

    def complaints(self) -> list[str]:
        """Give every warning and error that this Asterisk has logged."""
        log = self.folder / "log/complaints"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return [line for line in lines if "WARNING[" in line or "ERROR[" in line]

    def remove(self) -> None:
        """Stop, and take the folder away."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self) -> list[str]:
        return [*asterisk_command(self._tree), "-C", str(self.folder / "etc/asterisk.conf")]

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
            self._guard = None
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _guard(pid: int) -> subprocess.Popen[bytes]:
    """Have a process killed once we are gone: our end of the guard's pipe closes with us."""
    return subprocess.Popen(
        ["sh", "-c", f"read never; kill -KILL {pid}"],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
