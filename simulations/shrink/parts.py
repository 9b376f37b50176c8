"""The parts that a trace is cut along: calls, listeners, stretches of time, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from router.core.entry import Entry
from router.core.events import AnyEvent, PbxResynced, PolicyLoaded
from simulations.shrink.attempt import Couple

STRETCHES = 32
"""Into so many stretches of time a trace is cut: a few halvings, with each event tried later."""


def stretches(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Cut a trace into stretches of time, each with as many events."""
    size = max(1, -(-len(entries) // STRETCHES))
    return [list(entries[start : start + size]) for start in range(0, len(entries), size)]


def calls_in(entries: Sequence[Entry], couples: Mapping[str, Couple]) -> list[str]:
    """Name the calls that a trace tells of, in their order."""
    named = dict.fromkeys(_call_of(entry.event, couples) for entry in entries)
    for entry in entries:
        if isinstance(entry.event, PbxResynced):
            named.update(dict.fromkeys(seen.call for seen in entry.event.calls))
    return [name for name in named if name is not None]


def listeners_in(entries: Sequence[Entry], couples: Mapping[str, Couple]) -> list[str]:
    """Name the listeners that a trace tells of, in their order."""
    named = dict.fromkeys(_listener_of(entry.event, couples) for entry in entries)
    for entry in entries:
        if isinstance(entry.event, PolicyLoaded):
            named.update(dict.fromkeys(entry.event.policy.listeners))
    return [name for name in named if name is not None]


def of_calls(
    entries: Sequence[Entry], couples: Mapping[str, Couple], kept: Sequence[str]
) -> list[Entry]:
    """Leave out all that is told of other calls."""
    names = {*kept, None}
    told = [entry for entry in entries if _call_of(entry.event, couples) in names]
    return [Entry(entry.at, _seeing_calls(entry.event, names)) for entry in told]


def of_listeners(
    entries: Sequence[Entry], couples: Mapping[str, Couple], kept: Sequence[str]
) -> list[Entry]:
    """Leave out all that is told of other listeners, and them in the rules."""
    names = {*kept, None}
    told = [entry for entry in entries if _listener_of(entry.event, couples) in names]
    return [Entry(entry.at, _with_listeners(entry.event, names)) for entry in told]


def _call_of(event: AnyEvent, couples: Mapping[str, Couple]) -> str | None:
    call: str | None = getattr(event, "call", None)
    couple = couples.get(getattr(event, "offer", None) or "")
    return call if call is not None or couple is None else couple[0]


def _listener_of(event: AnyEvent, couples: Mapping[str, Couple]) -> str | None:
    listener: str | None = getattr(event, "listener", None)
    couple = couples.get(getattr(event, "offer", None) or "")
    return listener if listener is not None or couple is None else couple[1]


def _seeing_calls(event: AnyEvent, names: set[str | None]) -> AnyEvent:
    if not isinstance(event, PbxResynced):
        return event
    return replace(
        event,
        calls=tuple(seen for seen in event.calls if seen.call in names),
        offers=tuple(seen for seen in event.offers if seen.call in names),
    )


def _with_listeners(event: AnyEvent, names: set[str | None]) -> AnyEvent:
    if isinstance(event, PolicyLoaded):
        people = event.policy.listeners
        fewer = {name: person for name, person in people.items() if name in names}
        return PolicyLoaded(replace(event.policy, listeners=fewer))
    if isinstance(event, PbxResynced):
        seen = tuple(leg for leg in event.offers if leg.listener in names)
        return replace(event, offers=seen)
    return event
