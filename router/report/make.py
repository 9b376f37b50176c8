"""Makes the report from what a journal tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from msgspec import structs

from router.directory.departments import DEPARTMENTS
from router.directory.shape import DirectoryFile
from router.report import of_calls, of_listeners, of_promises, of_talks
from router.report.facts import (
    CallFact,
    DisposedFact,
    Facts,
    HelpFact,
    PromiseFact,
    RingFact,
    TalkFact,
)
from router.report.figures import Fates
from router.report.hide import are_of_few
from router.report.model import Report, Section
from router.report.span import Span, SpanError

OfLine = TypeVar(
    "OfLine", bound=CallFact | PromiseFact | TalkFact | RingFact | HelpFact | DisposedFact
)

SHOWN_DAYS: Final = "%Y-%m-%d %H:%M"


def make_report(
    facts: Facts,
    span: Span,
    *,
    line: str | None = None,
    directory: DirectoryFile | None = None,
    pools: Mapping[str, str] | None = None,
) -> Report:
    """Count what is in a span.

    Parameters
    ----------
    facts
        what the journal tells.
    span
        calls, promises and talks that began in it are counted.
    line
        count what is of this line alone.
    directory
        what the names of orientations mean; without it they are told by name.
    pools
        what the pools of listeners are called.

    Raises
    ------
    SpanError
        if nothing of the span is in the journal, or the line is in none.

    """
    _expect_some_of(span, facts)
    kept = _of_line(facts, line)
    # A promise of this line may have become one with that of another line.
    fates = Fates(facts.promises, facts.ended)
    calls = [call for call in kept.calls if span.holds(call.arrived)]
    too_few = are_of_few(calls)
    told = () if too_few else _sections(kept, calls, fates, span, directory, of_all=line is None)
    lost = [(began, ended) for began, ended in facts.unlinked if span.shared_seconds(began, ended)]
    return Report(
        span=span,
        line=line,
        covered=(facts.began, facts.ended),
        unheard_times=len(lost),
        unheard_seconds=sum(span.shared_seconds(*one) for one in lost),
        failed_entries=facts.failed_entries,
        gaps=tuple(gap for gap in facts.gaps if span.touches(gap.began, gap.ended)),
        too_few=too_few,
        sections=told,
        names=_names(directory, pools or {}),
    )


def _sections(
    facts: Facts,
    calls: Sequence[CallFact],
    fates: Fates,
    span: Span,
    directory: DirectoryFile | None,
    *,
    of_all: bool,
) -> tuple[Section, ...]:
    observed = structs.replace(
        span, began=max(span.began, facts.began), ended=min(span.ended, facts.ended)
    )
    return (
        of_calls.total(facts, calls, fates, span),
        *of_calls.by_time(calls, fates, observed),
        *([of_calls.by_line(calls, fates, facts.lines)] if of_all else []),
        of_calls.by_number(calls, fates),
        of_calls.returning(calls),
        of_calls.same_listener(calls),
        *of_promises.sections(facts, fates, span),
        *of_talks.orientation(facts, span, directory),
        of_talks.led_to(facts, span),
        of_talks.help_asked(facts, span),
        *of_listeners.sections(facts, span, with_duty=of_all),
    )


def _names(directory: DirectoryFile | None, pools: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {
        "listeners_by_pool": dict(pools),
        "orientation_by_kind": dict(directory.kinds) if directory is not None else {},
        "orientation_by_department": {
            code: f"{code} {department.name}" for code, department in DEPARTMENTS.items()
        },
    }


def _expect_some_of(span: Span, facts: Facts) -> None:
    if span.ended > facts.began and span.began <= facts.ended:
        return
    began, ended = (_told(span.local(at)) for at in (facts.began, facts.ended))
    raise SpanError(
        f"nothing of {_told(span.local(span.began))} to {_told(span.local(span.ended))} is in the "
        f"journal: it goes from {began} to {ended}, and keeps store.journal_days"
    )


def _of_line(facts: Facts, line: str | None) -> Facts:
    if line is None:
        return facts
    if line not in facts.lines:
        known = ", ".join(sorted(facts.lines)) or "none"
        raise SpanError(f"--line {line}: there is no such line; known are {known}")
    return structs.replace(
        facts,
        calls=_only(line, facts.calls),
        promises={one.promise: one for one in _only(line, facts.promises.values())},
        talks=_only(line, facts.talks),
        rings=_only(line, facts.rings),
        helps=_only(line, facts.helps),
        disposed=_only(line, facts.disposed),
        duties=[],
    )


def _only(line: str, told: Iterable[OfLine]) -> list[OfLine]:
    return [one for one in told if one.line == line]


def _told(at: datetime) -> str:
    return at.strftime(SHOWN_DAYS)
