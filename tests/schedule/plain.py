"""Who is on duty by a clock that is looked at again and again: slow, and easy to believe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

from router.schedule import Hours, PublicHolidays

YEAR = 2026
BEGIN = datetime(YEAR, 1, 1, 12, tzinfo=UTC)
DAYS = 365


class Look(NamedTuple):
    """The clock at an instant.

    It shows the hour twice in which it is set back: what begins in that hour has begun the first
    time, and what ends in it has not ended before the second time.
    """

    at: datetime
    latest_so_far: datetime
    earliest_from_now: datetime
    earliest_from_the_next: datetime

    def is_within(self, start: datetime, end: datetime) -> bool:
        is_over = end <= self.earliest_from_now and end < self.earliest_from_the_next
        return start <= self.latest_so_far and not is_over


@lru_cache(maxsize=8)
def looks(zone: ZoneInfo, every_minutes: int) -> list[Look]:
    count = DAYS * 24 * 60 // every_minutes + 1
    instants = [BEGIN + timedelta(minutes=every_minutes * look) for look in range(count)]
    shown = [at.astimezone(zone).replace(tzinfo=None, fold=0) for at in instants]
    latest = accumulate(shown, max)
    earliest = list(accumulate(reversed(shown), min))[::-1]
    return [Look(*each) for each in zip(instants, latest, earliest, earliest[1:], strict=False)]


def on_duty(
    hours: Hours, zone: ZoneInfo, holidays: PublicHolidays, every_minutes: int
) -> Iterator[datetime]:
    """Give each instant, of those looked at in a year, that the hours cover."""
    begun: dict[date, list[tuple[datetime, datetime]]] = {}
    for day in range(-3, DAYS + 3):
        midnight = datetime.combine(BEGIN.date() + timedelta(days=day), time())
        begun[midnight.date()] = [
            (midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))
            for start, end in hours.on(midnight.date(), is_holiday=midnight.date() in holidays)
        ]
    today, near = date.min, begun[BEGIN.date()]
    for look in looks(zone, every_minutes):
        if look.latest_so_far.date() != today:
            today = look.latest_so_far.date()
            near = [*begun[today], *begun[today - timedelta(days=1)]]
        if any(look.is_within(start, end) for start, end in near):
            yield look.at
