"""Who is on duty at an instant, and when that changes next. A line is on duty while it is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from router.schedule.days import Calendar
from router.schedule.hours import Hours
from router.schedule.spans import Span, Spans, both, joined
from router.schedule.turns import Turns
from router.schedule.week import MINUTES_A_WEEK

_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
_BEYOND = 2 * _DAY
"""So far around the days asked for, windows can reach into them or meet others there."""

LOOK_AHEAD = timedelta(days=400)
"""What comes at all comes once a year, as public holidays do; a rota's turn, sooner."""


class Shifts:
    """The hours of each name, and the turns in which they are on duty besides."""

    def __init__(
        self, hours: Mapping[str, Hours], calendar: Calendar, turns: Sequence[Turns] = ()
    ) -> None:
        self._hours = dict(hours)
        self._calendar = calendar
        self._turns = tuple(turns)
        self._monday: date | None = None
        self._spells: dict[str, Spans] = {}

    @property
    def names(self) -> frozenset[str]:
        """Who has shifts at all, hours or none."""
        return frozenset(self._hours)

    def on_at(self, at: datetime) -> tuple[str, ...]:
        """Name who is on duty at this aware instant, in the order of the config."""
        instant = at.timestamp()
        return tuple(
            name
            for name, spells in self._week_from(self._monday_of(at)).items()
            if any(start <= instant < end for start, end in spells)
        )

    def next_change(self, after: datetime, within: timedelta = LOOK_AHEAD) -> datetime | None:
        """Give the first instant later than `after` (aware) when somebody comes on or goes off.

        The answer is in UTC; None where nobody does `within` this time.
        """
        begin, last = after.timestamp(), (after + within).timestamp()
        monday = self._monday_of(after)
        while monday <= self._calendar.day_of(after + within):
            first = min((at for at in self._edges(monday) if begin < at <= last), default=None)
            if first is not None:
                return datetime.fromtimestamp(first, UTC)
            monday += _WEEK
        return None

    def spells(self, names: Iterable[str], since: datetime, until: datetime) -> Spans:
        """Give when any of these is on duty between two aware instants, in epoch seconds."""
        first, last = self._calendar.day_of(since), self._calendar.day_of(until)
        found = joined(span for name in names for span in self._around(name, first, last))
        return both(found, ((int(since.timestamp()), int(until.timestamp())),))

    def _monday_of(self, at: datetime) -> date:
        day = self._calendar.day_of(at)
        return day - timedelta(days=day.weekday())

    def _edges(self, monday: date) -> Iterator[int]:
        """Give when somebody comes on or goes off in this week."""
        begin, end = self._calendar.span(monday, (0, MINUTES_A_WEEK))
        for spells in self._week_from(monday).values():
            yield from (at for spell in spells for at in spell if begin <= at < end)

    def _week_from(self, monday: date) -> dict[str, Spans]:
        """Work a week out once; a look at it is then cheap."""
        if monday != self._monday:
            self._monday = monday
            self._spells = {
                name: joined(self._around(name, monday, monday + _WEEK)) for name in self._hours
            }
        return self._spells

    def _around(self, name: str, first: date, last: date) -> Iterator[Span]:
        """Give what begins from somewhat before the first of these days to after the last."""
        day = first - _BEYOND
        while day <= last + _BEYOND:
            for minutes in self._minutes_on(name, day):
                yield self._calendar.span(day, minutes)
            day += _DAY

    def _minutes_on(self, name: str, day: date) -> Iterator[Span]:
        is_holiday = self._calendar.is_holiday(day)
        yield from self._hours[name].on(day, is_holiday=is_holiday)
        for turns in self._turns:
            if turns.on_duty(day) == name:
                yield from turns.hours.on(day, is_holiday=is_holiday)
