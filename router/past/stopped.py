"""The store of a daemon that is stopped, to be read: a copy of it, so that it stays as it is.

A daemon that is started meanwhile finds its store free, and no file in it that is not its user's.
"""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Final

from router.errors import StoreError
from router.store.embedded import EmbeddedStore
from router.store.places import StorePlaces, store_places

_NOT_COPIED: Final = ("lock", "*.sock", "*.log")


@asynccontextmanager
async def copy_of_stopped(state_dir: Path) -> AsyncIterator[str]:
    """Give the address of a copy of an embedded store; it is gone afterwards.

    Raises
    ------
    StoreError
        if the store's server runs, if there is no store, or if it cannot be copied.

    """
    with TemporaryDirectory(prefix="decroche-") as folder:
        _copy(store_places(state_dir), Path(folder))
        store = EmbeddedStore(Path(folder))
        try:
            yield await store.start()
        finally:
            await store.stop()


def _copy(places: StorePlaces, to: Path) -> None:
    try:
        # For reading: a lock that root were to make would keep the daemon out.
        with places.lock.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            copytree(places.folder, store_places(to).folder, ignore=ignore_patterns(*_NOT_COPIED))
    except BlockingIOError as error:
        raise StoreError("its server runs, and does not answer: try again") from error
    except FileNotFoundError as error:
        raise StoreError(
            f"there is no store in {places.folder} yet: the daemon makes it as it starts"
        ) from error
    except PermissionError as error:
        raise StoreError(f"{places.folder}: run this as the daemon's user, or as root") from error
    except OSError as error:
        raise StoreError(
            f"{places.folder}: cannot be copied ({error.strerror or error})"
        ) from error
