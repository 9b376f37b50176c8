"""`decroche explain CALL`: the journal replayed through the engine, with every decision shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Group
from rich.table import Table
from rich.text import Text

from router.ami.parse import BadMessage, as_id
from router.config import load
from router.core.commands import ReportOffer, ReportOutcome
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, CallArrived, CallWaiting
from router.core.explain import Decision, Reason
from router.core.machine import EventRefused
from router.errors import DecrocheError, StoreError
from router.runtime.recovery import engine_from
from router.store.places import store_places
from router.store.stream import read_history

LOOK_BACK_SECONDS = 6 * 3600.0
"""A call's id begins with the second it came in; a caller adopted after an outage may be older."""

Report = ReportOffer | ReportOutcome


class CallUnknownError(DecrocheError):
    """The journal holds no such call."""


class Story:
    """What was decided about a call, and what came of each offer."""

    def __init__(self, call: str, decisions: Sequence[Decision], reports: Sequence[Report]) -> None:
        self.call = call
        self.decisions = decisions
        self.reports = reports


def tell_story(engine: Engine, entries: Iterable[Entry], call: str) -> Story:
    """Replay entries through an engine and watch one call.

    Raises
    ------
    CallUnknownError
        if no entry names it.

    """
    decisions = engine.watch(call)
    reports: list[Report] = []
    seen = call in engine.state.calls
    for entry in entries:
        seen = seen or _names(entry.event, call)
        try:
            commands = engine.step(entry.event, entry.at)
        except EventRefused:
            continue
        reports += [
            one
            for one in commands
            if isinstance(one, ReportOffer | ReportOutcome) and one.call == call
        ]
    if not seen and not decisions:
        raise CallUnknownError(
            f"call {call}: not in the journal; expected the caller's unique id as the log shows it "
            "(`call_ended ... call=1700000000.17`), and not older than store.journal_days"
        )
    return Story(call, decisions, reports)


async def story_of(config: Path, call: str) -> tuple[Story, ZoneInfo]:
    """Read what the journal knows of a call, also while the daemon runs.

    Raises
    ------
    CallUnknownError, ConfigError, StoreError
        if there is no such call, or the journal cannot be read.

    """
    try:
        as_id(call)
    except BadMessage:
        raise CallUnknownError("CALL: expected a unique id such as 1700000000.17") from None
    settings = load(config)
    url = settings.store.redis_url or store_places(settings.store.state_dir).url
    try:
        recovered = await read_history(url, _came_in(call) - LOOK_BACK_SECONDS)
    except StoreError as error:
        hint = "; the embedded store runs as long as the daemon does: start it"
        raise StoreError(f"{error}{'' if settings.store.redis_url else hint}") from error
    story = tell_story(engine_from(recovered.snapshot), recovered.entries, call)
    return story, settings.time_zone


def show(story: Story, zone: ZoneInfo) -> Group:
    """Make the story readable: a table for each decision, then what came of the offers."""
    parts: list[Text | Table] = []
    for decision in story.decisions:
        parts += [Text(_heading(decision, zone)), _table(decision)]
    if not parts:
        parts.append(Text(f"call {story.call}: nobody had to be searched for it"))
    return Group(*parts, *(Text(_words(report)) for report in story.reports))


def _heading(decision: Decision, zone: ZoneInfo) -> str:
    at = datetime.fromtimestamp(decision.at, zone).isoformat(timespec="milliseconds")
    asked = ", ".join(f"{skill} {level}" for skill, level in decision.asked.items()) or "anybody"
    return (
        f"call {decision.call}, {at}, after {decision.waited_seconds:.1f} s, "
        f"rung {decision.rung}: asks for {asked}"
    )


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
    return (
        f"outcome: {report.outcome}, waited {report.waited_seconds:.1f} s, "
        f"talked {report.talked_seconds:.1f} s"
    )


def _names(event: AnyEvent, call: str) -> bool:
    return isinstance(event, CallArrived | CallWaiting) and event.call == call


def _came_in(call: str) -> float:
    """Read the epoch second from a unique id (`[system-]seconds.number`)."""
    second = call.rpartition("-")[2].partition(".")[0]
    return float(second) if second.isdigit() else 0.0
