"""The coming week's gaps: hours of a line at which nobody who can take its calls is on duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from router.config.cover import covers
from router.config.settings import Settings
from router.schedule import Span, Spans, both, joined, without

AHEAD = timedelta(days=7)
"""Who has to be asked for a shift can be asked in this time."""


def coming_gaps(settings: Settings, since: datetime) -> Iterator[str]:
    """Tell, for the week from an aware instant on, each line's gaps in words.

    Public holidays, single dates and the turns of the rotas are all in it. In a gap the last rung
    still rings everybody there is, and the dialplan's fallback stands behind it.
    """
    since = since.replace(second=0, microsecond=0)
    until = since + AHEAD
    openings = settings.openings()
    for name in settings.lines:
        covered = _covered(name, settings, since, until)
        for start, end in without(openings.spells([name], since, until), covered):
            begins, ends = (datetime.fromtimestamp(at, UTC) for at in (start, end))
            words = f"from {_clock(begins, settings)} to {_clock(ends, settings)}"
            yield f"lines.{name}: nobody who can answer is on duty {words}"


def _covered(name: str, settings: Settings, since: datetime, until: datetime) -> Spans:
    """Give when somebody is on duty whom a rung asks that is there at the time."""
    openings, shifts = settings.openings(), settings.shifts()
    spans: list[Span] = []
    for cover in covers(name, settings.lines[name], settings.listeners):
        on_duty = shifts.spells(cover.able, since, until)
        spans += both(on_duty, openings.spells([cover.key], since, until)) if cover.key else on_duty
    return joined(spans)


def _clock(at: datetime, settings: Settings) -> str:
    return f"{at.astimezone(settings.time_zone):%a %Y-%m-%d %H:%M}".lower()
