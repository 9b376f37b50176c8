"""The last lines of the daemon's log, short enough for a terminal."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

SHOWN = ("line", "listener", "result", "outcome", "waited_seconds", "reason")


class LogLine(Struct, frozen=True):
    """One line."""

    at: str
    level: str
    message: str
    about: str


class LogTail:
    """Follows a log that grows."""

    def __init__(self, path: Path, most: int) -> None:
        self._path = path
        self._read_bytes = 0
        self._lines: deque[LogLine] = deque(maxlen=most)

    def lines(self) -> list[LogLine]:
        """Give the last lines, the newest last."""
        with self._path.open("rb") as log:
            log.seek(self._read_bytes)
            for raw in log:
                if not raw.endswith(b"\n"):
                    break
                self._read_bytes += len(raw)
                self._take(raw)
        return list(self._lines)

    def _take(self, raw: bytes) -> None:
        try:
            line: Mapping[str, object] = json.loads(raw)
        except ValueError:
            return
        about = " ".join(f"{name}={line[name]}" for name in SHOWN if name in line)
        at = str(line.get("timestamp", ""))[11:19]
        self._lines.append(
            LogLine(at, str(line.get("level", "")), str(line.get("message", "")), about)
        )
