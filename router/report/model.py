"""The report, whatever it is shown as: sections of rows of figures.

A figure's name ends in its unit: `_seconds`, `_hours`, `_share` (from 0 to 1). Without one it is a
count, or a rate that names what it is of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from router.report.facts import GapFact
from router.report.figures import Figures
from router.report.hide import is_small, to_hide
from router.report.span import Span

OTHER: Final = "other"
"""The row of all the groups that are too small to have one of their own."""


class Row(Struct, frozen=True):
    """A group, and its figures."""

    key: str
    figures: Figures
    hidden: bool = False
    """It is too small, or would tell of one that is: each figure is None."""


class Section(Struct, frozen=True):
    """Groups that are told apart by one thing."""

    name: str
    rows: tuple[Row, ...]


class Report(Struct, frozen=True):
    """All of it."""

    span: Span
    line: str | None
    """The one line that it is about; None: all."""
    covered: tuple[float, float]
    """From when to when the journal goes; no call before the one, no fate beyond the other."""
    unheard_times: int
    unheard_seconds: float
    failed_entries: int
    gaps: tuple[GapFact, ...]
    """Where the journal does not tell all: the figures of then are not complete."""
    too_few: bool
    """So few have called that nothing is told."""
    sections: tuple[Section, ...]
    names: dict[str, dict[str, str]] = {}
    """Of a section, what its groups are called, where the config or the directory says so."""

    def section(self, name: str) -> Section | None:
        """Give a section; None where it is not told."""
        return next((one for one in self.sections if one.name == name), None)


class Group(Struct, frozen=True):
    """A row before it is known whether it may be shown."""

    people: frozenset[str]
    """Whom it is about: a name each, which is never shown."""
    figures: Figures


def whole(name: str, key: str, group: Group) -> Section:
    """Make a section of one row, which is left out if it is too small."""
    return Section(name, (_row(key, group, hidden=is_small(len(group.people))),))


def parts(name: str, groups: Mapping[str, Group]) -> Section:
    """Make a section of groups that make up a total which is told elsewhere."""
    hidden = to_hide([group.people for group in groups.values()])
    rows = (
        _row(key, group, hidden=place in hidden)
        for place, (key, group) in enumerate(groups.items())
    )
    return Section(name, tuple(rows))


def named_parts(
    name: str, groups: Mapping[str, Group], together: Callable[[Sequence[str]], Group]
) -> Section:
    """Make a section in which even that there is such a group would tell something.

    Those that are left out are one row, which is left out as well if it is too small: `together`
    makes one group of several, by their keys, for somebody may be in more than one.
    """
    ordered = sorted(groups.items(), key=lambda one: (-len(one[1].people), one[0]))
    hidden = to_hide([group.people for _, group in ordered])
    rows = [
        _row(key, group, hidden=False)
        for place, (key, group) in enumerate(ordered)
        if place not in hidden
    ]
    if hidden:
        other = together([ordered[place][0] for place in sorted(hidden)])
        rows.append(_row(OTHER, other, hidden=is_small(len(other.people))))
    return Section(name, tuple(rows))


def _row(key: str, group: Group, *, hidden: bool) -> Row:
    return Row(key, dict.fromkeys(group.figures) if hidden else group.figures, hidden)
