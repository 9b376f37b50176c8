"""Journals that lack a minute, and the states that a daemon would have kept beside them."""

from __future__ import annotations

from collections.abc import Sequence

from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import CallArrived
from router.core.machine import EventRefused
from router.past.journal import Journal, Waymark

AWAY_SECONDS = 60.0


def waymarks(entries: Sequence[Entry], *instants: float, begins: bool = True) -> list[Waymark]:
    """Give the states at these instants, as the daemon kept them, in which nothing was lost."""
    engine, found, asked = Engine(), [], sorted(instants)
    for index, entry in enumerate(entries):
        while asked and entry.at >= asked[0]:
            found.append(Waymark(index, asked.pop(0), engine.snapshot(), begins))
        try:
            engine.step(entry.event, entry.at)
        except EventRefused:
            continue
    return found


def without(journal: Journal, began: float, marks: Sequence[Waymark] = ()) -> Journal:
    """Give a journal that lacks a minute, with these states on the way."""
    entries = journal.entries
    first, last = (sum(entry.at < at for entry in entries) for at in (began, began + AWAY_SECONDS))
    assert last - first > 3
    lost = last - first
    moved = (
        Waymark(one.index - lost if one.index >= last else one.index, one.at, one.state, one.begins)
        for one in marks
    )
    return Journal("a journal", (*entries[:first], *entries[last:]), waymarks=tuple(moved))


def arrival(journal: Journal, after: float) -> float:
    """Give when the first call after an instant came in."""
    return next(
        entry.at
        for entry in journal.entries
        if isinstance(entry.event, CallArrived) and entry.at > after
    )
