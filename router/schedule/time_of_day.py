"""A time of day that people agree on, as the instant that they mean."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

_KEYED: Final = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])", re.ASCII)


def read_time(keyed: str) -> time:
    """Read a time as it is keyed by phone, `1430`.

    Raises
    ------
    ValueError
        if that is no time of a day.

    """
    match = _KEYED.fullmatch(keyed)
    if match is None:
        raise ValueError("expected four digits, from 0000 to 2359")
    return time(int(match[1]), int(match[2]))


def next_at(at: time, after: datetime, zone: tzinfo) -> datetime:
    """Give the first instant after an aware one at which the clock of a place shows this time.

    A time that comes twice, where the clock goes back, is the earlier one that is still to come;
    one that never comes, where it goes forward, is as long after midnight as on any day.
    """
    day = after.astimezone(zone).date()
    walls = [datetime.combine(day + timedelta(days=ahead), at, zone) for ahead in (0, 1)]
    instants = (wall.replace(fold=fold).astimezone(UTC) for wall in walls for fold in (0, 1))
    return next(instant for instant in instants if instant > after)
