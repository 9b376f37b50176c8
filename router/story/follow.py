"""Follows one call through the journal, and all that is linked with it.

Linked are the offers made for it, the promise that came of it, the calls by which that was kept or
tried, and who came to help in a talk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from router.core import commands, events
from router.core.command import Command
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.event import Event
from router.core.machine import EventRefused
from router.core.promise_commands import ChangeNumber, DialCaller, NotePromise, ReportPromise
from router.core.promise_events import NumberChanged, PbxBooted, PromiseNoted
from router.past.asked import UnknownCallError
from router.past.fit import Fit
from router.past.journal import Journal
from router.past.telling import begin, begun_anew, stretches

NAMING: Final = ("call", "offer", "helper", "promise", "leg", "into")
"""The fields that name a call, a leg or a promise."""

LINKING: Final = (
    commands.RingListener,
    commands.ReportOutcome,
    commands.StartConsult,
    NotePromise,
    ChangeNumber,
    ReportPromise,
    DialCaller,
    events.TalkStarted,
    PromiseNoted,
    NumberChanged,
)
"""What says that those whom it names belong together."""


class Gap(Struct, frozen=True):
    """What happened here is not in the journal, or not as the engine would have done it."""

    is_over: bool = True
    """From here on the journal tells all again; else from here on, at the latest, it does not."""


OF_ALL: Final = (events.EngineStarted, events.PbxLost, events.PbxResynced, PbxBooted, Gap)
"""What concerns every call that is there."""

Thing = Event | Command | Gap


class Moment(Struct, frozen=True):
    """Something that happened, or was decided, and when: an epoch second of the clock."""

    at: float
    thing: Thing
    refused: bool = False
    """The engine held it for impossible, and nothing came of it."""
    misfit: bool = False
    """So it did as it knows nothing of what came before: the journal lacks that."""


class Followed(Struct, frozen=True):
    """One call's part of the journal."""

    asked: str
    began: float
    """When the call arrived, or the first thing that is told."""
    ended: float
    names: frozenset[str]
    """Of the call and of all that is linked with it."""
    moments: tuple[Moment, ...]
    listener_of: dict[str, str]
    """Offer to listener."""


def follow(moments: Sequence[Moment], asked: str) -> Followed:
    """Find what is told of a call, or of the call that an offer or a promise belongs to.

    Raises
    ------
    UnknownCallError
        if nothing is.

    """
    names = _linked(asked, [moment.thing for moment in moments if not moment.misfit])
    own = [moment for moment in moments if names & set(names_in(moment.thing))]
    if not own:
        raise UnknownCallError(
            f"{asked}: not in the journal; expected a call's unique id as the log shows it, such "
            "as 1700000000.17, or the id of an offer or a promise, and not older than "
            "store.journal_days"
        )
    began, ended = own[0].at, own[-1].at
    arrived = (
        moment.thing.arrived for moment in own if isinstance(moment.thing, events.CallArrived)
    )
    listeners = {
        moment.thing.offer: moment.thing.listener
        for moment in own
        if isinstance(moment.thing, commands.RingListener)
    }
    told = tuple(
        moment
        for moment in moments
        if names & set(names_in(moment.thing))
        or (isinstance(moment.thing, OF_ALL) and began <= moment.at <= ended)
    )
    told = (*_gap_still_open(moments, began), *told)
    return Followed(asked, next(arrived, began), ended, frozenset(names), told, listeners)


def _gap_still_open(moments: Sequence[Moment], began: float) -> Iterator[Moment]:
    """Give the gap that a call came in, if it did."""
    gaps = [one.thing for one in moments if isinstance(one.thing, Gap) and one.at < began]
    if gaps and not gaps[-1].is_over:
        yield Moment(began, gaps[-1])


def names_in(thing: Thing) -> Iterator[str]:
    """Give whom something names. A search is named for what it is for, with a slash and a word."""
    if isinstance(thing, events.PbxResynced):
        yield from (seen.call for seen in thing.calls)
        yield from (seen.offer for seen in thing.offers)
        yield from thing.talked
    for field in NAMING:
        name = getattr(thing, field, None)
        if isinstance(name, str):
            yield name.partition("/")[0]


def moments_of(journal: Journal) -> Iterator[Moment]:
    """Tell a journal once more: what happened, and what the engine decided.

    After what does not fit, and up to the next state, only what happened is told: the engine rings
    for one call whom the one that wrote the journal had ringing for another.

    Raises
    ------
    DecrocheError
        if the state that it begins with is of another version.

    """
    engine, told = begin(journal)
    fit, fits = Fit(engine.state), True
    for mark, entries in stretches(told):
        if mark is not None and (anew := begun_anew(engine, mark)) is not None:
            engine = anew
            fit.go_on(engine.state)
            fits = True
            yield Moment(mark.at, Gap())
        for entry in entries:
            for moment in _moments(engine, entry, fit):
                if fits and moment.misfit:
                    fits = False
                    yield Moment(moment.at, Gap(is_over=False))
                if fits or isinstance(moment.thing, Event):
                    yield moment


def _moments(engine: Engine, entry: Entry, fit: Fit) -> Iterator[Moment]:
    event: Any = entry.event
    try:
        said = engine.step(event, entry.at)
    except EventRefused:
        yield Moment(entry.at, event, refused=True, misfit=fit.is_misfit(event))
        return
    except Exception:  # noqa: BLE001 - a bug at one entry must not hide all that came after it
        said = []
    if isinstance(event, events.PbxResynced):
        fit.seen(event)
    if not isinstance(event, events.TimeReached):
        yield Moment(entry.at, event)
    for command in said:
        if isinstance(command, commands.RingListener):
            fit.rung(command)
        yield Moment(entry.at, command)


def _linked(asked: str, things: Sequence[Thing]) -> set[str]:
    """Give all that belongs to what was asked for, over any number of links."""
    beside: dict[str, set[str]] = defaultdict(set)
    doubtful = _rung_for_several(things)
    noted = {thing.promise: thing.call for thing in things if isinstance(thing, PromiseNoted)}
    for thing in things:
        if isinstance(thing, NotePromise) and noted.get(thing.promise, thing.call) != thing.call:
            # It is on disk for another call, and the journal is what happened.
            continue
        if isinstance(thing, LINKING):
            together = set(names_in(thing)) - doubtful
            for name in together:
                beside[name] |= together
    found, fresh = {asked}, {asked}
    while fresh:
        fresh = set().union(*(beside[name] for name in fresh)) - found
        found |= fresh
    return found


def _rung_for_several(things: Iterable[Thing]) -> set[str]:
    """Name the offers that were made for more than one call.

    Where the journal lacks something the engine counts its offers otherwise than the one that
    wrote it, until a state puts it right: then the same names are given once more.
    """
    call_of: dict[str, str] = {}
    return {
        thing.offer
        for thing in things
        if isinstance(thing, commands.RingListener)
        and call_of.setdefault(thing.offer, thing.call) != thing.call
    }
