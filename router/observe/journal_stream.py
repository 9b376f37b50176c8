"""What the system's journal is told besides the line: how grave it is (sd-daemon(3))."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Final

STREAM_NAMED_BY: Final = "JOURNAL_STREAM"
"""Where systemd has joined a standard output to the journal, its `device:inode` is in here."""

_GRAVITY: Final = (
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
)
_DEBUG: Final = 7


def is_journal(fileno: int, environment: Mapping[str, str]) -> bool:
    """Say whether what is written to this file comes into the journal.

    The variable alone does not tell: it is handed down to whoever is started from there, and
    whose output may go elsewhere.
    """
    try:
        found = os.fstat(fileno)
    except OSError:
        return False
    return environment.get(STREAM_NAMED_BY) == f"{found.st_dev}:{found.st_ino}"


class WithGravity(logging.Formatter):
    """Puts `<N>` before each line of a text; the journal takes it off, and files the line so."""

    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """Give the text with its gravity."""
        before = f"<{_gravity(record.levelno)}>"
        return "\n".join(before + line for line in self._form.format(record).split("\n"))


def _gravity(level: int) -> int:
    return next((gravity for least, gravity in _GRAVITY if level >= least), _DEBUG)
