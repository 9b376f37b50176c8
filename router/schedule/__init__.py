"""Hours in words, what they cover, and whom that puts on duty in a place's calendar."""

from router.schedule.days import Calendar
from router.schedule.holidays import NO_HOLIDAYS, PublicHolidays
from router.schedule.hours import AT_ALL_HOURS, NO_HOURS, Hours, weekly
from router.schedule.shifts import Shifts
from router.schedule.spans import Span, Spans, both, joined, without
from router.schedule.turns import Swap, Turns
from router.schedule.week import ALWAYS, NEVER, Week
from router.schedule.words import parse_hours, parse_week

__all__ = [
    "ALWAYS",
    "AT_ALL_HOURS",
    "NEVER",
    "NO_HOLIDAYS",
    "NO_HOURS",
    "Calendar",
    "Hours",
    "PublicHolidays",
    "Shifts",
    "Span",
    "Spans",
    "Swap",
    "Turns",
    "Week",
    "both",
    "joined",
    "parse_hours",
    "parse_week",
    "weekly",
    "without",
]
