"""`decroche explain CALL`: the journal replayed through the engine, with every decision shown."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.table import Table
from rich.text import Text

from router.config import load
from router.core.commands import ReportOffer
from router.core.explain import Decision, Reason
from router.past.asked import expect_id, wanted_since
from router.past.source import journal_of_store
from router.runtime.watched_call import Gap, Report, Story, tell_story

GIVES_WAY: Final = ", after everybody else: calls_per_number others of its number are in line"

WHERE_IT_LACKS: Final = {
    False: "from here on, at the latest, the journal does not tell all: what follows is what the"
    " engine makes of the rest, and may not be what was decided",
    True: "up to here the journal does not tell all; from here on it does again",
}
"""By whether the gap is over."""


async def story_of(config: Path, call: str) -> tuple[Story, ZoneInfo]:
    """Read what the journal knows of a call, also while the daemon runs.

    Raises
    ------
    UnknownCallError, ConfigError, StoreError
        if there is no such call, or the journal cannot be read.

    """
    expect_id(call, "1700000000.17")
    settings = load(config)
    journal = await journal_of_store(settings.store, str(config), wanted_since(call))
    return tell_story(journal, call), settings.time_zone


def show(story: Story, zone: ZoneInfo) -> Group:
    """Make the story readable: a table for each decision, then what came of the offers."""
    parts: list[Text | Table] = []
    moments: list[Gap | Decision] = [*story.gaps, *story.decisions]
    for moment in sorted(moments, key=lambda one: one.at):
        if isinstance(moment, Gap):
            parts.append(Text(f"{_time(moment.at, zone)}: {WHERE_IT_LACKS[moment.is_over]}"))
        else:
            parts += [Text(_heading(moment, zone)), _table(moment)]
    if not story.decisions:
        parts.append(Text(f"call {story.call}: nobody had to be searched for it"))
    return Group(*parts, *(Text(_words(report)) for report in story.reports))


def _heading(decision: Decision, zone: ZoneInfo) -> str:
    asked = ", ".join(f"{skill} {level}" for skill, level in decision.asked.items()) or "anybody"
    return (
        f"call {decision.call}, {_time(decision.at, zone)}, after {decision.waited_seconds:.1f} s, "
        f"rung {decision.rung}: asks for {asked}{GIVES_WAY if decision.gives_way else ''}"
    )


def _time(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="milliseconds")


def _table(decision: Decision) -> Table:
    table = Table("listener", "verdict", "because")
    for reason in decision.reasons:
        style = "bold green" if reason.verdict == "chosen" else ""
        table.add_row(reason.listener, _verdict(reason), reason.detail, style=style)
    return table


def _verdict(reason: Reason) -> str:
    return reason.verdict.replace("_", " ")


def _words(report: Report) -> str:
    if isinstance(report, ReportOffer):
        return f"{report.listener}: {report.result.replace('_', ' ')} ({report.offer})"
    most, least = ("", "") if report.begin_seen else ("at most ", "at least ")
    return (
        f"outcome: {report.outcome}, waited {most}{report.waited_seconds:.1f} s, "
        f"talked {least}{report.talked_seconds:.1f} s"
    )
