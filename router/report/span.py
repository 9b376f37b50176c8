"""The span of a report, and where an instant falls on the wall clock of the service.

A day of that clock has 23 or 25 hours twice a year: days, hours and months are those of the clock
on the wall, and how long each was is counted rather than assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from router.errors import DecrocheError

QUARTER_SECONDS: Final = 900
"""Every time zone there is differs from UTC by whole quarters of an hour."""

HOUR_SECONDS: Final = 3600.0

Key = TypeVar("Key", bound=Hashable)


class SpanError(DecrocheError):
    """A span that cannot be reported on."""


class Span(Struct, frozen=True):
    """From `began` up to, and without, `ended`: epoch seconds."""

    began: float
    ended: float
    zone: ZoneInfo

    def holds(self, at: float) -> bool:
        """Say whether an instant is in it."""
        return self.began <= at < self.ended

    def touches(self, began: float, ended: float) -> bool:
        """Say whether something of another span, which may be an instant, is in it."""
        return began < self.ended and ended >= self.began

    def shared_seconds(self, began: float, ended: float) -> float:
        """Give how much of another span is in it."""
        return max(0.0, min(ended, self.ended) - max(began, self.began))

    def local(self, at: float) -> datetime:
        """Give an instant on the wall clock of the service."""
        return datetime.fromtimestamp(at, self.zone)

    def quarters(self) -> Iterator[tuple[datetime, float]]:
        """Give when each quarter of an hour begins on that clock, and how many seconds it has."""
        at = self.began
        while at < self.ended:
            following = min((at // QUARTER_SECONDS + 1) * QUARTER_SECONDS, self.ended)
            yield self.local(at), following - at
            at = following


def hours_by(
    quarters: Iterable[tuple[datetime, float]], key: Callable[[datetime], Key]
) -> dict[Key, float]:
    """Give how many hours of a span belong to each key, such as each hour of the day."""
    seconds: dict[Key, float] = defaultdict(float)
    for began, lasted_seconds in quarters:
        seconds[key(began)] += lasted_seconds
    return {one: of / HOUR_SECONDS for one, of in seconds.items()}


def span_of(begins: str, ends: str, zone: ZoneInfo) -> Span:
    """Read what was asked for: days of the service, or local times; the last day is included.

    Raises
    ------
    SpanError
        if one is no date or time, or nothing is between them.

    """
    began = _instant("--from", begins, zone, is_end=False)
    ended = _instant("--to", ends, zone, is_end=True)
    if ended <= began:
        words = "comes after" if ended < began else "leaves nothing before"
        raise SpanError(f"--from {begins} {words} --to {ends}: expected the earlier one first")
    return Span(began, ended, zone)


def _instant(option: str, written: str, zone: ZoneInfo, *, is_end: bool) -> float:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return _moment(option, written, zone)
    try:
        midnight = datetime.combine(day + timedelta(days=is_end), time(), zone)
    except OverflowError:
        raise SpanError(f"{option} {written}: expected a day of our time") from None
    return midnight.timestamp()


def _moment(option: str, written: str, zone: ZoneInfo) -> float:
    try:
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        raise SpanError(
            f"{option} {written}: expected a day such as 2026-01-31, or a local time such as "
            "2026-01-31T18:00"
        ) from None


def written(at: float, zone: ZoneInfo) -> str:
    """Give an instant as it stands in the report's files: local, with its offset from UTC."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")
