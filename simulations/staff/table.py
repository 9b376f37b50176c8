"""The roster that is needed, hour by hour, as a table."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from router.report.numbers import ENGLISH, NOTHING, plain
from simulations.output import Screen
from simulations.staff.hours import HOURS_A_DAY
from simulations.staff.result import StaffedHour, Staffing

WORDS = {
    "met": "",
    "met_by_estimate": "by the share alone: too few calls to show it",
    "missed": "not met by all people; more listeners are no help",
    "out_of_reach": "no number does: the best there is",
    "too_close": "too close to tell: the best there is",
    "no_calls": "",
}


def show(found: Staffing, console: Console | None = None) -> None:
    """Print what was found, and what was taken for granted."""
    console = console or Screen()
    console.print(Text(sentence(found), style="bold"))
    console.print(_table(found))
    span = "day" if len(found.hours) == HOURS_A_DAY else "week"
    console.print(
        f"{found.listener_hours:,} listener-hours a {span}; the groups that give way have"
        f" {found.listener_hours_now:,.0f}",
        highlight=False,
    )
    console.print(Text(_assumptions(found), style="dim"))


def sentence(found: Staffing) -> str:
    """Say in one sentence whether the target can be met."""
    lines = f"{', '.join(map(plain, found.lines))}: {found.target}"
    short = [hour for hour in found.hours if hour.verdict in ("out_of_reach", "too_close")]
    called = sum(hour.verdict != "no_calls" for hour in found.hours)
    if short:
        best = sorted(hour.share.share for hour in short if hour.share is not None)
        return (
            f"{lines} is out of reach in {len(short)} of {called} hours with calls, however many"
            f" listen: at best {ENGLISH.share(best[0])} to {ENGLISH.share(best[-1])} are picked up"
            " in time. What it takes to hear a ring and to answer it stands in the way"
        )
    if not found.whole:
        return f"{lines}: what follows does, and may be more than is needed"
    if any(hour.verdict == "missed" for hour in found.hours):
        return f"{lines} is not met in every hour after all rounds"
    return f"{lines} is met in every hour with calls"


def _table(found: Staffing) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1), pad_edge=False)
    table.add_column("hour", no_wrap=True)
    for heading in ("calls\nan hour", "Erlang\nguess", "needed", "in time", "95 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("like", no_wrap=True)
    table.add_column("")
    for hour in found.hours:
        table.add_row(
            hour.hour,
            f"{hour.calls_an_hour:.2f}",
            str(hour.erlang),
            Text(NOTHING if hour.needed is None else str(hour.needed), style="bold"),
            NOTHING if hour.share is None else ENGLISH.share(hour.share.share),
            _interval(hour),
            plain(hour.like),
            _note(hour),
        )
    return table


def _interval(hour: StaffedHour) -> str:
    if hour.share is None:
        return NOTHING
    return f"{ENGLISH.share(hour.share.low)} to {ENGLISH.share(hour.share.high)}"


def _note(hour: StaffedHour) -> str:
    if hour.verdict == "no_calls" and hour.needed:
        return "stay on for those who still wait"
    return WORDS[hour.verdict]


def _assumptions(found: Staffing) -> str:
    return (
        f"{plain(found.scenario)}, seed {found.seed}, {found.replications} replications a round;"
        " the shares are of other people than those the numbers were found with. A call that is"
        " answered by the fallback counts as picked up. Whoever is talking as their hours end"
        " ends the talk first. Erlang's guess takes a listener for busy from the ring to the end"
        " of the wrap-up, rings that are not heard and their rest included, and the mean time to"
        " answer off the target."
    )
