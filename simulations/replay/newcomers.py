"""Listeners whom the config names and the journal does not: on duty by their shifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from router.config import Settings
from router.core.events import PolicyLoaded
from simulations.replay.past import DutyChange, Past


def newcomers(settings: Settings, past: Past) -> list[str]:
    """Name them, in the order of the config."""
    known = {change.listener for change in past.duties}
    for _, event in past.daemon:
        if isinstance(event, PolicyLoaded):
            known.update(event.policy.listeners)
    return [name for name in settings.listeners if name not in known]


def duties_of(names: list[str], settings: Settings, past: Past) -> Iterator[DutyChange]:
    """Give when they come on and go off, while the journal lasts."""
    shifts = settings.shifts()
    at, end = (datetime.fromtimestamp(epoch, UTC) for epoch in (past.began, past.ended))
    on: set[str] = set()
    while True:
        now_on = set(shifts.on_at(at)).intersection(names)
        for name in names:
            if name in now_on and name not in on:
                yield DutyChange(at.timestamp(), name, "on")
            elif name in on and name not in now_on:
                yield DutyChange(at.timestamp(), name, "off")
        on = now_on
        following = shifts.next_change(at)
        if following is None or following >= end:
            return
        at = following
