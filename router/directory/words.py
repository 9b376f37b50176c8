"""The directory as listeners read it, in French."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from router.directory.departments import DEPARTMENTS
from router.directory.nearest import Found
from router.directory.shape import DirectoryFile
from router.schedule import AT_ALL_HOURS, Hours
from router.schedule.hours import EVERY_DAY, OnHolidays, Window
from router.schedule.week import MINUTES_A_DAY, clock_text

_DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
_ON_HOLIDAYS: dict[OnHolidays, str] = {
    "too": "",
    "only": " (fériés)",
    "never": " (sauf fériés)",
}


def table_of(found: Sequence[Found], directory: DirectoryFile) -> Table:
    """Lay out what was found, the nearest first."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("Où", "Qui", "Nom", "Téléphone", "Heures", "N°"):
        # Folded, never cut: a listener reads these words out.
        table.add_column(heading, overflow="fold", no_wrap=heading == "Téléphone")
    for entry, away_km in found:
        words = (
            _where(entry.department, away_km),
            directory.kinds[entry.kind],
            entry.name,
            entry.phone,
            hours_text(entry.hours),
            entry.number,
        )
        # As texts: rich would take what stands in brackets for its own mark-up.
        table.add_row(*map(Text, words))
    return table


def hours_text(hours: Hours) -> str:
    """Give hours in French, each window on a line of its own."""
    if hours == AT_ALL_HOURS:
        return "24 h/24"
    return "\n".join([*map(_window_text, hours.windows), *_closures(hours)])


def _where(department: str | None, away_km: float | None) -> str:
    if department is None or away_km is None:
        return "toute la France"
    where = f"{department} {DEPARTMENTS[department].name}"
    return f"{where}, {away_km:.0f} km" if away_km else where


def _window_text(window: Window) -> str:
    clock = f"{clock_text(window.start)}-{clock_text(_end_of_day(window))}"
    if window.on is not None:
        return f"{window.on:%d/%m/%Y} {clock}"
    on_holidays = _ON_HOLIDAYS[window.on_holidays]
    if window.on_holidays == "only" and window.weekdays == EVERY_DAY:
        return f"{clock}{on_holidays}"
    return f"{_days_text(window.weekdays)} {clock}{on_holidays}"


def _end_of_day(window: Window) -> int:
    return window.end - MINUTES_A_DAY if window.end > MINUTES_A_DAY else window.end


def _days_text(weekdays: tuple[int, ...]) -> str:
    first, last = _DAYS[weekdays[0]], _DAYS[weekdays[-1]]
    return first if len(weekdays) == 1 else f"{first}-{last}"


def _closures(hours: Hours) -> Iterator[str]:
    if hours.not_on:
        yield "sauf " + ", ".join(f"{day:%d/%m/%Y}" for day in hours.not_on)
