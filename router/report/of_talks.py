"""The sections about what talks led to, and what help listeners asked for in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, get_args

from router.core.events import Disposition, Help
from router.core.promise import LEG_PREFIX
from router.directory.shape import DirectoryFile
from router.report.facts import DisposedFact, Facts, HelpFact
from router.report.figures import Figures
from router.report.hide import is_small
from router.report.model import Group, Section, named_parts, parts
from router.report.quantile import quantile
from router.report.span import Span

DISPOSITIONS: Final[tuple[str, ...]] = get_args(Disposition)
KINDS_OF_HELP: Final[tuple[str, ...]] = get_args(Help)

NATIONAL: Final = "national"
"""What is there for the whole country."""

UNLISTED: Final = "unlisted"
"""What the directory no longer has, or no directory was read."""


def orientation(facts: Facts, span: Span, directory: DirectoryFile | None) -> list[Section]:
    """Tell what callers were directed to, by its kind and by its department."""
    given = [
        one
        for one in facts.disposed
        if span.holds(one.at) and one.disposition == "orientation" and one.orientation is not None
    ]
    entries = directory.entries if directory is not None else {}

    def kind(one: DisposedFact) -> str:
        entry = entries.get(one.orientation or "")
        return entry.kind if entry is not None else UNLISTED

    def department(one: DisposedFact) -> str:
        entry = entries.get(one.orientation or "")
        return UNLISTED if entry is None else entry.department or NATIONAL

    return [
        _by("orientation_by_kind", facts, given, kind),
        _by("orientation_by_department", facts, given, department),
    ]


def led_to(facts: Facts, span: Span) -> Section:
    """Tell what talks led to, as their listeners keyed it. One talk may have led to several."""
    said = [one for one in facts.disposed if span.holds(one.at)]
    groups = {
        what: _talks(facts, [one for one in said if one.disposition == what])
        for what in DISPOSITIONS
    }
    return parts("talks_led_to", groups)


def help_asked(facts: Facts, span: Span) -> Section:
    """Tell the help that listeners asked for in their talks, by its kind."""
    asked = [one for one in facts.helps if span.holds(one.at)]
    return parts(
        "help_asked",
        {kind: _help(facts, [one for one in asked if one.kind == kind]) for kind in KINDS_OF_HELP},
    )


def _by(
    name: str,
    facts: Facts,
    given: Iterable[DisposedFact],
    key: Callable[[DisposedFact], str],
) -> Section:
    groups: dict[str, list[DisposedFact]] = defaultdict(list)
    for one in given:
        groups[key(one)].append(one)
    return named_parts(
        name,
        {key: _talks(facts, found) for key, found in groups.items()},
        lambda keys: _talks(facts, [one for key in keys for one in groups[key]]),
    )


def _talks(facts: Facts, said: Sequence[DisposedFact]) -> Group:
    return Group(_people(facts, said), {"talks": len({one.call for one in said})})


def _help(facts: Facts, asked: Sequence[HelpFact]) -> Group:
    found = [one for one in asked if one.result == "found"]
    told = [] if is_small(len(_people(facts, found))) else found
    waits = sorted(one.waited_seconds for one in told)
    figures: Figures = {
        "help_asked": len(asked),
        "help_found": len(found),
        "help_nobody": sum(one.result == "nobody" for one in asked),
        "help_wait_median_seconds": quantile(waits, 0.5),
    }
    return Group(_people(facts, asked), figures)


def _people(facts: Facts, told: Iterable[DisposedFact | HelpFact]) -> frozenset[str]:
    """Give whose talks these are; each with a withheld number is somebody's own."""
    return frozenset(_caller(facts, one.call) or one.call for one in told)


def _caller(facts: Facts, call: str) -> str | None:
    """Give whose a call is, be it one by which we have called back."""
    if not call.startswith(LEG_PREFIX):
        return facts.callers.get(call)
    promise, _, _ = call.removeprefix(LEG_PREFIX).rpartition("-")
    found = facts.promises.get(promise)
    return found.caller if found is not None else None
