"""What the wallboard shows: counts, waits and states. Nothing in it is a person's.

Instants are epoch seconds of the wall clock.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from router.core.promise import PromiseState

Doing = Literal["searching", "connecting", "fallback", "chosen"]
"""`chosen`: the caller waits for one listener who is busy, and wants no other."""

Step = Literal["ringing", "picked_up", "accepted"]

What = Literal["pbx", "store", "stuck", "nobody", "overdue", "with_seniors"]
"""What is wrong: no link to Asterisk, no journal, a loop that does not turn, nobody on duty for a
line, promises past their time, promises that want a human."""


class Waiting(Struct, frozen=True):
    """A caller who hears nobody yet."""

    call: int
    """Which one it is: their order of coming."""
    line: str
    since: float
    rung: int
    """Counted from 1."""
    rungs: int
    ringing: int
    """Phones that ring for them."""
    doing: Doing
    alone_at: float | None
    """From then on they wait alone, if no phone rings; None: one does, or they wait by choice."""


class Rings(Struct, frozen=True):
    """Phones of one pool that ring for one line, or whose listeners hear of the call."""

    line: str
    pool: str
    step: Step
    phones: int
    since: float
    """That of them which has rung longest."""


class Pool(Struct, frozen=True):
    """Listeners of one pool, counted by what they do."""

    name: str
    free: int
    ringing: int
    talking: int
    resting: int
    """After a talk, or after a ring that they missed."""
    paused: int
    off: int


class Tally(Struct):
    """Calls of a day that have ended, by how; and how many were answered within the target."""

    answered: int = 0
    fallback_answered: int = 0
    left_early: int = 0
    refused: int = 0
    promised: int = 0
    lost: int = 0
    in_time: int = 0
    """Of those answered, also of those whose talk goes on."""
    heard: int = 0
    """Answered, also where the talk goes on."""


class LineNow(Struct, frozen=True):
    """A line at this instant, and its day."""

    name: str
    is_open: bool
    waiting: int
    on_duty: int
    risk: float | None
    """That the next call misses its target; None: not known yet."""
    at_risk: bool
    today: Tally


class Owed(Struct, frozen=True):
    """A promise, at its due time."""

    line: str
    due_by: float
    state: PromiseState


class Promises(Struct, frozen=True):
    """Those that are due first, and how many there are."""

    first: tuple[Owed, ...]
    owed: int


class Trouble(Struct, frozen=True):
    """Something that is wrong, and what is known of it."""

    what: What
    since: float | None = None
    line: str | None = None
    count: int | None = None


class Shown(Struct, frozen=True):
    """All of it."""

    page: str
    """Changes with the page's own files: one that is open reads itself anew."""
    zone: str
    troubles: tuple[Trouble, ...]
    waiting: tuple[Waiting, ...]
    """Those who have waited longest."""
    waiting_in_all: int
    alone_in_all: int
    rings: tuple[Rings, ...]
    ringing_in_all: int
    lines: tuple[LineNow, ...]
    pools: tuple[Pool, ...]
    promises: Promises | None
    """None: nobody is called back here."""
    counted_since: float
    """The day's figures are from then on: from midnight, unless counting began later."""
