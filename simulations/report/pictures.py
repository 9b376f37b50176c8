"""The pictures of a run with calls. Each says in its alt text what it shows, in figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from statistics import fmean
from xml.etree.ElementTree import Element

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from router.report.numbers import ENGLISH, plain
from simulations.figures import MARKS_SECONDS
from simulations.records import RunRecord
from simulations.report import drawing, tallies
from simulations.report.moments import HOURS_A_DAY

SHOWN_LISTENERS = 40
"""More than so many would be too thin to tell apart: then they are counted in groups instead."""

_LONGEST_WAIT_SECONDS = 90
"""Where the picture of waits ends; the last published mark is at 60 s."""
_SLICES = 24
"""So many groups at most, where listeners are counted in groups."""
_BAR_INCHES = 0.24
_ROOM_FOR_THE_LEGEND = 1.35
_ROUND_STEPS = (1, 2, 5, 10)
_LEAST_LOST_SHOWN = 0.02
"""Where nothing was lost, the axis still goes down to 98 %."""


def day(records: Sequence[RunRecord]) -> Element:
    """Draw waiting, pickup and calls by the hour of the day."""
    hours = tallies.by_hour(records)
    across = range(HOURS_A_DAY)
    with drawing.sheet(5.6, rows=3) as (figure, (waiting, pickup, calls)):
        _waits(waiting, hours)
        shares = [hour.pickup for hour in hours]
        pickup.plot(across, _gaps(shares), color=drawing.GOOD, marker="o", markersize=3.5)
        _cross_out(pickup, shares)
        pickup.set(title="Calls picked up (✕: some were not)")
        pickup.yaxis.set_major_formatter(_percent)
        calls.bar(across, [hour.calls for hour in hours], color=drawing.BARS)
        calls.set(title="Calls", xlabel="hour of the day", xlim=(-0.6, 23.6))
        calls.set_xticks(range(0, HOURS_A_DAY, 3), [f"{hour:02}:00" for hour in across[::3]])
        calls.yaxis.set_major_formatter(_count)
        for axes in (waiting, calls):
            axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        for axes in (waiting, pickup, calls):
            axes.title.set_fontsize(11)
        return drawing.inline(figure, "day", _day_in_words(hours))


def distribution(records: Sequence[RunRecord]) -> Element:
    """Draw the share of calls picked up within each wait, with the published marks."""
    waits = tallies.waits(records)
    grid = [step / 2 for step in range(2 * _LONGEST_WAIT_SECONDS + 1)]
    marks = {seconds: waits.within(seconds) for seconds in MARKS_SECONDS}
    with drawing.sheet(4.6) as (figure, (axes,)):
        axes.step(grid, [waits.within(at) for at in grid], where="post", color=drawing.GOOD)
        axes.plot(list(marks), list(marks.values()), "o", color=drawing.INK, markersize=5)
        for seconds in marks:
            axes.axvline(seconds, color=drawing.MUTED, linestyle=":", linewidth=0.8)
        axes.set(xlim=(0, _LONGEST_WAIT_SECONDS), ylim=(0, 1.05))
        axes.set(xlabel="seconds from the caller's arrival", title="Calls picked up within")
        axes.title.set_fontsize(11)
        axes.set_xticks([0, *MARKS_SECONDS, _LONGEST_WAIT_SECONDS])
        axes.yaxis.set_major_formatter(_percent)
        return drawing.inline(figure, "distribution", _marks_in_words(marks))


def carried(records: Sequence[RunRecord]) -> Element:
    """Draw who carried how many calls."""
    loads = {name: one.calls for name, one in tallies.by_listener(records).items()}
    alt = f"Calls carried by each listener: {_spread(loads, ENGLISH.count)}."
    return _by_listener("carried", "Calls carried", loads, alt, percent=False)


def occupancy(records: Sequence[RunRecord]) -> Element:
    """Draw what share of their time on duty listeners spent talking."""
    loads = {name: one.occupancy for name, one in tallies.by_listener(records).items()}
    alt = f"Share of the time on duty spent talking: {_spread(loads, ENGLISH.share)}."
    return _by_listener("occupancy", "Time on duty spent talking", loads, alt, percent=True)


def _waits(axes: Axes, hours: Sequence[tallies.Hour]) -> None:
    lines = (
        (0.95, "95 of 100 waited less", drawing.WARM, "--^"),
        (0.5, "half waited less", drawing.GOOD, "-o"),
    )
    for share, label, colour, look in lines:
        heights = _gaps([hour.wait_seconds(share) for hour in hours])
        axes.plot(range(len(hours)), heights, look, color=colour, markersize=3.5, label=label)
    axes.set(title="Wait of calls picked up (seconds)")
    axes.set_ylim(0, max(1.0, axes.get_ylim()[1]) * _ROOM_FOR_THE_LEGEND)
    axes.legend(frameon=False, fontsize=10, ncols=2, loc="upper left", borderaxespad=0.0)


def _by_listener(
    name: str, title: str, loads: Mapping[str, float], alt: str, *, percent: bool
) -> Element:
    many = len(loads) > SHOWN_LISTENERS
    height = 3.2 if many else 1.0 + _BAR_INCHES * max(4, len(loads))
    with drawing.sheet(height) as (figure, (axes,)):
        if many:
            _groups(axes, loads.values(), percent=percent)
            axes.set(xlabel=title.lower(), ylabel="listeners")
        else:
            _bars(axes, loads)
        axes.set(title=title)
        axes.title.set_fontsize(11)
        if percent:
            axes.xaxis.set_major_formatter(_percent)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=not percent, steps=_ROUND_STEPS))
        return drawing.inline(figure, name, alt)


def _bars(axes: Axes, loads: Mapping[str, float]) -> None:
    """Draw one bar a listener, the most loaded on top."""
    order = sorted(loads, key=lambda name: loads[name])
    axes.barh(range(len(order)), [loads[name] for name in order], color=drawing.BARS)
    axes.set_yticks(range(len(order)), [_short(name) for name in order], fontsize=9.5)
    axes.grid(visible=False, axis="y")
    axes.margins(y=0.01)
    axes.set_xlim(0, 1.05 * max(loads.values(), default=0) or 1.0)


def _groups(axes: Axes, loads: Collection[float], *, percent: bool) -> None:
    """Draw how many listeners have how much."""
    highest = max(loads)
    if percent:
        whole = highest or 1.0
        edges = [*(part * whole / _SLICES for part in range(_SLICES)), whole]
    else:
        edges = _between_whole_numbers(int(highest))
    axes.hist(list(loads), bins=edges, color=drawing.BARS)
    axes.set_xlim(edges[0], edges[-1])
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(_count)


def _between_whole_numbers(highest: int) -> list[float]:
    """Give edges such that each slice holds as many whole numbers as the next."""
    width = highest // _SLICES + 1
    return [edge - 0.5 for edge in range(0, highest + width + 1, width)]


def _count(number: float, _: object) -> str:
    return ENGLISH.count(number)


def _percent(share: float, _: object) -> str:
    return ENGLISH.share(share)


def _short(name: str) -> str:
    longest = 18
    name = plain(name)
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _cross_out(axes: Axes, shares: Sequence[float | None]) -> None:
    """Mark the hours in which calls were lost, and fit the axis to the worst of them."""
    lost = [(hour, share) for hour, share in enumerate(shares) if share is not None and share < 1]
    if lost:
        hours, heights = zip(*lost, strict=True)
        axes.plot(hours, heights, "X", color=drawing.BAD, markersize=8)
    most_lost = max((1 - share for _, share in lost), default=_LEAST_LOST_SHOWN)
    axes.set_yticks(
        [
            1 - part
            for part in MaxNLocator(3, steps=_ROUND_STEPS).tick_values(0, most_lost)
            if part <= 1
        ]
    )
    axes.set_ylim(1 - 1.25 * most_lost, 1 + 0.25 * most_lost)


def _gaps(values: Sequence[float | None]) -> list[float]:
    """Leave a gap in the line where there is nothing."""
    return [float("nan") if value is None else value for value in values]


def _day_in_words(hours: Sequence[tallies.Hour]) -> str:
    busy = [(hour, at) for at, hour in enumerate(hours) if hour.calls]
    fullest, when = max(busy, key=lambda one: one[0].calls)
    words = "Waiting and pickup by hour of the day. "
    words += f"Most calls, {ENGLISH.count(fullest.calls)}, came from {when:02}:00 on. "
    shares = [(share, at) for hour, at in busy if (share := hour.pickup) is not None]
    least, when = min(shares)
    if least == 1:
        return f"{words}Every call was picked up at every hour."
    return f"{words}The lowest pickup, {ENGLISH.share(least)}, was from {when:02}:00 on."


def _marks_in_words(marks: Mapping[int, float]) -> str:
    said = ", ".join(f"{ENGLISH.share(share)} within {at} s" for at, share in marks.items())
    return f"Share of calls picked up: {said}."


def _spread(loads: Mapping[str, float], write: Callable[[float], str]) -> str:
    if not loads:
        return "there were no listeners"
    least, most = min(loads.values()), max(loads.values())
    return f"from {write(least)} to {write(most)}, {write(fmean(loads.values()))} on average"
