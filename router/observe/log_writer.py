"""Writes the log from a thread of its own: its reader may stall, and calls are still routed.

A line is made, and redacted, where it is logged; what waits here is text.
"""

from __future__ import annotations

import logging
import threading
from io import RawIOBase
from queue import SimpleQueue
from typing import BinaryIO, Final

from prometheus_client import Counter

MOST_WAITING: Final = 10_000
"""Lines; some megabytes. It is a day of a helpline, or half a minute of a flood."""

FLUSH_SECONDS: Final = 1.0
"""How long the end waits for the last lines to be read: systemd stops whoever takes too long."""

LINES_DROPPED: Final = Counter(
    "decroche_log_lines_dropped_total",
    "Lines of the log that nobody took: they could not be written, or too many waited for it.",
    registry=None,
)
"""Of the process, as its log is; each registry of ours shows it."""

Output = RawIOBase | BinaryIO


class LogWriter(logging.Handler):
    """Hands lines to its thread, and drops them where too many wait."""

    def __init__(self, output: Output) -> None:
        super().__init__()
        self._output = output
        # Alone among the queues it may be put into while it is put into, as when a collected
        # object logs; so it has no bound of its own.
        self._waiting: SimpleQueue[bytes | threading.Event] = SimpleQueue()
        threading.Thread(target=self._write_all, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line, and return at once; a last word is taken however many wait."""
        if self._waiting.qsize() >= MOST_WAITING and record.levelno < logging.CRITICAL:
            LINES_DROPPED.inc()
            return
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
        except Exception:  # noqa: BLE001 -- a line that cannot be made must not end what logs it
            self.handleError(record)
        else:
            self._waiting.put(line)

    def flush(self, seconds: float = FLUSH_SECONDS) -> None:
        """Wait until what was taken is written, but no longer than this."""
        written = threading.Event()
        self._waiting.put(written)
        written.wait(seconds)

    def _write_all(self) -> None:
        while True:
            one = self._waiting.get()
            if isinstance(one, threading.Event):
                one.set()
            else:
                self._write(one)

    def _write(self, line: bytes) -> None:
        try:
            self._write_whole(line)
        except Exception:  # noqa: BLE001 -- a thread's end: nobody would write the next line
            LINES_DROPPED.inc()

    def _write_whole(self, line: bytes) -> None:
        while line:
            taken = self._output.write(line)
            if taken is None:
                raise BlockingIOError
            line = line[taken:]
