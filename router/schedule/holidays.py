"""Public holidays of a country or of a part of it, as the `holidays` library knows them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

_PLACE = re.compile(r"([A-Z]{2})(?:-([A-Za-z0-9]+))?\Z")


class PublicHolidays:
    """The public holidays of a place named like ``FR``, ``FR-57`` or ``FR-974``; of ``none``, none.

    Raises
    ------
    ValueError
        saying what was expected, if there is no such place.

    """

    def __init__(self, place: str) -> None:
        self.place = place
        self._days = None if place == "none" else _days(place)

    def __contains__(self, day: date) -> bool:
        return self._days is not None and day in self._days


def _days(place: str) -> HolidayBase:
    # A tenth of a second, for which no command need wait that reads no config.
    import holidays  # noqa: PLC0415 - see above

    match = _PLACE.match(place)
    # The library has a class for each country, by the name of its code.
    days_of: type[HolidayBase] | None = getattr(holidays, match[1], None) if match else None
    if match is None or days_of is None:
        words = "expected a country like 'FR', a part of one like 'FR-57', or 'none'"
        raise ValueError(f"{words}, got {place[:40]!r}")
    country, part = match.groups()
    if part is not None and part not in days_of.subdivisions:
        known = ", ".join(f"{country}-{one}" for one in days_of.subdivisions if one.isalnum())
        raise ValueError(f"expected {country}, or a part of it that has days of its own ({known})")
    return days_of(subdiv=part)


NO_HOLIDAYS = PublicHolidays("none")
