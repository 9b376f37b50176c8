"""Journals to be replayed: made by simulated runs, and read as if a daemon had written them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from router.core.entry import Entry, decode
from router.core.events import PolicyLoaded
from router.core.policy import Policy
from router.past.journal import Journal
from simulations.replay.history import read_past
from simulations.replay.past import Past
from simulations.run import simulate
from simulations.scenario import load

NOBODY_CALLED_BACK = "rules.call_backs=false"
"""A replay knows nothing of call-backs, and so not of the listeners who are busy with them."""

SMALL = str(Path(__file__).with_name("small.toml"))


def trace_of(scenario: str, *changes: str, seed: int = 1) -> bytes:
    trace = BytesIO()
    simulate("scenario", load(scenario, changes), seed, trace=trace)
    return trace.getvalue()


def entries_of(trace: bytes) -> tuple[Entry, ...]:
    return tuple(decode(line) for line in trace.splitlines())


def journal_of(scenario: str, *changes: str, seed: int = 1) -> Journal:
    return Journal("a journal", entries_of(trace_of(scenario, *changes, seed=seed)))


def past_of(journal: Journal) -> Past:
    past, _ = read_past(journal)
    return past


def rules_of(journal: Journal) -> Policy:
    return next(
        entry.event.policy for entry in journal.entries if isinstance(entry.event, PolicyLoaded)
    )
