"""An error that nobody has caught is a line of the log: Python itself would print its words."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    # A name for readers of types alone; it is not there as the program runs.
    from sys import UnraisableHookArgs


def log_crashes(name: str) -> None:
    """Have this logger tell of what ends the process or a thread, and of what ends neither."""
    log = structlog.get_logger(name)

    def process(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.critical("crashed", exc_info=(kind, error, trace))

    def thread(what: threading.ExceptHookArgs) -> None:
        # That is how a thread leaves on purpose.
        if not issubclass(what.exc_type, SystemExit):
            log.error("thread_crashed", thread=_name_of(what.thread), exc_info=what.exc_value)

    def neither(what: UnraisableHookArgs) -> None:
        log.error("error_passed_over", exc_info=what.exc_value)

    sys.excepthook = process
    threading.excepthook = thread
    sys.unraisablehook = neither


def _name_of(thread: threading.Thread | None) -> str | None:
    return None if thread is None else thread.name
