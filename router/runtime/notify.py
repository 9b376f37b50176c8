"""What systemd, or whatever stands for it, is told of us, in the words of sd_notify(3)."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

PET_EVERY_SECONDS: Final = 1.0
"""The loop turns at each event, and when idle every 2 s, by the pulse: so often says as much."""

NEXT_SIGN_SECONDS: Final = 30.0
"""Asterisk may be away for hours while we start; a loop that does not turn for so long is stuck."""

READY: Final = "READY=1"

MICROSECONDS: Final = 1_000_000


class Notify:
    """Tells what we are doing, and nothing where nobody has asked for it.

    What is told is not waited for: a service manager that is busy keeps no caller waiting.
    """

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._watched = _is_watched(environment)
        self._clock = clock
        self._ready = False
        self._stopping = False
        self._status = ""
        self._untold: list[str] = []
        self._heard = True
        self._petted_at: float | None = None

    def turned(self, reasons: Sequence[str], warnings: Sequence[str] = ()) -> None:
        """Tell of a turn of the loop that went well.

        `reasons` say why calls are not routed: with the first turn that has none we are ready.
        """
        if self._stopping:
            return
        words = [*self._untold]
        if not self._ready and not reasons:
            self._ready = True
            words.append(READY)
        status = "; ".join((*reasons, *warnings)) or "calls are routed"
        if status != self._status:
            self._status = status
            words.append(f"STATUS={status}")
        words += self._sign_of_life()
        self._tell(words)

    @contextmanager
    def reloading(self) -> Iterator[None]:
        """Tell that the config is read, and when that is over, whatever came of it."""
        if not self._ready:
            yield  # it would be told that we are ready
            return
        self._tell(["RELOADING=1", f"MONOTONIC_USEC={int(self._clock() * MICROSECONDS)}"])
        try:
            yield
        finally:
            self._tell([READY])

    def stopping(self) -> None:
        """Tell, once, that we go."""
        if not self._stopping:
            self._stopping = True
            self._tell(["STOPPING=1", "STATUS=what has come is journalled; talks go on"])

    def _sign_of_life(self) -> list[str]:
        now = self._clock()
        if self._petted_at is not None and now - self._petted_at < PET_EVERY_SECONDS:
            return []
        self._petted_at = now
        if not self._ready:
            return [f"EXTEND_TIMEOUT_USEC={int(NEXT_SIGN_SECONDS * MICROSECONDS)}"]
        return ["WATCHDOG=1"] if self._watched else []

    def _tell(self, words: Sequence[str]) -> None:
        if self._address is None or not words:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as ear:
                ear.sendto("\n".join(words).encode(), self._address)
        except OSError as error:
            if self._heard:
                log.warning("notify_failed", problem=error.strerror)
            self._heard = False
            # A manager that is busy hears with the next turn what it waits for.
            self._untold = [READY] if READY in words else []
            self._status = ""
        else:
            self._heard = True
            self._untold = []


def _address(named: str) -> str | None:
    """Give the socket's address: a path, or a name in no folder; None where there is none."""
    if named.startswith("@"):
        return f"\0{named[1:]}"
    return named if Path(named).is_absolute() else None


def _is_watched(environment: Mapping[str, str]) -> bool:
    """Say whether this very process, and no other, is to pet the watchdog."""
    return bool(environment.get("WATCHDOG_USEC")) and environment.get(
        "WATCHDOG_PID", str(os.getpid())
    ) == str(os.getpid())
