"""Hours as the config says them: ``mon-fri 08:00-20:00 not holidays``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from router.schedule.hours import EVERY_DAY, Hours, OnHolidays, Window
from router.schedule.week import DAYS, MINUTES_A_DAY, Week

_SHOWN_CHARACTERS = 40
_CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_DAY = "|".join(DAYS)
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_WINDOW = re.compile(
    rf"(?:(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?|(?P<holidays>holidays)|(?P<date>{_DATE}))"
    rf" {_CLOCK}-{_CLOCK}(?P<never> not holidays)?\Z"
)
_NOT_ON = re.compile(rf"not ({_DATE})\Z")


def parse_hours(texts: Sequence[str]) -> Hours:
    """Read hours: what each text says, taken together.

    ``mon-fri 08:00-20:00`` counts on public holidays too, ``mon-fri 08:00-20:00 not holidays``
    does not; ``holidays 10:00-18:00`` counts on them alone, whatever day it is. ``2026-12-24
    08:00-14:00`` counts on that date, and ``not 2026-12-31`` has nothing else begin on that one.
    ``fri 22:00-06:00`` ends on Saturday and is Friday's: the day of the beginning decides.

    Raises
    ------
    ValueError
        saying which text is wrong and what was expected.

    """
    away = [match for text in texts if (match := _NOT_ON.match(text))]
    windows = [_window(text) for text in texts if not _NOT_ON.match(text)]
    return Hours(tuple(windows), tuple(_date(match[1], match[0]) for match in away))


def parse_week(texts: Sequence[str]) -> Week:
    """Read hours of an ordinary week: windows that name neither holidays nor dates.

    Raises
    ------
    ValueError
        saying which window is wrong and what was expected.

    """
    for text in texts:
        if "holidays" in text or re.search(_DATE, text):
            raise ValueError(f"expected a window of any week, got {text[:_SHOWN_CHARACTERS]!r}")
    return parse_hours(texts).week()


def _window(text: str) -> Window:
    match = _WINDOW.match(text)
    if match is None or (match["never"] and not match["first"]):
        raise ValueError(
            f"expected a window like 'mon-fri 08:00-20:00', got {text[:_SHOWN_CHARACTERS]!r}"
        )
    start, end = _minute_of_day(match[5]), _minute_of_day(match[6])
    if start in (end, MINUTES_A_DAY):
        raise ValueError(f"expected a window that lasts (a whole day is 00:00-24:00), got {text!r}")
    if end < start:
        end += MINUTES_A_DAY
    if match["date"]:
        return Window(start, end, on=_date(match["date"], text))
    on_holidays: OnHolidays = "too"
    if match["holidays"]:
        on_holidays = "only"
    elif match["never"]:
        on_holidays = "never"
    return Window(start, end, _weekdays(match["first"], match["last"]), on_holidays)


def _weekdays(first: str | None, last: str | None) -> tuple[int, ...]:
    if first is None:
        return EVERY_DAY
    start = DAYS.index(first)
    count = (DAYS.index(last or first) - start) % len(DAYS) + 1
    return tuple((start + step) % len(DAYS) for step in range(count))


def _minute_of_day(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _date(text: str, whole: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"expected a date that there is, got {whole!r}") from None
