"""Weekly hours as minutes of the week, counted from Monday 00:00 on a wall clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = len(DAYS) * MINUTES_A_DAY

Span = tuple[int, int]
"""Half open: from the first minute up to, and without, the second."""

_CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_WINDOW = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))? {_CLOCK}-{_CLOCK}\Z")


class Week(Struct, frozen=True):
    """A set of minutes of the week: sorted spans that neither touch nor overlap."""

    spans: tuple[Span, ...]

    def __and__(self, other: Week) -> Week:
        """Minutes that are in both."""
        return _week(
            (max(a, c), min(b, d))
            for a, b in self.spans
            for c, d in other.spans
            if max(a, c) < min(b, d)
        )

    def __or__(self, other: Week) -> Week:
        """Minutes that are in either."""
        return _week([*self.spans, *other.spans])

    def __sub__(self, other: Week) -> Week:
        """Minutes of this one that are not in the other."""
        return self & other.inverted()

    def inverted(self) -> Week:
        """Give the minutes of the week that are not in this one."""
        edges = [0, *(edge for span in self.spans for edge in span), MINUTES_A_WEEK]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        return _week((start, end) for start, end in gaps if start < end)

    def __str__(self) -> str:
        """Give words such as ``sun 02:00-06:00``; a span over days names both."""
        if self == ALWAYS:
            return "any day at any hour"
        return ", ".join(_span_text(start, end) for start, end in self.spans)


def parse_week(windows: Sequence[str]) -> Week:
    """Read windows such as ``mon-fri 08:00-20:00``; ``fri 22:00-06:00`` ends on Saturday.

    Raises
    ------
    ValueError
        saying which window is wrong and what was expected.

    """
    return _week(span for window in windows for span in _parse_window(window))


def _parse_window(text: str) -> list[Span]:
    match = _WINDOW.match(text)
    if match is None:
        raise ValueError(f"expected a window like 'mon-fri 08:00-20:00', got {text[:40]!r}")
    first_day, last_day, opens, closes = match.groups()
    start, end = _minute_of_day(opens), _minute_of_day(closes)
    if start in (end, MINUTES_A_DAY):
        raise ValueError(f"expected a window that lasts (a whole day is 00:00-24:00), got {text!r}")
    if end < start:
        end += MINUTES_A_DAY
    midnights = [day * MINUTES_A_DAY for day in _days(first_day, last_day or first_day)]
    return [part for midnight in midnights for part in _wrap(midnight + start, midnight + end)]


def _days(first: str, last: str) -> list[int]:
    start = DAYS.index(first)
    count = (DAYS.index(last) - start) % len(DAYS) + 1
    return [(start + step) % len(DAYS) for step in range(count)]


def _minute_of_day(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _wrap(start: int, end: int) -> list[Span]:
    if end <= MINUTES_A_WEEK:
        return [(start, end)]
    return [(start, MINUTES_A_WEEK), (0, end - MINUTES_A_WEEK)]


def _week(spans: Iterable[Span]) -> Week:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return Week(tuple(merged))


def _span_text(start: int, end: int) -> str:
    first_day, opens = divmod(start, MINUTES_A_DAY)
    last_day, closes = divmod(end, MINUTES_A_DAY)
    if closes == 0:
        last_day, closes = last_day - 1, MINUTES_A_DAY
    until = "" if last_day == first_day else f"{DAYS[last_day]} "
    return f"{DAYS[first_day]} {_clock_text(opens)}-{until}{_clock_text(closes)}"


def _clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


ALWAYS = Week(((0, MINUTES_A_WEEK),))
NEVER = Week(())
