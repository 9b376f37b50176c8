"""Hours: windows of the week, of public holidays and of single dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from router.schedule.spans import Span, joined
from router.schedule.week import DAYS, MINUTES_A_DAY, MINUTES_A_WEEK, Week

OnHolidays = Literal["too", "only", "never"]
"""Whether a window counts on a public holiday: like any day, on such days alone, or not."""

EVERY_DAY = tuple(range(len(DAYS)))


class Window(Struct, frozen=True):
    """Some minutes, counted from the midnight of the day on which they begin.

    They may run into the next day: it is the day of the beginning that decides.
    """

    start: int
    end: int
    weekdays: tuple[int, ...] = EVERY_DAY
    """Monday is 0."""
    on_holidays: OnHolidays = "too"
    on: date | None = None
    """Begins on this date alone, whatever day it is."""

    def begins_on(self, day: date, *, is_holiday: bool) -> bool:
        """Say whether it begins on this day."""
        if self.on is not None:
            return day == self.on
        return self.in_pattern(day.weekday(), is_holiday=is_holiday)

    def in_pattern(self, weekday: int, *, is_holiday: bool) -> bool:
        """Say whether it begins on such a day, each time that one comes."""
        if self.on is not None or weekday not in self.weekdays:
            return False
        return self.on_holidays == "too" or (self.on_holidays == "only") == is_holiday


class Hours(Struct, frozen=True):
    """When a line is open, or a listener on duty."""

    windows: tuple[Window, ...]
    not_on: tuple[date, ...] = ()
    """Dates on which only the windows of that very date begin."""

    def on(self, day: date, *, is_holiday: bool) -> list[Span]:
        """Give the minutes that begin on a day, counted from its midnight."""
        return [
            (one.start, one.end)
            for one in self.windows
            if one.begins_on(day, is_holiday=is_holiday)
            and (one.on is not None or day not in self.not_on)
        ]

    def week(self, *, of_holidays: bool = False) -> Week:
        """Give a week of these hours, single dates aside.

        It has no public holiday in it, or it has nothing else.
        """
        return Week(joined(self._minutes_of_week(of_holidays=of_holidays)))

    def _minutes_of_week(self, *, of_holidays: bool) -> Iterator[Span]:
        for weekday in EVERY_DAY:
            midnight = weekday * MINUTES_A_DAY
            for one in self.windows:
                if one.in_pattern(weekday, is_holiday=of_holidays):
                    yield from _wrapped(midnight + one.start, midnight + one.end)


def weekly(week: Week) -> Hours:
    """Give the hours that are these minutes each week."""
    return Hours(
        tuple(
            Window(max(start - midnight, 0), min(end - midnight, MINUTES_A_DAY), (weekday,))
            for weekday in EVERY_DAY
            for midnight in [weekday * MINUTES_A_DAY]
            for start, end in week.spans
            if start < midnight + MINUTES_A_DAY and end > midnight
        )
    )


def _wrapped(start: int, end: int) -> list[Span]:
    if end <= MINUTES_A_WEEK:
        return [(start, end)]
    return [(start, MINUTES_A_WEEK), (0, end - MINUTES_A_WEEK)]


AT_ALL_HOURS = Hours((Window(0, MINUTES_A_DAY),))
NO_HOURS = Hours(())
