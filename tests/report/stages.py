"""Journals to report on, made by simulated runs and told by the engine, or made up by hand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo

from router.core.commands import Outcome
from router.core.entry import decode
from router.directory.shape import DirectoryFile
from router.past.journal import Journal
from router.report.facts import CallFact, Facts
from router.report.figures import Figures
from router.report.gather import gather
from router.report.make import make_report
from router.report.model import Report, Row
from router.report.span import Span
from simulations.records import RunRecord
from simulations.run import simulate
from simulations.scenario import load

PARIS = ZoneInfo("Europe/Paris")
UTC = ZoneInfo("UTC")
MONDAY = 1_767_567_600.0
"""2026-01-05 00:00 in Paris."""
HOUR = 3600.0


@cache
def simulated(scenario: str, *changes: str, seed: int = 1) -> tuple[RunRecord, Journal]:
    """Run a scenario: what the simulator itself counts, and the journal of it."""
    trace = BytesIO()
    run = simulate(scenario, load(scenario, changes), seed, trace=trace)
    return run, Journal("a journal", tuple(map(decode, trace.getvalue().splitlines())))


def whole_report(journal: Journal, run: RunRecord, line: str | None = None) -> Report:
    """Report on all of a simulated run."""
    facts = gather(journal, run.simulated_seconds)
    return make_report(facts, Span(0.0, run.simulated_seconds + 1.0, UTC), line=line)


def row(report: Report, section: str, key: str = "total") -> Row:
    found = report.section(section)
    assert found is not None
    return next(one for one in found.rows if one.key == key)


def figures(report: Report, section: str = "total", key: str = "total") -> Figures:
    return row(report, section, key).figures


def call(
    number: int,
    *,
    at: float = MONDAY + 12 * HOUR,
    line: str = "health",
    caller: str | None = "",
    outcome: Outcome = "answered",
    waited: float = 5.0,
    listener: str | None = "anne",
    promise: str | None = None,
) -> CallFact:
    """Make a call up; everybody calls once unless a caller is given."""
    return CallFact(
        call=f"1767567600.{number}",
        line=line,
        caller=f"caller-{number}" if caller == "" else caller,
        arrived=at,
        outcome=outcome,
        waited_seconds=waited,
        talked_seconds=60.0,
        offers=1,
        listener=listener if outcome == "answered" else None,
        known_listener=None,
        promise=promise,
    )


def facts_of(calls: Iterable[CallFact]) -> Facts:
    """Give what a journal of that week tells, with these calls."""
    told = list(calls)
    return Facts(
        began=MONDAY,
        ended=MONDAY + 7 * 24 * HOUR,
        calls=told,
        callers={one.call: one.caller for one in told},
        lines={one.line for one in told} | {"health"},
    )


def week_report(
    facts: Facts, *, line: str | None = None, directory: DirectoryFile | None = None
) -> Report:
    week = Span(MONDAY, MONDAY + 7 * 24 * HOUR, PARIS)
    return make_report(facts, week, line=line, directory=directory)
