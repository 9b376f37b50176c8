"""Data keys, one a number, each in a file of its own: to destroy the file is to erase the number.

They lie apart from the store, whose append-only file, snapshots, replicas and backups keep for
long what was once written there. This folder must be in no backup; it says so to the programs
that ask (`CACHEDIR.TAG`). What a copy of the store alone holds of a number whose key is destroyed
is noise, for everybody and for good.

What overwriting reaches is the file: a disk that moves blocks (an SSD), or a file system that never
overwrites, may keep remnants. Those are wrapped under the master key, so a new master key, and the
old one destroyed, makes noise of them as well.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from router.errors import StoreError
from router.store.master_keys import KEY_BYTES, WRAPPED_BYTES, MasterKeys

NAME_BYTES: Final = 16
_NAME: Final = re.compile(rf"[0-9a-f]{{{2 * NAME_BYTES}}}\Z")

NO_BACKUP: Final = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Keys of telephone numbers. In a backup they would outlive their erasure.\n"
)
"""The mark of a folder that backup programs leave out (https://bford.info/cachedir/)."""

_OWNER_ONLY: Final = 0o700
_LOCK: Final = "lock"
_STORE: Final = "store"
_BEGUN: Final = ".begun"
"""Ends the name of a key that is being wrapped anew: it is a copy of that key."""


def keys_folder(state_dir: Path) -> Path:
    """Say where the data keys of this state directory are."""
    return state_dir / "keys"


class DataKeys:
    """Makes, reads and destroys keys. What was done is on disk for good once `settle` returns."""

    def __init__(self, folder: Path, masters: MasterKeys) -> None:
        self._folder = folder
        self._masters = masters

    def prepare(self) -> None:
        """Make the folder, and take away what a rotation that died has left in it.

        Raises
        ------
        StoreError
            if it cannot be made.

        """
        try:
            self._folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
            self._folder.chmod(_OWNER_ONLY)
            tag = self._folder / "CACHEDIR.TAG"
            if not tag.exists():
                tag.write_text(NO_BACKUP, encoding="ascii")
            self._sweep()
        except OSError as error:
            raise StoreError(
                f"{self._folder}: cannot be written ({error.strerror}); expected a folder that the "
                "daemon's user may write"
            ) from error

    def make(self) -> tuple[str, bytes]:
        """Give a new key and its name. Raises OSError if it cannot be on disk."""
        name, key = os.urandom(NAME_BYTES).hex(), os.urandom(KEY_BYTES)
        path = self._folder / name
        try:
            with _new_file(path) as file:
                _put(file, self._masters.wrap(name, key))
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return name, key

    def read(self, name: str) -> bytes | None:
        """Give a key; None where it is destroyed.

        Raises
        ------
        StoreError
            if it cannot be read, or not unwrapped.

        """
        wrapped = self._wrapped(name)
        return None if wrapped is None else self._masters.unwrap(name, wrapped)

    def names(self) -> set[str]:
        """Name the keys that are there. Raises OSError if the folder cannot be read."""
        return {one for one in os.listdir(self._folder) if _NAME.match(one)}  # noqa: PTH208 - names

    def store(self) -> str | None:
        """Name the store whose numbers these keys open; None: they have not been told yet.

        Raises OSError if it cannot be read.
        """
        try:
            return (self._folder / _STORE).read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return None

    def belong_to(self, store: str) -> None:
        """Keep the name of that store. Raises OSError if it cannot be on disk."""
        path = self._folder / f"{_STORE}.new"
        path.write_text(store, encoding="ascii")
        path.replace(self._folder / _STORE)

    def destroy(self, names: Iterable[str]) -> None:
        """Overwrite keys, and take them away; who is gone already is passed over.

        Raises OSError if one cannot be reached.
        """
        with self._alone():
            for name in names:
                if _NAME.match(name):
                    # First what nobody looks for once the key itself is gone.
                    _shred(self._folder / f"{name}{_BEGUN}")
                    _shred(self._folder / name)

    def settle(self) -> None:
        """Have the folder's own entries on disk. Raises OSError if they cannot be."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def rewrap(self) -> int:
        """Wrap every key under the current master key that is not yet, and say how many.

        Raises
        ------
        StoreError
            if one is wrapped under a master key that is not at hand, or they are another user's.
        OSError
            if one cannot be written.

        """
        self._refuse_all_but_their_owner()
        done = 0
        for name in sorted(self.names()):
            with self._alone():
                done += self._rewrap(name)
        return done

    def _refuse_all_but_their_owner(self) -> None:
        """Keep root from leaving keys behind that the daemon can neither read nor destroy."""
        owner = self._folder.stat().st_uid
        if os.geteuid() != owner:
            name = _name_of(owner)
            raise StoreError(
                f"{self._folder}: belongs to {name}, and nothing was touched; run this as that "
                f"user: systemd-run --property=User={name} ..., as docs/operating.md has it, or "
                f"runuser -u {name} -- decroche ..."
            )

    def _sweep(self) -> None:
        if any(self._folder.glob(f"*{_BEGUN}")):
            with self._alone():
                for begun in self._folder.glob(f"*{_BEGUN}"):
                    _shred(begun)

    def _rewrap(self, name: str) -> bool:
        wrapped = self._wrapped(name)
        if wrapped is None or self._masters.is_current(wrapped):
            return False
        path, begun = self._folder / name, self._folder / f"{name}{_BEGUN}"
        _shred(begun)
        with _new_file(begun) as file:
            _put(file, self._masters.wrap(name, self._masters.unwrap(name, wrapped)))
        with path.open("r+b") as old:
            begun.replace(path)
            self.settle()
            _put(old, os.urandom(WRAPPED_BYTES))
        return True

    def _wrapped(self, name: str) -> bytes | None:
        if not _NAME.match(name):
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self._folder}: a key cannot be read ({error.strerror})") from error

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from changing keys: a key that is rewrapped must not come back."""
        with (self._folder / _LOCK).open("ab") as lock:
            _give_to_owner_of(self._folder, lock)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _new_file(path: Path) -> IO[bytes]:
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    _give_to_owner_of(path.parent, file)
    return file


def _give_to_owner_of(folder: Path, file: IO[bytes]) -> None:
    """Where root works in the folder of the daemon's user, what is new is that user's too."""
    owner = folder.stat()
    if os.fstat(file.fileno()).st_uid != owner.st_uid:
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _put(file: IO[bytes], content: bytes) -> None:
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _shred(path: Path) -> None:
    try:
        with path.open("r+b") as file:
            _put(file, os.urandom(WRAPPED_BYTES))
    except FileNotFoundError:
        return
    path.unlink()
