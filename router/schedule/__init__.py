"""Weekly hours: which minutes of the week they cover, and what that means in a time zone."""

from router.schedule.shifts import Shifts
from router.schedule.week import ALWAYS, NEVER, Week, parse_week

__all__ = ["ALWAYS", "NEVER", "Shifts", "Week", "parse_week"]
