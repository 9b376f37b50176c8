"""A machine to be thrown away: this one's files, over which it writes its own, and a systemd.

Its processes, mounts, network, host name and control groups are its own; what it writes is in
memory, and gone with it. It wants root.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

BOOT_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.1
CLONE_NEWNET = 0x40000000
SOURCE = "/srv/source"
"""Where the machine has the source, wherever that lies outside. It only reads it."""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

BOOT = """
set -eu
mount --make-rprivate /
mount -t tmpfs -o mode=0755 machine "$1"
cd "$1"
mkdir upper work root
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" root
cd root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=0755 dev dev
for one in null zero full random urandom tty; do
    touch dev/$one
    mount --bind /dev/$one dev/$one
done
ln -s /proc/self/fd dev/fd
ln -s pts/ptmx dev/ptmx
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t tmpfs -o mode=0755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mkdir -p srv/tree srv/source
mount --bind "$2" srv/tree
mount --bind -o ro "$3" srv/source
for one in systemd-udevd.service systemd-udev-trigger.service systemd-modules-load.service \\
    systemd-sysctl.service timers.target local-fs.target swap.target; do
    ln -sf /dev/null etc/systemd/system/$one
done
ip link set lo up
pivot_root . mnt
umount -l /mnt
mount --make-rshared /
exec env -i container=trial PATH="$4" /lib/systemd/systemd --system --unit=basic.target
"""
"""Arguments: an empty folder, a tree that is then under /srv/tree, the source, a PATH."""


class MachineError(Exception):
    """The machine cannot do what was asked; the message says what it said."""


class Machine:
    """`with Machine(tree, source) as machine` boots it, and throws it away."""

    def __init__(self, tree: Path, source: Path) -> None:
        self._tree = tree
        self._source = source
        self._folder = Path(tempfile.mkdtemp(prefix="decroche-machine-"))
        self._group = _control_groups() / self._folder.name
        self._outer: subprocess.Popen[bytes] | None = None
        self._init = 0

    def __enter__(self) -> Self:
        self._group.mkdir()
        # It ends with us, however we do.
        own = "setpriv --pdeathsig KILL unshare --kill-child -p -m -n -i -u -C"
        joins = f'echo $$ > {self._group}/cgroup.procs; exec {own} "$@"'
        folders = (self._folder, self._tree, self._source)
        words = ["sh", "-c", BOOT, "sh", *map(str, folders), PATH]
        log = (self._folder.with_suffix(".log")).open("wb")
        with log:
            self._outer = subprocess.Popen(
                ["sh", "-c", joins, "sh", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until(self._is_up, "systemd")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._init:
            os.kill(self._init, signal.SIGKILL)
        if self._outer is not None:
            self._outer.kill()
            self._outer.wait()
        for folder, _, _ in os.walk(self._group, topdown=False):
            self._remove_group(Path(folder))
        self._folder.rmdir()
        self._folder.with_suffix(".log").unlink()

    def run(self, script: str, *, online: bool = False) -> str:
        """Have a shell as root carry this out; `online`: with the network of the machine outside.

        Raises
        ------
        MachineError
            with all that it said, if a command of it fails.

        """
        own = ["-m", "-p", "-i", "-u", "-C", *([] if online else ["-n"]), "-r", "-w"]
        done = subprocess.run(
            ["nsenter", "-t", str(self._init), *own, "bash", "-euxo", "pipefail"],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
        )
        if done.returncode:
            raise MachineError(f"{done.stderr[-4000:]}\n{done.stdout[-2000:]}")
        return done.stdout

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file in it."""
        target = Path("/proc", str(self._init), "root", path.lstrip("/"))
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)

    @contextmanager
    def network(self) -> Iterator[None]:
        """Have the thread that asks, and what it starts, use the machine's network meanwhile."""
        with Path("/proc/thread-self/ns/net").open() as ours:
            _enter(Path(f"/proc/{self._init}/ns/net"))
            try:
                yield
            finally:
                _enter(Path(f"/proc/self/fd/{ours.fileno()}"))

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for a condition of another process."""
        again = threading.Event()
        give_up_at = time.monotonic() + BOOT_SECONDS
        while not holds():
            if time.monotonic() > give_up_at:
                raise MachineError(f"waited for {what}: {self._log()}")
            again.wait(LOOK_AGAIN_SECONDS)

    def _is_up(self) -> bool:
        assert self._outer is not None, "entered before"
        if self._outer.poll() is not None:
            raise MachineError(f"did not boot: {self._log()}")
        pid = self._outer.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if not children:
            return False
        self._init = int(children[0])
        try:
            self.run("systemctl is-active --quiet basic.target")
        except MachineError:
            return False
        return True

    def _log(self) -> str:
        return self._folder.with_suffix(".log").read_text(errors="replace")[-3000:]

    def _remove_group(self, folder: Path) -> None:
        def is_gone() -> bool:
            try:
                folder.rmdir()
            except OSError:
                return False
            return True

        self.wait_until(is_gone, f"the last process of {folder.name} to end")


def _enter(network: Path) -> None:
    with network.open() as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")


def _control_groups() -> Path:
    """Give where this machine's control groups, version 2, are mounted."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return next(Path(mount[1]) for mount in mounts if mount[2] == "cgroup2")


def _environment() -> dict[str, str]:
    """Give what a root's shell has, and by what way this machine gets its packages."""
    packages = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    return {"PATH": PATH, "HOME": pwd.getpwuid(0).pw_dir, "LANG": "C.UTF-8", **packages, **proxies}
