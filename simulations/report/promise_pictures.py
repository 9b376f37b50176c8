"""The pictures of promises: how they stood through the run, and how late they were kept."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from router.report.numbers import ENGLISH
from simulations.records import RunRecord
from simulations.report import drawing, promise_tallies
from simulations.report.moments import DAY_SECONDS, HOUR_SECONDS

_LATEST_SHOWN_MINUTES = 60.0
"""What was later stands in the last bar: one promise a day late is not to flatten the others."""
_EARLIEST_SHOWN_MINUTES = -60.0
_BAR_MINUTES = 5.0
_FEW_DAYS = 3
"""Up to so many, hours are told apart."""


def standing(records: Sequence[RunRecord]) -> Element:
    """Draw how many promises were open, kept and overdue at each moment of the run."""
    found = promise_tallies.standing(records)
    span_seconds, unit = _unit(found.at_seconds[-1])
    across = [at / span_seconds for at in found.at_seconds]
    with drawing.sheet(4.6, rows=2) as (figure, (above, below)):
        above.step(across, found.kept, where="post", color=drawing.GOOD)
        above.set(title="Promises kept by then")
        below.step(across, found.open, where="post", color=drawing.WARM, label="open")
        below.step(across, found.overdue, where="post", color=drawing.BAD, label="overdue")
        below.set(title="Open, and overdue", xlabel=f"{unit} from the start")
        below.legend(frameon=False, fontsize=10, loc="upper left", borderaxespad=0.0)
        for axes in (above, below):
            axes.title.set_fontsize(11)
            axes.set_ylim(bottom=0)
            _whole_numbers(axes)
        return drawing.inline(figure, "standing", _standing_in_words(found))


def lateness(records: Sequence[RunRecord]) -> Element:
    """Draw how long before or after their due time promises were kept."""
    minutes = promise_tallies.minutes_late(records)
    shown = [min(max(one, _EARLIEST_SHOWN_MINUTES), _LATEST_SHOWN_MINUTES) for one in minutes]
    edges = [_EARLIEST_SHOWN_MINUTES + _BAR_MINUTES * step for step in range(_bars() + 1)]
    with drawing.sheet(3.2) as (figure, (axes,)):
        _, _, bars = axes.hist(shown, bins=edges, color=drawing.BARS)
        for bar, begins in zip(bars, edges, strict=False):  # type: ignore[arg-type]
            if begins >= 0.0:
                bar.set_facecolor(drawing.BAD)
        axes.axvline(0.0, color=drawing.MUTED, linestyle=":", linewidth=0.8)
        axes.set(title="Promises kept", xlabel="minutes before (-) or after the due time")
        axes.title.set_fontsize(11)
        axes.set_xlim(edges[0], edges[-1])
        _whole_numbers(axes)
        late = sum(one > 0.0 for one in minutes)
        alt = f"Of {ENGLISH.count(len(minutes))} promises kept, {ENGLISH.count(late)} were late."
        return drawing.inline(figure, "lateness", alt)


def _bars() -> int:
    return round((_LATEST_SHOWN_MINUTES - _EARLIEST_SHOWN_MINUTES) / _BAR_MINUTES)


def _unit(seconds: float) -> tuple[float, str]:
    return (DAY_SECONDS, "days") if seconds > _FEW_DAYS * DAY_SECONDS else (HOUR_SECONDS, "hours")


def _whole_numbers(axes: Axes) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(lambda number, _: ENGLISH.count(number))


def _standing_in_words(found: promise_tallies.Standing) -> str:
    most, overdue = max(found.open), max(found.overdue)
    return (
        f"Promises through the run: at most {ENGLISH.count(most)} open and"
        f" {ENGLISH.count(overdue)} overdue at a time, {ENGLISH.count(found.kept[-1])} kept by the"
        " end."
    )
