"""Who is on duty at an instant, and when that changes next, over both clock changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from router.schedule.week import Week

_WEEK = timedelta(days=7)
_HORIZON = _WEEK + timedelta(days=1)
"""A weekly pattern that changes at all does so within a week and a clock change."""

_Spell = tuple[datetime, datetime]
"""On duty from the first instant up to, and without, the second; both in UTC."""


class Shifts:
    """The listeners' weekly shifts, read on the wall clock of one time zone.

    Where the clock goes back, a time that comes twice begins a shift the first time and ends one
    the second time; where it goes forward, a time that never comes is the instant of the change.
    So two shifts that meet on paper never leave a hole, and nobody comes on twice.
    """

    def __init__(self, weeks: Mapping[str, Week], zone: ZoneInfo) -> None:
        self._weeks = dict(weeks)
        self._zone = zone
        self._monday: date | None = None
        self._spells: dict[str, list[_Spell]] = {}

    @property
    def names(self) -> frozenset[str]:
        """Who has shifts at all, hours or none."""
        return frozenset(self._weeks)

    def on_at(self, at: datetime) -> tuple[str, ...]:
        """Name who is on duty at this aware instant, in the order of the config."""
        return tuple(
            name
            for name, spells in self._spells_around(at).items()
            if any(start <= at < end for start, end in spells)
        )

    def next_change(self, after: datetime) -> datetime | None:
        """Give the first instant later than `after` (aware) when somebody comes on or goes off.

        The answer is in UTC; None where nobody ever does.
        """
        spells = chain.from_iterable(self._spells_around(after).values())
        edges = (edge for edge in chain.from_iterable(spells) if edge > after)
        return min((edge for edge in edges if edge <= after + _HORIZON), default=None)

    def _spells_around(self, at: datetime) -> dict[str, list[_Spell]]:
        """Work the spells out once a week; a look at them is then cheap."""
        today = at.astimezone(self._zone).date()
        monday = today - timedelta(days=today.weekday())
        if monday != self._monday:
            self._monday = monday
            self._spells = {
                name: _joined(_spells(week, monday, self._zone))
                for name, week in self._weeks.items()
            }
        return self._spells


def _spells(week: Week, monday: date, zone: ZoneInfo) -> Iterator[_Spell]:
    """Give the spells from the week before to two weeks after the one of this Monday."""
    for weeks_off in (-1, 0, 1, 2):
        begin = datetime.combine(monday, time()) + weeks_off * _WEEK
        for start, end in week.spans:
            yield (
                _instant(begin + timedelta(minutes=start), zone, fold=0),
                _instant(begin + timedelta(minutes=end), zone, fold=1),
            )


def _joined(spells: Iterable[_Spell]) -> list[_Spell]:
    """Join the spells that meet, and leave out those that last no time."""
    joined: list[_Spell] = []
    for start, end in spells:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def _instant(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if second < first:
        return _clock_change(second, first, zone)
    return second if fold else first


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Halve the time between, where the clock goes forward, until the second is found."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
