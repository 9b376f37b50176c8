"""When things were, in the simulated week: second 0 is a Monday at 00:00."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS
HOURS_A_DAY = 24
HOURS_A_WEEK = 7 * HOURS_A_DAY

_SPANS_HOURS = {HOURS_A_WEEK: (1, 2, 3, 4, 6), HOURS_A_DAY: (1, 2, 3, 4, 6, 8)}
"""Lengths tried, the shortest first; a longer one would no longer point at anything."""

_NEARLY_ALL, _HALF = 0.75, 0.5


@dataclass(frozen=True)
class Span:
    """Whole hours, of one day of the week or of every day."""

    start_hour: int
    """Hour of the week where `weekly`, else hour of the day."""
    hours: int
    weekly: bool
    whole: bool = False
    """Nothing fell outside."""

    def english(self) -> str:
        """Say it as a part of a sentence: on Sunday between 03:00 and 05:00."""
        start, end = self._bounds()
        if not self.weekly:
            return f"between {_clock(start)} and {_end_clock(end)}"
        first, last = DAYS[start // HOURS_A_DAY % 7], DAYS[(end - 1) // HOURS_A_DAY % 7]
        if first == last:
            return f"on {first} between {_clock(start)} and {_end_clock(end)}"
        return f"between {first} {_clock(start)} and {last} {_end_clock(end)}"

    def french(self) -> str:
        """Say it as a part of a French sentence."""
        start, end = self._bounds()
        if not self.weekly:
            return f"entre {_heure(start)} et {_end_heure(end)}"
        first, last = JOURS[start // HOURS_A_DAY % 7], JOURS[(end - 1) // HOURS_A_DAY % 7]
        if first == last:
            return f"le {first} entre {_heure(start)} et {_end_heure(end)}"
        return f"entre le {first} {_heure(start)} et le {last} {_end_heure(end)}"

    def _bounds(self) -> tuple[int, int]:
        return self.start_hour, self.start_hour + self.hours


def most(instants: Iterable[float]) -> Span | None:
    """Find the shortest hours in which nearly all of these fell, or at least more than half.

    Hours of one day of the week come first, then hours of every day; None if neither stand out.
    """
    hours = [int(at // HOUR_SECONDS) for at in instants]
    for around, lengths in _SPANS_HOURS.items():
        for share in (_NEARLY_ALL, _HALF):
            if span := _fullest(hours, around, lengths, share):
                return span
    return None


def english(at_seconds: float) -> str:
    """Say an instant: Sunday 03:12:04, with its day where the run is longer than a week."""
    return _moment(at_seconds, DAYS, "day")


def french(at_seconds: float) -> str:
    """Say an instant in French."""
    return _moment(at_seconds, JOURS, "jour")


def _moment(at_seconds: float, names: tuple[str, ...], day_word: str) -> str:
    day, second = divmod(int(at_seconds), DAY_SECONDS)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    which = f" ({day_word} {day + 1})" if day >= len(names) else ""
    return f"{names[day % len(names)]} {clock}{which}"


def _fullest(hours: list[int], around: int, lengths: tuple[int, ...], share: float) -> Span | None:
    calls = Counter(hour % around for hour in hours)
    for length in lengths:
        start = max(range(around), key=lambda at: _within(calls, at, length, around))
        inside = _within(calls, start, length, around)
        if inside > share * len(hours):
            weekly = around == HOURS_A_WEEK
            return Span(start, length, weekly=weekly, whole=inside == len(hours))
    return None


def _within(calls: Counter[int], start: int, length: int, around: int) -> int:
    return sum(calls[hour % around] for hour in range(start, start + length))


def _clock(hour: int) -> str:
    return f"{hour % HOURS_A_DAY:02}:00"


def _end_clock(hour: int) -> str:
    return _clock(hour) if hour % HOURS_A_DAY else "24:00"


def _heure(hour: int) -> str:
    return f"{hour % HOURS_A_DAY}\N{NO-BREAK SPACE}h"


def _end_heure(hour: int) -> str:
    return _heure(hour) if hour % HOURS_A_DAY else "minuit"
