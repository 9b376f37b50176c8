"""Who was on duty by the hours that held when a daemon last told of them, in a file of its own.

The journal has who is on duty, and not by whose word: the shift's, or their own.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

log = structlog.get_logger(__name__)


class Page(Struct, frozen=True):
    """What is written down. `at` is epoch seconds: the events that say so are no older."""

    boot: str
    at: float
    on_duty: tuple[str, ...]


class ShiftBook:
    """Outlives the daemon. Without the file, or where it cannot be read, nothing is known."""

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / "shifts.json"

    def on_duty(self, boot: str, until: float) -> tuple[str, ...] | None:
        """Give whom the daemon of this boot has told of last as on duty.

        None where it is not known: nothing was written by that daemon, or its journal, which ends
        at `until`, may lack what it has told then.
        """
        page = self._read()
        if page is None or page.boot != boot or page.at > until:
            return None
        return page.on_duty

    def note(self, boot: str, on_duty: tuple[str, ...], now: float) -> None:
        """Note whom the daemon of this boot tells of as on duty from now on."""
        begun = self._path.with_suffix(".begun")
        try:
            begun.write_bytes(msgspec.json.encode(Page(boot, now, on_duty)))
            begun.replace(self._path)
        except OSError as error:
            log.warning("shift_book_unwritable", problem=error.strerror)

    def _read(self) -> Page | None:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Page)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.warning("shift_book_unreadable", problem=str(error))
            return None
