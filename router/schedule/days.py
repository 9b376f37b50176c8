"""A place's calendar: its wall clock, over both clock changes, and its public holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from router.schedule.holidays import NO_HOLIDAYS, PublicHolidays
from router.schedule.spans import Span

WEEKS_OF_A_YEAR: Final = 53


class Calendar:
    """Says which instants the minutes of a day are, in epoch seconds.

    Where the clock goes back, a time that comes twice begins a span the first time and ends one
    the second time; where it goes forward, a time that never comes is the instant of the change.
    So two spans that meet on paper never leave a hole, and none begins twice.
    """

    def __init__(self, zone: ZoneInfo, holidays: PublicHolidays = NO_HOLIDAYS) -> None:
        self.zone = zone
        self._holidays = holidays

    def day_of(self, at: datetime) -> date:
        """Give the date that the wall clock shows at an aware instant."""
        return at.astimezone(self.zone).date()

    def utc_offset_seconds(self, at: datetime) -> float:
        """Give by how much the wall clock is ahead of UTC at an aware instant."""
        offset = at.astimezone(self.zone).utcoffset()
        return offset.total_seconds() if offset is not None else 0.0

    def clock_change(self, after: datetime, within: timedelta) -> datetime | None:
        """Give the instant later than `after` (aware) at which the wall clock is changed.

        The answer is in UTC; None where it is not changed `within` this time, which is to be
        shorter than what lies between two changes.
        """
        before, until = after.astimezone(UTC), after.astimezone(UTC) + within
        if self.utc_offset_seconds(before) == self.utc_offset_seconds(until):
            return None
        return datetime.fromtimestamp(_clock_change(before, until, self.zone), UTC)

    def next_clock_change(self, after: datetime) -> datetime | None:
        """Give the next such instant, in UTC; None where there is none within a year."""
        begin = after.astimezone(UTC)
        looks = (begin + weeks * timedelta(weeks=1) for weeks in range(WEEKS_OF_A_YEAR))
        changes = (self.clock_change(look, timedelta(weeks=1)) for look in looks)
        return next((one for one in changes if one is not None), None)

    def is_holiday(self, day: date) -> bool:
        """Say whether a day is a public holiday."""
        return day in self._holidays

    def span(self, day: date, minutes: Span) -> Span:
        """Give the instants of some minutes, counted from the midnight of a day."""
        start, end = minutes
        return _instant(day, start, self.zone, fold=0), _instant(day, end, self.zone, fold=1)


@lru_cache(maxsize=4096)
def _instant(day: date, minute: int, zone: ZoneInfo, fold: int) -> int:
    # Listeners share their hours: most of what is asked for has been worked out for another one.
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second < first:
        return _clock_change(second, first, zone)
    return int((second if fold else first).timestamp())


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> int:
    """Halve the time between, where the clock changes, until the second is found."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return int(after.timestamp())
