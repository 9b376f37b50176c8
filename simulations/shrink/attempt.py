"""One attempt: a fresh engine takes some events of a trace, and is watched.

An offer's name counts the offers before it, so with some events left out the engine gives other
names. What is known of a leg is therefore told of the offer that the same listener has for the same
call now, and dropped where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import msgspec
from msgspec import Struct

from router.core.commands import AnyCommand, RingListener
from router.core.engine import Engine
from router.core.entry import Entry
from router.core.events import AnyEvent, PbxResynced
from router.core.machine import EventRefused
from simulations.shrink.breakage import Breakage, of_error, of_rules
from simulations.watch import InvariantBroken, Watch

Couple = tuple[str, str]
"""A call and a listener."""


class Attempt(Struct):
    """What became of it."""

    stepped: list[Entry]
    """What the engine took, with the names of its own offers, up to what broke it."""
    couples: dict[str, Couple]
    """Each offer to its call and listener."""
    breakage: Breakage | None = None


def attempt(
    entries: Sequence[Entry],
    snapshot: bytes | None = None,
    couples: Mapping[str, Couple] | None = None,
) -> Attempt:
    """Step events through a fresh engine until something breaks.

    Parameters
    ----------
    entries
        what the engine is told.
    snapshot
        the state it begins with, if it does not begin with none.
    couples
        whose the offers are that the entries name; None where the names are to be taken as they
        are.

    """
    engine = Engine.restore(snapshot) if snapshot is not None else Engine()
    watch = Watch(engine)
    own: dict[Couple, str] = {}
    result = Attempt(
        [], {offer.name: (offer.call, offer.listener) for offer in engine.state.offers.values()}
    )
    for entry in entries:
        event = entry.event if couples is None else _readdressed(entry.event, couples, own)
        if event is None:
            continue
        result.stepped.append(Entry(entry.at, event))
        result.breakage = _breakage(
            partial(_step, engine, watch, Entry(entry.at, event), result, own)
        )
        if result.breakage is not None:
            return result
    result.breakage = _breakage(watch.look_at_all)
    return result


def _breakage(do: Callable[[], None]) -> Breakage | None:
    try:
        do()
    except InvariantBroken as broken:
        return of_rules(broken.args)
    except Exception as error:  # noqa: BLE001 - whatever the engine fails with is what is looked for
        return of_error(error)
    return None


def _step(
    engine: Engine, watch: Watch, entry: Entry, result: Attempt, own: dict[Couple, str]
) -> None:
    said: list[AnyCommand] = []
    with suppress(EventRefused):
        said = engine.step(entry.event, entry.at)
        _learn(entry.event, said, result, own)
    watch.look(entry.event, said)


def _learn(
    event: AnyEvent, said: Sequence[AnyCommand], result: Attempt, own: dict[Couple, str]
) -> None:
    made = [(one.offer, (one.call, one.listener)) for one in said if isinstance(one, RingListener)]
    if isinstance(event, PbxResynced):
        made += [(seen.offer, (seen.call, seen.listener)) for seen in event.offers]
    for offer, couple in made:
        result.couples[offer] = couple
        own[couple] = offer


def _readdressed(
    event: AnyEvent, couples: Mapping[str, Couple], own: Mapping[Couple, str]
) -> AnyEvent | None:
    """Name the offer as it is called now; None where there is no such offer now."""
    if isinstance(event, PbxResynced):
        seen = tuple(
            msgspec.structs.replace(leg, offer=own.get((leg.call, leg.listener), leg.offer))
            for leg in event.offers
        )
        return msgspec.structs.replace(event, offers=seen)
    named = getattr(event, "offer", None)
    couple = couples.get(named) if named is not None else None
    if couple is None:
        return event
    offer = own.get(couple)
    return None if offer is None else msgspec.structs.replace(event, offer=offer)
