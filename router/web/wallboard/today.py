"""The day's figures, which outlive the daemon."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
import structlog
from msgspec import Struct

from router.core.commands import AnyCommand, ReportAnswer, ReportOutcome
from router.core.policy import Line
from router.web.wallboard.shape import Tally

log = structlog.get_logger(__name__)

DEFAULT_TARGET_SECONDS: Final = Line(name="", ladder=()).target_seconds
"""For a line that the config no longer names."""


class Day(Struct):
    """A day's tallies, by line."""

    date: str
    since: float
    lines: dict[str, Tally]


class Today:
    """Counts calls as they end, from midnight to midnight where the site is.

    Without the file, or where it cannot be read, counting begins now, and the board says so.
    """

    def __init__(self, state_dir: Path, zone: ZoneInfo, clock: Callable[[], float]) -> None:
        self._path = state_dir / "today.json"
        self.zone = zone
        self._clock = clock
        self._day = self._read() or Day("", clock(), {})
        self._is_written = True
        self._turn()

    @property
    def since(self) -> float:
        """Say from when on this day's calls are counted."""
        return self._turn().since

    def of(self, line: str) -> Tally:
        """Give a line's tally."""
        return self._turn().lines.setdefault(line, Tally())

    def record(self, command: AnyCommand, target_seconds: float = DEFAULT_TARGET_SECONDS) -> None:
        """Count what a command tells of, where it does."""
        if isinstance(command, ReportOutcome):
            tally = self.of(command.line)
            setattr(tally, command.outcome, getattr(tally, command.outcome) + 1)
        elif isinstance(command, ReportAnswer):
            tally = self.of(command.line)
            tally.heard += 1
            tally.in_time += command.waited_seconds <= target_seconds
        else:
            return
        self._is_written = False

    def to_write(self) -> bytes | None:
        """Give what `write` shall write; None where that is on disk already."""
        if self._is_written:
            return None
        self._is_written = True
        return msgspec.json.encode(self._turn())

    def write(self, day: bytes) -> None:
        """Put it on disk; may be done in a thread."""
        begun = self._path.with_suffix(".begun")
        try:
            begun.write_bytes(day)
            begun.replace(self._path)
        except OSError as error:
            log.warning("today_unwritable", problem=error.strerror)

    def _turn(self) -> Day:
        """Begin a new day if it is time to."""
        now = self._clock()
        local = datetime.fromtimestamp(now, self.zone)
        date = local.date().isoformat()
        if date != self._day.date:
            was_counting = self._day.date != ""
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
            self._day = Day(date, midnight if was_counting else now, {})
        return self._day

    def _read(self) -> Day | None:
        """Read the file, if it is of this day."""
        try:
            day = msgspec.json.decode(self._path.read_bytes(), type=Day)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.warning("today_unreadable", problem=str(error))
            return None
        local = datetime.fromtimestamp(self._clock(), self.zone)
        return day if day.date == local.date().isoformat() else None
