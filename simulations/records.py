"""What one simulated run leaves: the only thing that figures and reports are made of.

Times are seconds of the simulation, from 0 at its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from router.core.commands import OfferResult, Outcome
from router.core.policy import Preference
from router.core.promise_commands import PromiseResult
from router.core.promise_events import PromiseOrigin
from simulations.columns import Table


class CallRecord(Struct, frozen=True, gc=False):
    """One call, from its arrival to its end."""

    call: str
    line: str
    person: str
    """Who called: the same word for each try of one person."""
    withheld: bool
    skills: tuple[tuple[str, int], ...]
    """What its line asks for on the first rung, sorted by skill."""
    arrived: float
    ended: float
    outcome: Outcome
    waited_seconds: float
    talked_seconds: float
    listener: str | None
    known_listener: str | None
    """Whom this caller had talked with before, if anybody."""
    offers: int
    events: int = 0
    """What the engine was told of it, from its arrival on."""
    promise: str | None = None
    """With the outcome `promised`: which."""
    help_asked: int = 0
    """How often its listener asked for a senior, or for somebody who is there for shock."""
    escalations: int = 0
    """How often one was brought in."""
    help_waited_seconds: float = 0.0
    """From asking to that, in sum."""
    could_have_known: bool = False
    """The listener whom this caller knew was free as they called, or as they typed the code, was
    somebody whom the line asks for at first, and would have taken the ring within its ceiling."""
    fallback_at: tuple[float, ...] = ()
    """When the dialplan's own group was asked for it, as far as the engine heard."""
    at_last_rung: bool = False
    """It waited on a last rung that rings everybody."""
    phone_left_silent: bool = False
    """It waited there while the phone of somebody who was free did not ring for it."""


Bendings = Mapping[str, Mapping[Preference, int]]
"""Of each line, how often each preference bent so that somebody was asked for its calls."""


KeptBy = Literal["call_back", "ringing_back", "same_call"]
"""By which call a promise was kept: our ring, another call of theirs, or that which it came from,
where they stayed in line or somebody came before they had left."""


class PromiseRecord(Struct, frozen=True, gc=False):
    """One call-back that was owed."""

    promise: str
    line: str
    person: str
    origin: PromiseOrigin
    call: str
    """The call that it came from."""
    noted: float
    not_before: float
    due_by: float
    kept: float | None = None
    """When somebody of ours talked with whom it was owed to."""
    kept_by: KeptBy | None = None
    """None as long as it is not kept, and where nobody can say."""
    attempts: int = 0
    result: PromiseResult = "noted"
    into: str | None = None
    """With `joined`: the promise that it became one with."""


class OfferRecord(Struct, frozen=True, gc=False):
    """One listener rung for one call."""

    offer: str
    call: str
    line: str
    listener: str
    at: float
    ended: float
    result: OfferResult


class ListenerRecord(Struct, frozen=True):
    """One listener over the whole run."""

    name: str
    skills: tuple[tuple[str, int], ...]
    on_duty_seconds: float
    talking_seconds: float
    calls: int


def table_of_calls(records: Iterable[CallRecord] = ()) -> Table[CallRecord]:
    """Give calls a place that has room for millions."""
    return Table(CallRecord, {"call", "person"}, records)


def table_of_offers(records: Iterable[OfferRecord] = ()) -> Table[OfferRecord]:
    """Give offers a place that has room for millions."""
    return Table(OfferRecord, {"offer", "call"}, records)


class RunRecord(Struct, frozen=True):
    """One replication."""

    scenario: str
    seed: int
    simulated_seconds: float
    wall_seconds: float
    events: int
    invariant_violations: int
    calls: Sequence[CallRecord]
    """In the order in which they ended."""
    offers: Sequence[OfferRecord]
    """Likewise."""
    listeners: Sequence[ListenerRecord]
    promises: dict[str, PromiseRecord] = {}
    never_reached: int = 0
    """Attempts that met a trunk that was down: no call of ours, and in no other figure."""
    bendings: Bendings = {}
    ended_early: bool = False
    """Somebody ended the run: calls that were not over then are in no figure."""
