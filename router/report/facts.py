"""What a journal tells, as the report counts it. Times are epoch seconds of the engine's clock."""

from __future__ import annotations

from msgspec import Struct, field

from router.core.commands import HelpResult, OfferResult, Outcome
from router.core.events import Disposition, Help
from router.core.promise_commands import PromiseResult
from router.core.promise_events import PromiseOrigin


class CallFact(Struct, frozen=True, gc=False):
    """A call that is over."""

    call: str
    line: str
    caller: str | None
    """A keyed hash; None where the number was withheld."""
    arrived: float
    outcome: Outcome
    waited_seconds: float | None
    """None where nobody saw the talk begin."""
    talked_seconds: float
    offers: int
    listener: str | None
    """Who answered; None where nobody did, or somebody of the fallback group."""
    known_listener: str | None
    """With whom this caller had talked last, as far as the journal goes back."""
    promise: str | None


class PromiseFact(Struct):
    """A call-back that was owed."""

    promise: str
    line: str
    origin: PromiseOrigin
    caller: str
    call: str | None
    """The call that it came from."""
    noted: float
    not_before: float
    due_by: float
    by_senior: bool
    kept: float | None = None
    attempts: int = 0
    result: PromiseResult = "noted"
    into: str | None = None
    """With `joined`: the promise that it became one with."""


class TalkFact(Struct, frozen=True, gc=False):
    """A listener in a talk: with a caller, with whom we called back, or to help in one."""

    listener: str
    line: str
    began: float
    ended: float


class RingFact(Struct, frozen=True, gc=False):
    """A listener's phone that was rung."""

    listener: str
    line: str
    at: float
    result: OfferResult


class DutyFact(Struct, frozen=True, gc=False):
    """A listener who is on duty and wants calls."""

    listener: str
    began: float
    ended: float


class HelpFact(Struct, frozen=True, gc=False):
    """A listener who asked for help in a talk."""

    call: str
    line: str
    kind: Help
    result: HelpResult
    at: float
    waited_seconds: float


class DisposedFact(Struct, frozen=True, gc=False):
    """What a listener said a talk had led to."""

    call: str
    line: str
    disposition: Disposition
    orientation: str | None
    at: float


class GapFact(Struct, frozen=True):
    """A span of which the journal does not tell all, or tells what today's engine would not do."""

    began: float
    ended: float
    misfits: int
    """Entries that speak of rings which the engine has not made."""
    cut_calls: int
    """Calls of which no end is known: they are in no figure."""


class Facts(Struct):
    """All that a journal tells."""

    began: float = 0.0
    """When its first entry is of."""
    ended: float = 0.0
    """Up to when it tells everything: when its last entry is of, or later."""
    calls: list[CallFact] = field(default_factory=list)
    open_calls: dict[str, float] = field(default_factory=dict)
    """Those that are not over at its end, with when they arrived."""
    callers: dict[str, str | None] = field(default_factory=dict)
    """Whose each call is, those that are not over too."""
    promises: dict[str, PromiseFact] = field(default_factory=dict)
    talks: list[TalkFact] = field(default_factory=list)
    rings: list[RingFact] = field(default_factory=list)
    duties: list[DutyFact] = field(default_factory=list)
    helps: list[HelpFact] = field(default_factory=list)
    disposed: list[DisposedFact] = field(default_factory=list)
    fallbacks: dict[str, float] = field(default_factory=dict)
    """Calls for which the fallback group was asked, with when that first was."""
    unlinked: list[tuple[float, float]] = field(default_factory=list)
    """Spans in which nothing was heard of Asterisk: from a link lost, or from a daemon's start."""
    gaps: list[GapFact] = field(default_factory=list)
    pools: dict[str, str] = field(default_factory=dict)
    """The pool of each listener who was named."""
    lines: set[str] = field(default_factory=set)
    failed_entries: int = 0
    """Entries at which today's engine fails: what they told is missing."""
