"""One replication counted: a single pass over its calls and offers, line by line."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict

from msgspec import Struct, field

from simulations.promised import DuePromise, Fate, due_promises, fate_of
from simulations.records import Bendings, CallRecord, ListenerRecord, RunRecord

PICKED_UP = ("answered", "fallback_answered")
NOT_COUNTED = ("left_early", "refused")
CARED_FOR = ("promise_kept", "promise_open")
"""Fates of a promise that are no worse than being answered later."""

Asked = tuple[tuple[str, int], ...]
"""Skills with levels, as a line asks for them at first."""


class OfLine(Struct):
    """The calls of one line, which all ask for the same at first."""

    line: str
    asked: Asked
    outcomes: Counter[str] = field(default_factory=Counter)
    waits_seconds: array[float] = field(default_factory=lambda: array("d"))
    """Of the calls picked up, in no order."""
    people: set[str] = field(default_factory=set)
    """Who called and stayed on the line."""
    reached: set[str] = field(default_factory=set)
    """Who of them spoke with somebody."""
    owed: set[str] = field(default_factory=set)
    """Who of them was called back after a call, or is yet to be."""
    by_known: int = 0
    """Calls that a listener took from somebody who had talked with one before."""
    by_same: int = 0
    """Those of them that the same listener took."""
    by_possible: int = 0
    """Calls that a listener took while the one whom the caller knew could have taken them."""
    by_possible_same: int = 0
    """Those of them that the latter took."""
    at_last_rung: int = 0
    """Calls that waited where everybody is to ring."""
    silent_at_last_rung: int = 0
    """Those of them for which the phone of somebody who was free did not ring."""
    counted: int = 0
    """Calls that neither left early nor were refused."""
    cared_for_calls: int = 0
    """Those of them that were answered, called back, or are yet to be."""
    withheld: int = 0
    """Calls that count whose number never showed."""
    cared_for_withheld: int = 0
    lost_withheld: int = 0
    withheld_people: set[str] = field(default_factory=set)
    events: int = 0
    help_asked: int = 0
    escalations: int = 0
    help_waited_seconds: float = 0.0

    def add(self, call: CallRecord, owed: Fate | None = None) -> None:
        """Count one more call; with the outcome `promised`, what became of the promise."""
        outcome = call.outcome
        self.outcomes[owed if outcome == "promised" and owed is not None else outcome] += 1
        self.events += call.events
        self.help_asked += call.help_asked
        self.escalations += call.escalations
        self.help_waited_seconds += call.help_waited_seconds
        self.at_last_rung += call.at_last_rung
        self.silent_at_last_rung += call.phone_left_silent
        if outcome in NOT_COUNTED:
            return
        if outcome in PICKED_UP:
            self.waits_seconds.append(call.waited_seconds)
            self.reached.add(call.person)
        elif owed in CARED_FOR:
            self.owed.add(call.person)
        self._add_caller(call, is_cared_for=outcome in PICKED_UP or owed in CARED_FOR)
        if call.listener is not None and call.known_listener is not None:
            self.by_known += 1
            self.by_same += call.listener == call.known_listener
            self.by_possible += call.could_have_known
            self.by_possible_same += call.could_have_known and call.listener == call.known_listener

    def _add_caller(self, call: CallRecord, *, is_cared_for: bool) -> None:
        self.people.add(call.person)
        self.counted += 1
        self.cared_for_calls += is_cared_for
        if call.withheld:
            self.withheld_people.add(call.person)
            self.withheld += 1
            self.cared_for_withheld += is_cared_for
            self.lost_withheld += call.outcome == "lost"


class Part(Struct, frozen=True):
    """What one block is about, of one replication."""

    lines: list[OfLine]
    offers: dict[str, Counter[str]]
    """Offers by their result, of each line."""
    bendings: Bendings
    listeners: list[ListenerRecord]
    """Those who are there for these calls."""
    events: int
    promises: list[DuePromise]
    invariant_violations: int | None
    """None: the run broke a rule, and nobody knows with which call."""


def tally(run: RunRecord) -> Part:
    """Count a whole replication."""
    lines: dict[tuple[str, Asked], OfLine] = {}
    for call in run.calls:
        of = call.line, call.skills
        found = lines.get(of)
        if found is None:
            found = lines[of] = OfLine(*of)
        found.add(call, fate_of(call, run))
    offers: dict[str, Counter[str]] = defaultdict(Counter)
    for offer in run.offers:
        offers[offer.line][offer.result] += 1
    return Part(
        lines=list(lines.values()),
        offers=offers,
        bendings=run.bendings,
        listeners=list(run.listeners),
        events=run.events,
        promises=list(due_promises(run)),
        invariant_violations=run.invariant_violations,
    )


def of_line(whole: Part, line: str) -> Part:
    """Keep the calls of one line, and the listeners who have what it asks for at first."""
    lines = [one for one in whole.lines if one.line == line]
    asked = lines[0].asked if lines else ()
    return _narrowed(whole, lines, [one for one in whole.listeners if _serves(one, asked)])


def of_skill(whole: Part, skill: str) -> Part:
    """Keep the calls of the lines that ask for a skill at first, and the listeners who have it."""
    lines = [one for one in whole.lines if skill in dict(one.asked)]
    return _narrowed(whole, lines, [one for one in whole.listeners if skill in dict(one.skills)])


def _serves(listener: ListenerRecord, asked: Asked) -> bool:
    has = dict(listener.skills)
    return all(has.get(skill, 0) >= level for skill, level in asked)


def _narrowed(whole: Part, lines: list[OfLine], listeners: list[ListenerRecord]) -> Part:
    names = {one.line for one in lines}
    return Part(
        lines=lines,
        offers={line: results for line, results in whole.offers.items() if line in names},
        bendings={line: kinds for line, kinds in whole.bendings.items() if line in names},
        listeners=listeners,
        events=sum(one.events for one in lines),
        promises=[one for one in whole.promises if one.line in names],
        invariant_violations=None if whole.invariant_violations else 0,
    )
