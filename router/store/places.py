"""Where the private store keeps its files and its socket, and who may see them."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from router.errors import StoreError

LONGEST_SOCKET_PATH_BYTES = 100
"""The kernel allows 107; the server adds a little of its own while it binds."""

SHORT_DIR = Path("/tmp")  # noqa: S108  the same in every environment, so that a restart finds it
OWNER_ONLY = 0o700


@dataclass(frozen=True)
class StorePlaces:
    """The files of one private store."""

    folder: Path
    socket: Path

    @property
    def lock(self) -> Path:
        """The file that the server holds locked for as long as it lives."""
        return self.folder / "lock"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def url(self) -> str:
        """The store's address for a client."""
        return f"unix://{quote(str(self.socket))}"


def store_places(state_dir: Path) -> StorePlaces:
    """Say where the store of this state directory is; nothing is touched."""
    folder = state_dir.absolute() / "store"
    socket = folder / "store.sock"
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH_BYTES:
        name = hashlib.blake2b(os.fsencode(folder), digest_size=8).hexdigest()
        socket = SHORT_DIR / f"decroche-{_owner_of(folder)}-{name}" / "store.sock"
    return StorePlaces(folder, socket)


def _owner_of(folder: Path) -> int:
    """Give whose the store is: root, who asks it something, has to find the daemon's socket."""
    try:
        return folder.lstat().st_uid
    except OSError:
        # It is not there yet: who makes it will own it.
        return os.getuid()


def make_places(places: StorePlaces) -> None:
    """Make the folders, for their owner only.

    Raises
    ------
    StoreError
        if one cannot be made or written, or belongs to somebody else.

    """
    for folder in (places.folder, places.socket.parent):
        try:
            folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
            _claim(folder)
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise StoreError(
                f"{folder}: cannot be written ({problem}); expected a folder that the daemon's "
                "user may write: choose another state_dir or mend its owner"
            ) from error


def _claim(folder: Path) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise StoreError(f"{folder}: expected a folder of the daemon's own user; move it away")
    folder.chmod(OWNER_ONLY)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(None, "not writable")
