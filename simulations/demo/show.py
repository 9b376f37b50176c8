"""The demo's picture in a terminal, and its words where there is none."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.layout import Layout
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from simulations.demo.figures import Figures
from simulations.demo.floor import Floor
from simulations.demo.log_tail import LogLine

LATE_SECONDS = 20.0
"""From here on a wait is shown in red: what the line promises is a voice within seconds."""

LEVEL_STYLES = {"warning": "yellow", "error": "bold red", "critical": "bold red"}


def picture(
    floor: Floor,
    figures: Figures,
    log: Sequence[LogLine],
    team: Sequence[str],
    *,
    wallboard: str,
    lacks: str,
) -> Layout:
    """Draw what is going on."""
    layout = Layout()
    layout.split_column(
        Layout(_head(floor, figures, wallboard, lacks), size=4 if lacks else 3),
        Layout(name="floor", ratio=3),
        Layout(_log(log), name="log", ratio=2),
    )
    layout["floor"].split_row(
        Layout(_waiting(floor), ratio=1), Layout(_listeners(floor, team), ratio=2)
    )
    return layout


def where(wallboard: str) -> str:
    """Say where the same can be seen in a browser."""
    return f"The wallboard: {wallboard}"


def plain_line(floor: Floor, figures: Figures, seconds: float) -> str:
    """Say in one line what is going on."""
    waiting = floor.waiting()
    longest = max((time.monotonic() - call.since for call in waiting), default=0.0)
    return (
        f"{seconds:4.0f} s  {floor.offered} calls, {floor.answered} answered, "
        f"{len(waiting)} waiting (longest {longest:.0f} s), {len(floor.ringing())} ringing, "
        f"{len(floor.talking())} talking, {figures.paused} on a break, "
        f"pickup so far {_share(figures.pickup)}"
    )


def summary(floor: Floor, figures: Figures) -> str:
    """Say what came of all calls."""
    wait = figures.mean_wait_seconds
    return (
        f"summary: {floor.offered} calls, {floor.answered} answered, "
        f"{len(floor.calls)} still on the line, {figures.outcomes.get('lost', 0)} lost, "
        f"{figures.outcomes.get('promised', 0)} to be called back; "
        f"mean wait {'-' if wait is None else f'{wait:.1f} s'}, "
        f"pickup {_share(figures.pickup)}, "
        f"{figures.violations} violations of what must always hold"
    )


def _head(floor: Floor, figures: Figures, wallboard: str, lacks: str) -> Panel:
    wait = figures.mean_wait_seconds
    lost = figures.outcomes.get("lost", 0)
    text = Text.assemble(
        ("decroche", "bold cyan"),
        f"   {floor.offered} calls   {floor.answered} answered   ",
        (f"{lost} lost", "bold red" if lost else "green"),
        "   pickup so far ",
        (_share(figures.pickup), "bold green"),
        f"   mean wait {'-' if wait is None else f'{wait:.1f} s'}   {figures.paused} on a break"
        "   Ctrl-C ends",
        (f"\n{lacks}" if lacks else "", "yellow"),
    )
    return Panel(text, subtitle=where(wallboard), subtitle_align="left")


def _waiting(floor: Floor) -> Panel:
    table = Table(expand=True, box=None)
    for heading in ("line", "waits"):
        table.add_column(heading)
    now = time.monotonic()
    for call in floor.waiting():
        waits = now - call.since
        style = "red" if waits > LATE_SECONDS else "yellow"
        table.add_row(call.line, Text(f"{waits:5.1f} s", style))
    return Panel(table, title="Callers waiting")


def _listeners(floor: Floor, team: Sequence[str]) -> Panel:
    table = Table(expand=True, box=None)
    for heading in ("listener", "is", "line"):
        table.add_column(heading)
    talking = {call.listener: call for call in floor.talking()}
    ringing = {phone.listener: phone for phone in floor.ringing()}
    for name in [*team, *(["fallback"] if "fallback" in talking else [])]:
        if name in talking:
            table.add_row(name, Text("talks", "bold green"), talking[name].line)
        elif name in ringing:
            phone = ringing[name]
            does = "has picked up" if phone.picked_up else "rings"
            call = floor.calls.get(phone.call)
            table.add_row(name, Text(does, "yellow"), call.line if call else "")
        else:
            table.add_row(Text(name, "dim"), Text("-", "dim"), "")
    return Panel(table, title="Listeners")


def _log(lines: Sequence[LogLine]) -> Panel:
    table = Table.grid(padding=(0, 1))
    for line in lines:
        style = LEVEL_STYLES.get(line.level, "")
        table.add_row(line.at, Text(line.message, style), Text(line.about, "dim"))
    return Panel(table, title="The daemon's log")


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
