"""An ordinary week as a set of its minutes, counted from Monday 00:00 on a wall clock."""

from __future__ import annotations

from msgspec import Struct

from router.schedule.spans import Spans, both, joined, without

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = len(DAYS) * MINUTES_A_DAY


class Week(Struct, frozen=True):
    """A set of minutes of the week: sorted spans that neither touch nor overlap."""

    spans: Spans

    def __and__(self, other: Week) -> Week:
        """Minutes that are in both."""
        return Week(both(self.spans, other.spans))

    def __or__(self, other: Week) -> Week:
        """Minutes that are in either."""
        return Week(joined([*self.spans, *other.spans]))

    def __sub__(self, other: Week) -> Week:
        """Minutes of this one that are not in the other."""
        return Week(without(self.spans, other.spans))

    def __str__(self) -> str:
        """Give words such as ``sun 02:00-06:00``; a span over days names both."""
        if self == ALWAYS:
            return "any day at any hour"
        return ", ".join(_span_text(start, end) for start, end in self.spans)


def clock_text(minute: int) -> str:
    """Give a minute of the day as a clock shows it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _span_text(start: int, end: int) -> str:
    first_day, opens = divmod(start, MINUTES_A_DAY)
    last_day, closes = divmod(end, MINUTES_A_DAY)
    if closes == 0:
        last_day, closes = last_day - 1, MINUTES_A_DAY
    until = "" if last_day == first_day else f"{DAYS[last_day]} "
    return f"{DAYS[first_day]} {clock_text(opens)}-{until}{clock_text(closes)}"


ALWAYS = Week(((0, MINUTES_A_WEEK),))
NEVER = Week(())
